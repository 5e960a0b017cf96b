"""A report by its days: what is sealed is shown as it was sealed, anything else is read now."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from intake109.clock import city_day
from intake109.reports import seal
from intake109.reports.composing import Sealed
from intake109.reports.figures import Figures
from intake109.reports.formats.record import figures_of
from intake109.reports.period import Period
from intake109.reports.reading import Rule, Told, read
from intake109.store import seals

MOST_MISSED_DAYS = 31
"""So many days are sealed at once after a long stop, the latest ones."""


def report(
    session: Session, period: Period, rule: Rule, now: datetime, tell: Told = lambda _: None
) -> tuple[Figures, tuple[Sealed, ...]]:
    """Return the figures of a range, and the links that seal them: only a single day is sealed."""
    if period.days == 1:
        found = sealed(session, period.first.isoformat())
        if found is not None:
            tell(1.0)
            return found
    return read(session, period, rule, now, tell), ()


def sealed(session: Session, day: str) -> tuple[Figures, tuple[Sealed, ...]] | None:
    """Return the figures of a sealed day as its last link has them; None if it is not sealed."""
    links = seals.of_day(session, day)
    return (figures_of(links[-1].content), seal.chain_of(session, day)) if links else None


def yesterday(now: datetime, zone: ZoneInfo) -> date:
    """Return the last day of the city that is over."""
    return city_day(now, zone) - timedelta(days=1)


def unsealed(session: Session, now: datetime, zone: ZoneInfo) -> list[date]:
    """Return the days that are over and wait for their seal: those after the last sealed one, else yesterday."""
    latest, until = seals.last_day(session), yesterday(now, zone)
    if latest is None:
        return [until]
    first = max(date.fromisoformat(latest) + timedelta(days=1), until - timedelta(days=MOST_MISSED_DAYS - 1))
    return [first + timedelta(days=number) for number in range((until - first).days + 1)]
