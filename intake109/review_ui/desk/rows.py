"""The lines of the queue, read with a fixed number of queries however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from intake109.queue.times import Urgency, urgency
from intake109.review_ui.desk.storms import StormLine, lines
from intake109.store import attachments, checks, following, people, readers, spells, tasks, together
from intake109.store.tables import AttachmentRow, BlindSpellRow, TaskRow

PAGE = 30
_BEYOND = 2**31
"""What no id and no rank reaches."""
SHELVES = ("queue", "unchecked", "no_appeal", "news", "mine")

_ICONS = {"video": "video", "voice": "voice", "audio": "voice", "document": "file", "sticker": "sticker"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What an inspector chose to look at."""

    shelf: str = "queue"
    channel: str = ""
    language: str = ""
    sphere: str = ""

    @property
    def query(self) -> str:
        """The filters as they stand in an address; empty for the whole queue."""
        chosen = {
            "shelf": self.shelf if self.shelf != "queue" else "",
            "channel": self.channel,
            "language": self.language,
            "sphere": self.sphere,
        }
        return urlencode({key: value for key, value in chosen.items() if value})

    @property
    def is_narrow(self) -> bool:
        return bool(self.channel or self.language or self.sphere)


@dataclass(frozen=True, slots=True)
class Row:
    """One line as the list shows it."""

    task: TaskRow
    thumbnail: str
    files: int
    icon: str
    holder: str
    is_mine: bool
    has_news: bool
    urgency: Urgency
    decider: str
    checker: str
    readers: list[str]
    spell: BlindSpellRow | None
    copies: int
    storm: StormLine | None


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the list; `after` asks for the next one, empty at the end."""

    rows: list[Row]
    after: str


def page(session: Session, filters: Filters, user_id: int, after: str, now: datetime, storm_from: int) -> Page:
    """Return a stretch of a shelf: what is open by urgency, news and unchecked oldest first, own newest first.

    A storm of so many citizens is one line; what is filtered is shown message by message.
    """
    if filters.shelf == "news":
        return Page(rows(session, tasks.with_news(session), user_id, now), "")
    if filters.shelf == "unchecked":
        return _unchecked(session, user_id, after, now)
    if filters.shelf == "mine":
        before = datetime.fromisoformat(after) if after else None
        found = tasks.decided_page(session, PAGE + 1, user_id, before)
        more = found[PAGE - 1].decided_at if len(found) > PAGE else None
        return Page(rows(session, found[:PAGE], user_id, now), more.isoformat() if more else "")
    storms = [] if filters.is_narrow or filters.shelf != "queue" else together.storms(session, storm_from)
    found = tasks.open_page(
        session,
        filters.shelf,
        channel=filters.channel,
        language=filters.language,
        sphere=filters.sphere,
        after=_position(after),
        limit=PAGE + 1,
        only=together.folded(storms),
    )
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(rows(session, found[:PAGE], user_id, now, storms), _cursor(last) if last else "")


def _unchecked(session: Session, user_id: int, after: str, now: datetime) -> Page:
    found = checks.unchecked(session, after=_checked_until(after), limit=PAGE + 1)
    last = found[PAGE - 1] if len(found) > PAGE else None
    cursor = f"{int(last.is_incident)}_{last.decided_at.isoformat()}_{last.id}" if last and last.decided_at else ""
    return Page(rows(session, found[:PAGE], user_id, now), cursor)


def _checked_until(after: str) -> tuple[bool, datetime, int] | None:
    try:
        is_incident, decided_at, task_id = after.split("_")
        return bool(int(is_incident)), datetime.fromisoformat(decided_at), int(task_id)
    except ValueError:
        return None


def rows(
    session: Session, found: Sequence[TaskRow], user_id: int, now: datetime, storms: Sequence[together.Storm] = ()
) -> list[Row]:
    """Return tasks as lines of the list."""
    files = attachments.of_mentions(session, [task.mention_id for task in found]) if found else {}
    names = people.names(session) if found else {}
    reading = readers.of(session, [task.id for task in found if task.id is not None], now)
    shown = {task.id for task in found}
    told = lines(session, [one for one in storms if one.head_id in shown])
    copies = following.count(session, [task.id for task in found if task.id is not None]) if found else {}
    hidden = spells.by_ids(session, {task.blind_spell_id for task in found if task.blind_spell_id is not None})
    return [
        _row(
            task,
            files.get(task.mention_id, []),
            [names.get(one, "") for one in reading.get(task.id or 0, []) if one not in (user_id, task.claimed_by)],
            hidden.get(task.blind_spell_id or 0),
            copies.get(task.id or 0, 0),
            told.get(task.id or 0),
            names,
            user_id,
            now,
        )
        for task in found
    ]


def warn_before(task: TaskRow) -> timedelta:
    """Return how long before the promise a line turns amber: once the target has passed."""
    return task.promise_at - task.target_at


def _row(
    task: TaskRow,
    files: list[AttachmentRow],
    others: list[str],
    spell: BlindSpellRow | None,
    copies: int,
    storm: StormLine | None,
    names: dict[int, str],
    user_id: int,
    now: datetime,
) -> Row:
    is_held = task.claimed_by is not None and task.lease_until is not None and task.lease_until > now
    return Row(
        task=task,
        thumbnail=next((file.sha256 for file in files if file.has_thumbnail), ""),
        files=len(files),
        icon=_ICONS.get(files[0].kind, "image") if files else "",
        holder=names.get(task.claimed_by or 0, "") if is_held and task.decided_at is None else "",
        is_mine=task.claimed_by == user_id,
        has_news=task.news_at is not None and (task.news_seen_at is None or task.news_seen_at < task.news_at),
        urgency=urgency(task.promise_at, now, warn_before(task)),
        decider=names.get(task.decided_by or 0, ""),
        checker=names.get(task.checked_by or 0, ""),
        readers=others,
        spell=spell,
        copies=copies,
        storm=storm,
    )


def _cursor(task: TaskRow) -> str:
    return f"{task.rank}_{task.turn}_{task.id}"


def _position(after: str) -> tuple[int, int, int] | None:
    """Read a cursor; one that makes no sense begins at the top rather than failing."""
    try:
        rank, turn, task_id = (int(one) for one in after.split("_"))
    except ValueError:
        return None
    return (rank, turn, task_id) if max(abs(rank), abs(turn) >> 32, abs(task_id)) < _BEYOND else None
