"""A problem that has come back: closed appeals that an opened task may take up again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.dedup.problem import Likeness
from intake109.queue.rules import Rules
from intake109.review_ui.desk.likeness import Candidate, Sought, of_appeal
from intake109.store import appeals, neighbourhood
from intake109.store.tables import AppealRow

_MOST = 2


@dataclass(frozen=True, slots=True)
class Returned:
    """A closed appeal that may be open again; `ago` of the likeness is since its closing."""

    appeal: AppealRow
    likeness: Likeness
    reporters: int


def returned(session: Session, sought: Sought, rules: Rules, now: datetime) -> list[Returned]:
    """Return closed appeals whose problem seems to be back, the likeliest first; none for a task that is decided."""
    if sought.task.decided_at is not None or not sought.keys:
        return []
    mine = sought.problem(rules)
    near = neighbourhood.closed_near(session, sought.keys, now - rules.problems.longest_return())
    near = [row for row in near if row.is_incident or not sought.task.is_incident]
    people = appeals.count_reporters(session, [row.id for row in near if row.id is not None])
    found = []
    for row in near:
        count = people.get(row.id or 0, 0)
        assert row.closed_at is not None
        likeness = rules.problems.returning(mine, of_appeal(row, count, rules), row.closed_at)
        if likeness is not None:
            found.append(Returned(row, likeness, count))
    return sorted(found, key=lambda one: -one.likeness.score)[:_MOST]


def besides(found: list[Candidate], back: list[Returned]) -> list[Candidate]:
    """Return the appeals to attach to, without those that are offered to be taken up again."""
    taken = {one.appeal.id for one in back}
    return [one for one in found if one.appeal.id not in taken]
