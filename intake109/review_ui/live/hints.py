"""Reading hints as they become visible, which on PostgreSQL is not the order of their ids.

An id is given out when a hint is written and becomes visible when its transaction commits: a slow one shows its low ids
after quick ones have shown higher. Whoever only looked beyond the highest id seen would never hear of those.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake109.store import changes
from intake109.store.changes import Change

_LONGEST_WRITE = timedelta(seconds=30)
"""A gap that is not filled by then belongs to a transaction that was rolled back."""
_MOST_GAPS = 2000
_BEFORE = 500
"""How far back gaps are looked for when reading begins."""


class Hints:
    """A place in the stream of hints: the highest id seen, and the ids below it that nobody has seen yet."""

    def __init__(self) -> None:
        self.last_id = 0
        self._gaps: dict[int, datetime] = {}

    def begin(self, session: Session, now: datetime) -> None:
        """Take what is visible for told; what is still being written below it is waited for."""
        self._gaps.clear()
        self.last_id = max(0, changes.last_id(session) - _BEFORE)
        while self.fresh(session, now):
            pass

    def fresh(self, session: Session, now: datetime) -> list[Change]:
        """Return hints that have become visible, each once, by id."""
        late = changes.by_ids(session, list(self._gaps)) if self._gaps else []
        newer = changes.since(session, self.last_id)
        for one in late:
            del self._gaps[one.id]
        if newer:
            self._note_gaps({one.id for one in newer}, newer[-1].id, now)
        self._gaps = {hint: at for hint, at in self._gaps.items() if now - at < _LONGEST_WRITE}
        return [*late, *newer]

    def _note_gaps(self, seen: set[int], newest: int, now: datetime) -> None:
        first = max(self.last_id + 1, newest - _MOST_GAPS)
        self._gaps.update((hint, now) for hint in range(first, newest) if hint not in seen)
        self.last_id = newest
