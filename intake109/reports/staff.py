"""What the inspectors did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.reports.counting import flag, within
from intake109.reports.figures import Share, Staff, Work
from intake109.reports.period import Period
from intake109.store.tables import AppealRow, AuditRow, StepRow, TaskRow, UserRow


@dataclass(slots=True)
class _Tally:
    outcomes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    channels: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    within_promise: int = 0
    missed: int = 0
    misassigned: int = 0


def staff(session: Session, period: Period) -> Staff:
    """Return the inspectors' work by when they decided, busiest first."""
    nobody = _left_to_the_machine(session, period).get(None, 0)
    month = period.month
    return Staff(_work(session, period), _work(session, month), month.first.isoformat(), nobody)


def _work(session: Session, period: Period) -> tuple[Work, ...]:
    tallies: dict[int, _Tally] = defaultdict(_Tally)
    _add_decisions(session, period, tallies)
    for user, count in _left_to_the_machine(session, period).items():
        if user is not None:
            tallies[user].missed += count
    for user, count in _misassigned(session, period):
        tallies[user].misassigned = count
    names = _names(session, tallies)
    work = [_made(user, names.get(user, ""), one) for user, one in tallies.items()]
    return tuple(sorted(work, key=lambda one: (-one.decided, one.name, one.user)))


def _made(user: int, name: str, one: _Tally) -> Work:
    shares = sorted(one.channels.items(), key=lambda item: (-item[1], item[0]))
    return Work(
        user=user,
        name=name,
        decided=sum(one.outcomes.values()),
        registered=one.outcomes["registered"],
        attached=one.outcomes["attached"],
        answered_at_once=one.outcomes["answered"],
        dismissed=one.outcomes["dismissed"],
        within_promise=one.within_promise,
        missed=one.missed,
        misassigned=one.misassigned,
        by_channel=tuple(Share(channel, count) for channel, count in shares),
    )


def _add_decisions(session: Session, period: Period, tallies: dict[int, _Tally]) -> None:
    task = TaskRow
    in_time = flag(col(task.decided_at) < col(task.promise_at)).label("in_time")
    by = (col(task.decided_by), col(task.outcome), col(task.channel), col(task.late_cause), in_time)
    is_persons = within(col(task.decided_at), period) & col(task.decided_by).is_not(None)
    statement = select(*by, func.count()).where(is_persons).group_by(*by)
    for user, outcome, channel, cause, is_in_time, count in session.execute(statement):
        tally = tallies[user or 0]
        tally.outcomes[outcome] += count
        tally.within_promise += count if is_in_time else 0
        tally.missed += count if cause == "desk" else 0
        if outcome == "registered":
            tally.channels[channel] += count


def _left_to_the_machine(session: Session, period: Period) -> dict[int | None, int]:
    """Count what the machine had to register, by who held it then; None: nobody did."""
    holder = col(TaskRow.claimed_by)
    is_machines = within(col(TaskRow.decided_at), period) & (col(TaskRow.outcome) == "automatic")
    statement = select(holder, func.count()).where(is_machines).group_by(holder)
    return {row[0]: row[1] for row in session.execute(statement)}


def _misassigned(session: Session, period: Period) -> list[tuple[int, int]]:
    """Count appeals registered in the period that went to the wrong door: corrected, or returned as not ours."""
    appeal = AppealRow
    was_returned = exists().where(col(StepRow.appeal_id) == col(appeal.id), col(StepRow.after) == "returned")
    was_corrected = exists().where(
        col(AuditRow.subject) == "appeal",
        col(AuditRow.subject_id) == col(appeal.id),
        col(AuditRow.action) == "corrected",
    )
    by = col(appeal.registered_by)
    statement = (
        select(by, func.count())
        .where(within(col(appeal.registered_at), period), by.is_not(None), or_(was_returned, was_corrected))
        .group_by(by)
    )
    return [(user or 0, count) for user, count in session.execute(statement)]


def _names(session: Session, users: Iterable[int]) -> dict[int, str]:
    statement = select(col(UserRow.id), col(UserRow.name)).where(col(UserRow.id).in_(list(users)))
    return {user or 0: name for user, name in session.execute(statement)}
