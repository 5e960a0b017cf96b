"""What may be about the same: appeals to attach to, and open tasks to decide together with. Offered, never merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.catalogue.services import Service
from intake109.dedup.problem import Likeness, Problem
from intake109.dedup.whereabouts import Whereabouts, cells_around
from intake109.model import Point
from intake109.queue.rules import Rules
from intake109.store import appeals, neighbourhood
from intake109.store.tables import AppealRow, MentionRow, TaskRow

_MOST = 8
_CERTAIN = {"original": 3.0, "parent": 1.5, "citizen": 0.2, "place": 0.1}
"""Where a reason that is no likeness of the problem stands among those that are."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An appeal and why it is offered: `original`, `parent`, `citizen`, `place`, or `problem` with its likeness.

    `place` is the same house and another problem: worth knowing, seldom worth attaching to.
    """

    appeal: AppealRow
    why: str
    reporters: int
    likeness: Likeness | None = None

    @property
    def is_open(self) -> bool:
        return self.appeal.closed_at is None


@dataclass(frozen=True, slots=True)
class Companion:
    """An open task that may tell of the same problem."""

    task: TaskRow
    likeness: Likeness | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """The problem of an opened task as far as it is known by now: chosen service and address count for certain."""

    task: TaskRow
    mention: MentionRow
    service: str
    where: Whereabouts

    def problem(self, rules: Rules) -> Problem:
        chosen = rules.catalogue.get(self.service)
        guesses = ((chosen, 1.0),) if chosen else _guesses(self.mention, rules)
        return Problem(
            guesses, self.where, self.task.mentioned_at, _point(self.mention.latitude, self.mention.longitude)
        )

    @property
    def keys(self) -> dict[str, Sequence[str]]:
        """What to look for, by column."""
        where = self.where
        keys: dict[str, Sequence[str]] = {
            name: [value]
            for name, value in (
                ("place_key", where.place_key),
                ("street_key", where.street_key),
                ("area_key", where.area_key),
            )
            if value
        }
        return keys | ({"cell": cells_around(where.cell)} if where.cell else {})


def candidates(
    session: Session, sought: Sought, earlier: Sequence[AppealRow], rules: Rules, now: datetime
) -> list[Candidate]:
    """Return the appeals the citizen might be attached to, the likeliest first."""
    mention, mine = sought.mention, sought.problem(rules)
    assert mention.id is not None
    found: list[tuple[AppealRow, str]] = []
    if mention.original_id is not None:
        found += [(one, "original") for one in appeals.of_mention(session, mention.original_id)]
    same_post = appeals.under_parent(session, mention.channel, mention.parent_key, mention.id)
    found += [(one, "parent") for one in same_post]
    near = neighbourhood.appeals_near(session, sought.keys, now - rules.problems.longest())
    found += [(one, "problem") for one in near]
    found += [(one, "citizen") for one in earlier if one.closed_at is None]
    rows = {one.id: one for one, _ in found if one.id is not None and _is_offered(one, sought.task)}
    people = appeals.count_reporters(session, list(rows))
    ranked: list[tuple[float, Candidate]] = []
    for row_id, row in rows.items():
        count = people.get(row_id, 0)
        likeness = rules.problems.compare(mine, of_appeal(row, count, rules))
        why = next((why for one, why in found if one.id == row_id and (why != "problem" or likeness)), "")
        if not why and row.place_key and row.place_key == sought.where.place_key:
            why = "place"
        if why:
            score = max(_CERTAIN.get(why, 0.0), likeness.score if likeness else 0.0)
            ranked.append((score, Candidate(row, why, count, likeness)))
    return [one for _, one in sorted(ranked, key=lambda one: -one[0])[:_MOST]]


def companions(session: Session, sought: Sought, rules: Rules) -> list[Companion]:
    """Return open tasks that may tell of the same problem, the likeliest first."""
    task, mine = sought.task, sought.problem(rules)
    assert task.id is not None
    since = task.mentioned_at - rules.problems.longest()
    found = []
    for near in neighbourhood.open_near(session, sought.keys, since, task.id):
        likeness = rules.problems.compare(mine, _of_task(near, rules))
        if likeness is not None:
            found.append(Companion(near.task, likeness))
    found.sort(key=lambda one: -one.likeness.score if one.likeness else 0.0)
    return found[:_MOST]


def where_of(columns: TaskRow | AppealRow) -> Whereabouts:
    """Return where a task's or an appeal's problem is."""
    return Whereabouts(columns.place_key, columns.street_key, columns.area_key, columns.cell)


def _is_offered(one: AppealRow, task: TaskRow) -> bool:
    return one.id != task.appeal_id and one.annulled_at is None


def of_appeal(row: AppealRow, people: int, rules: Rules) -> Problem:
    """Return what an appeal is about, as a problem to compare."""
    return Problem(
        _one(row.service, rules), where_of(row), row.registered_at, _point(row.latitude, row.longitude), people
    )


def _of_task(near: neighbourhood.Near, rules: Rules) -> Problem:
    task = near.task
    return Problem(_one(task.service, rules), where_of(task), task.mentioned_at, _point(near.latitude, near.longitude))


def _one(code: str, rules: Rules) -> tuple[tuple[Service, float], ...]:
    service = rules.catalogue.known(code)
    return ((service, 1.0),) if service else ()


def _guesses(mention: MentionRow, rules: Rules) -> tuple[tuple[Service, float], ...]:
    told: Sequence[Mapping[str, object]] = mention.verdict.get("services", [])
    known = ((rules.catalogue.get(str(one["code"])), one["probability"]) for one in told)
    return tuple((service, float(str(chance))) for service, chance in known if service is not None)


def _point(latitude: float | None, longitude: float | None) -> Point | None:
    return Point(latitude, longitude) if latitude is not None and longitude is not None else None
