"""The ladder of the promise: remind, alert, escalate, register. Pure: says what to do `now` and when to look again.

On the task stand the next rung and the moment at which to look at it, which is never later than the rung's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from intake109.config import Promise


class Rung(IntEnum):
    """What happens to a task nobody decides, in this order."""

    REMIND = 0
    ALERT = 1
    ESCALATE = 2
    REGISTER = 3


@dataclass(frozen=True, slots=True)
class Climber:
    """What the ladder knows of an open task. `started_at` is when the citizen's clock began, `rung` the next one."""

    started_at: datetime
    due_at: datetime
    is_incident: bool
    rung: int
    lease_until: datetime | None


@dataclass(frozen=True, slots=True)
class Move:
    """What to do now (`act`, None for nothing), the rung that comes next, and when to look again (None: never)."""

    act: Rung | None
    rung: int
    at: datetime | None


def first_rung(started_at: datetime, promise: Promise, now: datetime, *, is_incident: bool) -> tuple[Rung, datetime]:
    """Return the first rung of a task that is opened now, and when to look: at the earliest of day and night.

    Everybody has just been alerted of an incident, so its escalation comes first; if that is due as well, who would be
    told again has heard it this moment, and only the registration is left to look for.
    """
    if not is_incident:
        ordinary, night = promise.ladder.ordinary, promise.ladder.night
        first = ordinary.alert if ordinary.remind is None else ordinary.remind
        return Rung.REMIND, started_at + timedelta(minutes=min(first, night.alert))
    escalate_at = started_at + timedelta(minutes=promise.ladder.incident.escalate)
    return (Rung.ESCALATE, escalate_at) if now < escalate_at else (Rung.REGISTER, now)


def decide(one: Climber, promise: Promise, now: datetime, *, is_night: bool) -> Move:
    """Say what to do with an open task now.

    Of several rungs that are due only the highest acts: what reached us late, or waited out a stop of the system, is
    told once. While somebody is at work on it (the lease is alive) nobody else is alerted, and the machine waits until
    the grace ends. A rung's moment belongs to it: exactly then it is due.
    """
    marks = _marks(one, promise, is_night=is_night)
    held_until = one.lease_until if one.lease_until is not None and one.lease_until > now else None
    if held_until is not None:
        marks = _patient(marks, one, promise, held_until, now)
    due = [rung for rung, at in marks.items() if rung >= one.rung and at <= now]
    act = max(due, default=None)
    following = one.rung if act is None else act + 1
    at = min((at for rung, at in marks.items() if rung >= following), default=None)
    if one.is_incident and held_until is not None and at is not None:
        at = min(at, held_until)  # danger must not lie silent with somebody who has gone
    if act is Rung.REMIND and held_until is None:
        act = None  # nobody holds it, so there is nobody to remind
    return Move(act, following, at)


def _marks(one: Climber, promise: Promise, *, is_night: bool) -> dict[Rung, datetime]:
    """Return the rungs that apply and their moments."""
    ladder = promise.ladder
    minutes: dict[Rung, int | None]
    if one.is_incident:
        minutes = {Rung.ALERT: 0, Rung.ESCALATE: ladder.incident.escalate}
    elif is_night:
        minutes = {Rung.ALERT: ladder.night.alert, Rung.ESCALATE: ladder.night.escalate}
    else:
        day = ladder.ordinary
        minutes = {Rung.REMIND: day.remind, Rung.ALERT: day.alert, Rung.ESCALATE: day.escalate}
    marks = {rung: one.started_at + timedelta(minutes=at) for rung, at in minutes.items() if at is not None}
    return marks | {Rung.REGISTER: one.due_at}


def _patient(
    marks: dict[Rung, datetime], one: Climber, promise: Promise, held_until: datetime, now: datetime
) -> dict[Rung, datetime]:
    """Put off what must not happen over the head of somebody at work: until the lease ends, within bounds."""
    grace = promise.ladder.incident.grace if one.is_incident else promise.ladder.ordinary.grace
    grace_at = max(one.due_at, one.started_at + timedelta(minutes=grace))
    put_off = dict(marks)
    if marks[Rung.REGISTER] <= now < grace_at:
        put_off[Rung.REGISTER] = min(held_until, grace_at)
    if not one.is_incident and marks[Rung.ALERT] <= now < marks[Rung.ESCALATE]:
        put_off[Rung.ALERT] = min(held_until, marks[Rung.ESCALATE])
    return put_off
