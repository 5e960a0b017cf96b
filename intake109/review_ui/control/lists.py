"""The shelves of the control page with their lines, read in a few queries each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from intake109.appeals.terms.ageing import Age, age, day_ends
from intake109.appeals.work import formal
from intake109.store import ageing, answers, appeals, private, shelves, sightings
from intake109.store.tables import AnswerRow, AppealRow, SightingRow

JUDGE = "judge"
SHELVES = (JUDGE, "incidents", "returned", "red", "yellow", "long_term", "waiting", "unheard")
_MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One appeal of a shelf. `until` is the moment its line shows: the deadline, or when it comes back."""

    appeal: AppealRow
    age: Age
    until: datetime
    answer: AnswerRow | None
    sighting: SightingRow | None
    reporters: int

    @property
    def is_likely_formal(self) -> bool:
        return self.answer is not None and formal.is_likely_formal(self.answer.doubts)

    @property
    def is_seen_safe(self) -> bool:
        """Whether the danger was over when it was last looked at in this round."""
        seen = self.sighting
        return seen is not None and seen.is_safe and seen.round == self.appeal.round


def count(session: Session, zone: ZoneInfo, now: datetime) -> dict[str, int]:
    """Return how much lies on each shelf."""
    found = {name: shelves.count(session, which(zone, now)) for name, (which, _) in _SHELVES.items()}
    return {JUDGE: answers.count_unjudged(session)} | found


def lines(session: Session, shelf: str, zone: ZoneInfo, now: datetime) -> list[Line]:
    """Return the lines of a shelf, what is most urgent first."""
    if shelf == JUDGE:
        waiting = answers.unjudged(session, _MOST)
        cases = appeals.by_ids(session, {row.appeal_id for row in waiting})
        rows = list({row.appeal_id: cases[row.appeal_id] for row in waiting}.values())
    else:
        which, first = _SHELVES[shelf]
        rows = shelves.page(session, which(zone, now), first, _MOST)
    ids = [row.id for row in rows if row.id is not None]
    said, seen, people = (
        answers.last_of(session, ids),
        sightings.last_of(session, ids),
        appeals.count_reporters(session, ids),
    )
    return [
        Line(
            row,
            age(row, zone, now),
            _until(row, shelf),
            said.get(row.id or 0),
            seen.get(row.id or 0),
            people.get(row.id or 0, 0),
        )
        for row in rows
    ]


def _until(row: AppealRow, shelf: str) -> datetime:
    aside = {"waiting": row.waiting_until, "long_term": row.shelved_until}.get(shelf)
    return aside or row.deadline_at


_SHELVES: dict[str, tuple[Callable[[ZoneInfo, datetime], ColumnElement[bool]], str]] = {
    "incidents": (lambda _, __: shelves.incidents(), "registered_at"),
    "returned": (lambda _, __: shelves.of_status("returned"), "deadline_at"),
    "red": (lambda _, now: ageing.is_red(now), "deadline_at"),
    "yellow": (lambda zone, now: ageing.is_yellow(now, day_ends(zone, now)), "deadline_at"),
    "long_term": (lambda _, __: shelves.of_status("long_term"), "shelved_until"),
    "waiting": (lambda _, __: shelves.of_status("waiting"), "waiting_until"),
    "unheard": (lambda _, __: private.unheard(), "registered_at"),
}
"""What lies on each shelf, and by which moment it is sorted."""
