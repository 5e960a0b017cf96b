"""Why decisions came late, and when which channel could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.reports.cube import Cube
from intake109.reports.figures import Blind, Lateness
from intake109.reports.period import Period
from intake109.store.tables import BlindSpellRow, StopRow

Stretch = tuple[datetime, datetime]


def lateness(session: Session, cube: Cube, period: Period, now: datetime) -> Lateness:
    """Return why promises of the period were broken, and the minutes in which something could not be seen."""
    causes: Counter[str] = Counter()
    for one in cube.groups:
        if one.is_promised and one.is_decided and not one.in_promise:
            causes[one.cause] += one.count
    return Lateness(
        collector=causes["collector"],
        desk=causes["desk"] + causes[""],
        system=causes["system"],
        open=cube.promised(lambda one: bool(one.is_overdue)),
        system_minutes=minutes(_stops(session, period, now)),
        blind=_blind(session, cube, period, now),
    )


def minutes(stretches: Iterable[Stretch]) -> int:
    """Return how many minutes stretches cover together; where two lie over each other they count once."""
    covered, reached = timedelta(), None
    for begins_at, ends_at in sorted(stretches):
        start = begins_at if reached is None else max(begins_at, reached)
        if ends_at > start:
            covered += ends_at - start
            reached = ends_at
    return round(covered / timedelta(minutes=1))


def _blind(session: Session, cube: Cube, period: Period, now: datetime) -> tuple[Blind, ...]:
    ended = col(BlindSpellRow.ended_at)
    statement = select(BlindSpellRow.channel, BlindSpellRow.began_at, ended).where(  # type: ignore[call-overload]
        col(BlindSpellRow.began_at) < period.ends_at, or_(ended.is_(None), ended > period.begins_at)
    )
    found: dict[str, list[Stretch]] = {}
    for channel, began_at, ended_at in session.execute(statement):
        found.setdefault(channel, []).append(_cut(began_at, ended_at, period, now))
    return tuple(
        Blind(
            channel,
            minutes(stretches),
            len(stretches),
            cube.count(lambda one, channel=channel: bool(one.was_hidden) and one.channel == channel),  # type: ignore[misc]
        )
        for channel, stretches in sorted(found.items())
    )


def _stops(session: Session, period: Period, now: datetime) -> list[Stretch]:
    statement = select(col(StopRow.began_at), col(StopRow.ended_at)).where(
        col(StopRow.began_at) < period.ends_at, col(StopRow.ended_at) > period.begins_at
    )
    return [_cut(began_at, ended_at, period, now) for began_at, ended_at in session.execute(statement)]


def _cut(began_at: datetime, ended_at: datetime | None, period: Period, now: datetime) -> Stretch:
    return max(began_at, period.begins_at), min(ended_at or now, period.ends_at)
