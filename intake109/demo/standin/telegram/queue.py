"""The queue of updates of one bot, pure: what getUpdates may see and what is forgotten for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from intake109.demo.standin.asked import Json

# Sent only to bots that ask for them by name.
# Source: https://core.telegram.org/bots/api#getupdates, `allowed_updates`.
ONLY_BY_NAME = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class Update:
    """One update waiting to be confirmed; `seq` is its line in the ledger."""

    update_id: int
    at: datetime
    kind: str
    body: Json
    seq: int | None

    def as_json(self) -> Json:
        """Give it as the API shows it."""
        return {"update_id": self.update_id, self.kind: self.body}


class UpdateQueue:
    """Updates in order of their ids."""

    def __init__(self, first_id: int) -> None:
        self._next_id = first_id
        self._waiting: list[Update] = []
        self.allowed: frozenset[str] = frozenset()

    def __len__(self) -> int:
        """Say how many updates wait (`pending_update_count`)."""
        return len(self._waiting)

    def wants(self, kind: str) -> bool:
        """Say whether the bot gets updates of this kind; asked when one is made, not when it is fetched."""
        return kind in self.allowed if self.allowed else kind not in ONLY_BY_NAME

    def push(self, kind: str, body: Json, seq: int | None, now: datetime) -> Update | None:
        """Add an update, or None if the bot did not ask for its kind."""
        if not self.wants(kind):
            return None
        update = Update(self._next_id, now, kind, body, seq)
        self._next_id += 1
        self._waiting.append(update)
        return update

    def first(self, limit: int) -> Sequence[Update]:
        """Give the oldest updates without confirming any."""
        return self._waiting[:limit]

    def confirm(self, offset: int) -> Sequence[Update]:
        """Forget what an offset confirms and say what that was.

        A positive offset confirms everything below it; a negative one keeps only so many from the end; zero
        confirms nothing.
        """
        if offset > 0:
            gone = [update for update in self._waiting if update.update_id < offset]
        elif offset < 0:
            gone = self._waiting[:offset]
        else:
            gone = []
        self._waiting = self._waiting[len(gone) :]
        return gone

    def expire(self, now: datetime, life: timedelta) -> Sequence[Update]:
        """Forget what has waited as long as Telegram keeps it, and say what that was."""
        gone = [update for update in self._waiting if now - update.at >= life]
        self._waiting = [update for update in self._waiting if now - update.at < life]
        return gone

    def clear(self) -> Sequence[Update]:
        """Forget everything (`drop_pending_updates`)."""
        gone, self._waiting = self._waiting, []
        return gone

    def renumber(self, first_id: int) -> None:
        """Go on with other ids, as Telegram does after a week without updates."""
        self._next_id = first_id
