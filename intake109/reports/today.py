"""The figures of the day that is under way, for the wall: read like those of the report, but for a part of a day.

What happens is compared with the same weekday a week before, up to the same time of day: a Monday morning against a
whole Monday would always look calm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from intake109.clock import city_day
from intake109.reports import cube as cubes
from intake109.reports.figures import Automatic, Kept, Ranked, Rating
from intake109.reports.flow import kept
from intake109.reports.machine import automatic
from intake109.reports.period import Period
from intake109.reports.ranking import areas, services
from intake109.reports.ratings import ratings
from intake109.reports.reading import Rule

_WEEK = timedelta(days=7)
_RATED_DAYS = 30
"""One day is too little to rate anybody by."""


@dataclass(frozen=True, slots=True)
class Today:
    """What is known of today so far. `registered` are numbers given to what was said today."""

    mentions: int
    registered: int
    kept: Kept
    automatic: Automatic
    areas: tuple[Ranked, ...]
    services: tuple[Ranked, ...]


def today(session: Session, zone: ZoneInfo, now: datetime) -> Today:
    """Return the figures of the city's day at `now`."""
    day = city_day(now, zone)
    period = Period(day, day, zone)
    against = (period.begins_at - _WEEK, now - _WEEK)
    cube = cubes.read(session, period, now)
    return Today(
        mentions=cube.count(),
        registered=cube.count(lambda one: one.outcome in ("registered", "automatic", "answered")),
        kept=kept(session, cube, period),
        automatic=automatic(cube),
        areas=areas(session, period, against),
        services=services(session, period, against),
    )


def rated(session: Session, zone: ZoneInfo, rule: Rule, now: datetime) -> tuple[Rating, ...]:
    """Return the executors by what came due in the last thirty days, the best first."""
    day = city_day(now, zone)
    period = Period(day - timedelta(days=_RATED_DAYS - 1), day, zone)
    executors, _ = ratings(session, period, rule.curator_of, now)
    return tuple(one for one in executors if one.due)
