"""How the machine did: its own registrations, and what the classifier said against what people chose."""

from __future__ import annotations

from sqlalchemy import BigInteger, cast, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.reports.counting import GIVEN, total, within
from intake109.reports.cube import Cube
from intake109.reports.figures import Automatic, Dismissed, Machine
from intake109.reports.period import Period
from intake109.store.tables import ExampleRow, MentionRow, TaskRow, UserRow

_SAMPLE = 20
_STRIDE, _MODULUS = 48_271, 2_147_483_647
"""Multiplied by the one and divided by the other, ids fall apart as if drawn; the same for whoever looks again.

Source: Park and Miller, "Random number generators: good ones are hard to find", 1988, with the multiplier of 1993.
"""


def automatic(cube: Cube) -> Automatic:
    """Return what became of what the machine registered for mentions of the period."""

    def checked(code: str) -> int:
        return cube.count(lambda one: one.is_machines and one.checked == code)

    return Automatic(
        registered=cube.count(lambda one: one.is_machines),
        confirmed=checked("confirmed"),
        corrected=checked("corrected"),
        attached=checked("attached"),
        annulled=checked("annulled"),
        unchecked=checked(""),
    )


def machine(session: Session, cube: Cube, period: Period) -> Machine:
    """Return how often people chose what the classifier had said, by the decisions of the period."""
    decisions, compared, first, top3, incidents, heard, false = _agreement(session, period)
    return Machine(
        decisions=decisions,
        compared=compared,
        first=first,
        top3=top3,
        incidents=incidents,
        incidents_heard=heard,
        incidents_missed=incidents - heard,
        incidents_false=false,
        shelved=cube.count(lambda one: bool(one.is_shelved)),
        shelved_seen=cube.count(lambda one: bool(one.is_shelved and one.is_decided)),
        shelved_wrong=cube.count(lambda one: bool(one.is_shelved) and one.outcome in (*GIVEN, "attached")),
        sample=_sample(session, period),
    )


def _agreement(session: Session, period: Period) -> tuple[int, ...]:
    example, mention = ExampleRow, MentionRow
    chosen, said = col(example.service), col(example.said)
    has_service = chosen != ""
    guesses = [col(mention.verdict)["services", number, "code"].as_string() for number in range(3)]
    first = said["service"].as_string()
    was_heard = said["is_incident"].as_boolean()
    is_danger = col(example.is_incident).is_(True)
    statement = (
        select(
            func.count(),
            total(has_service),
            total(has_service & (first == chosen)),
            total(has_service & or_(first == chosen, *(one == chosen for one in guesses))),
            total(is_danger),
            total(is_danger & was_heard),
            total(~is_danger & was_heard),
        )
        .select_from(example)
        .join(mention, col(mention.id) == col(example.mention_id))
        .where(within(col(example.decided_at), period), col(example.withdrawn_at).is_(None))
    )
    return tuple(int(one) for one in session.execute(statement).one())


def _sample(session: Session, period: Period) -> tuple[Dismissed, ...]:
    """Draw from what was dismissed in the period."""
    task = TaskRow
    drawn = cast(col(task.id), BigInteger) * _STRIDE % _MODULUS
    statement = (
        select(col(task.id), col(task.channel), col(task.reason), col(UserRow.name))
        .outerjoin(UserRow, col(UserRow.id) == col(task.decided_by))
        .where(within(col(task.decided_at), period), col(task.outcome) == "dismissed")
        .order_by(drawn, col(task.id))
        .limit(_SAMPLE)
    )
    return tuple(
        Dismissed(task_id or 0, channel, reason, by or "")
        for task_id, channel, reason, by in session.execute(statement)
    )
