"""The ledger: what happened in the demo city, in order, for reconciling with what the product knows.

One entry per thing a citizen did, a public account posted, or the centre sent. The platforms only ever hand out
what stands here, and note here when it was handed out and when the product confirmed that it has it.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from intake109.demo.standin.asked import Json


@dataclass(frozen=True, slots=True)
class Picture:
    """A file as shown in a conversation."""

    number: int
    kind: str
    mime: str
    name: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: what it says and what the platform returns when it is pressed."""

    text: str
    data: str
    kind: str = "callback"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger.

    Attributes:
        direction: from_citizen | to_citizen | public.
        act: what was done (message, comment, tag, edit, …; for the centre's own: the method called).
        citizen: whose conversation this belongs to; None for posts of accounts.
        thread: where: "private", a chat's id, a post's shortcode.
        key: the platform's identity: `chat_id:message_id`, wamid, comment id, shortcode, mid.
        ids: every other id the platform gives it.
        addressed: whether a careful centre must deal with it (False for talk that only passes by).
        refers_to: seq of what it answers, edits, deletes or stands under.
        step: id given by the script, if any.
        ticks: for what the centre sent: sent, delivered, read, failed.
        delivered_at: first time it was handed to the product; a citizen's message without it was never seen.
        confirmed_at: the product said that it has it (next offset, 2xx).
        expired_at: the platform gave up keeping it.
    """

    seq: int
    at: datetime
    direction: str
    channel: str
    act: str
    citizen: str | None = None
    thread: str = "private"
    place: str = ""
    key: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    text: str = ""
    media: tuple[Picture, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    note: str = ""
    addressed: bool = True
    refers_to: int | None = None
    step: str | None = None
    ticks: str = ""
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    deliveries: int = 0
    delivered_at: datetime | None = None
    confirmed_at: datetime | None = None
    expired_at: datetime | None = None

    def as_json(self) -> Json:
        """Give the entry as JSON, moments in ISO 8601."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


class Ledger:
    """Entries by seq. Entries are values: a change puts a new one in the place of the old."""

    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}
        self._by_key: dict[tuple[str, str], int] = {}
        self._by_step: dict[str, int] = {}
        self.version = 0

    def __iter__(self) -> Iterator[Entry]:
        """Walk through all entries in the order they happened."""
        return iter(list(self._entries.values()))

    def write(self, entry: Entry) -> Entry:
        """Add an entry, giving it the next seq."""
        written = replace(entry, seq=len(self._entries) + 1)
        self._keep(written)
        if written.key:
            self._by_key.setdefault((written.channel, written.key), written.seq)
        if written.step:
            self._by_step[written.step] = written.seq
        return written

    def at(self, seq: int) -> Entry:
        """Give the entry with this seq."""
        return self._entries[seq]

    def by_key(self, channel: str, key: str) -> Entry | None:
        """Find by the platform's identity; the first entry with it, not a later edit."""
        seq = self._by_key.get((channel, key))
        return self._entries[seq] if seq else None

    def by_reference(self, channel: str, reference: object) -> Entry | None:
        """Find by what an act refers to: a script's step id, a seq, or a platform key."""
        if isinstance(reference, int):
            return self._entries.get(reference)
        name = str(reference)
        return self._entries[self._by_step[name]] if name in self._by_step else self.by_key(channel, name)

    def delivered(self, seq: int | None, now: datetime) -> None:
        """Note that the product was handed this entry once more."""
        if seq is not None:
            entry = self._entries[seq]
            self._keep(replace(entry, deliveries=entry.deliveries + 1, delivered_at=entry.delivered_at or now))

    def confirmed(self, seq: int | None, now: datetime) -> None:
        """Note that the product confirmed this entry; only the first time counts."""
        if seq is not None and self._entries[seq].confirmed_at is None:
            self._keep(replace(self._entries[seq], confirmed_at=now))

    def expired(self, seq: int | None, now: datetime) -> None:
        """Note that the platform dropped this entry before the product confirmed it."""
        if seq is not None and self._entries[seq].confirmed_at is None:
            self._keep(replace(self._entries[seq], expired_at=now))

    def ticked(self, seq: int, ticks: str) -> None:
        """Note how far a message of the centre got: sent, delivered, read or failed."""
        self._keep(replace(self._entries[seq], ticks=ticks))

    def rewritten(self, seq: int, text: str, now: datetime) -> None:
        """Change the text that the citizen sees from now on."""
        self._keep(replace(self._entries[seq], text=text, edited_at=now))

    def rekeyed(self, seq: int, buttons: tuple[tuple[Button, ...], ...]) -> None:
        """Change the buttons under a message."""
        self._keep(replace(self._entries[seq], buttons=buttons))

    def deleted(self, seq: int, now: datetime) -> None:
        """Note that nobody sees this any more."""
        self._keep(replace(self._entries[seq], deleted_at=now))

    def _keep(self, entry: Entry) -> None:
        self._entries[entry.seq] = entry
        self.version += 1
