"""A range of days of the city, and the moments it lies between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from intake109.errors import RefusedError

LONGEST_DAYS = 1100
"""Three years and a little: what is asked for by mistake must not keep the machine busy."""
_FIRST_YEAR, _LAST_YEAR = 2000, 2200
"""Anything else is a slip of the finger; the year 1 has no day before its first."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of the city, both ends included."""

    first: date
    last: date
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise RefusedError("period", f"the report ends ({self.last}) before it begins ({self.first})")
        if self.first.year < _FIRST_YEAR or self.last.year > _LAST_YEAR:
            raise RefusedError("period", f"write days between {_FIRST_YEAR} and {_LAST_YEAR}")
        if self.days > LONGEST_DAYS:
            raise RefusedError("period", f"a report covers at most {LONGEST_DAYS} days; ask for fewer")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def begins_at(self) -> datetime:
        """The first moment that belongs to it, in UTC."""
        return midnight(self.first, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The first moment that does not belong to it any more, in UTC."""
        return midnight(self.last + timedelta(days=1), self.zone)

    @property
    def before(self) -> Period:
        """The range of the same length that ends the day before."""
        length = timedelta(days=self.days)
        return Period(self.first - length, self.last - length, self.zone)

    @property
    def month(self) -> Period:
        """The calendar month of its last day, up to that day."""
        return Period(self.last.replace(day=1), self.last, self.zone)

    def each(self) -> list[date]:
        """Return its days."""
        return [self.first + timedelta(days=number) for number in range(self.days)]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment a day of the city begins, in UTC."""
    return datetime.combine(day, time(0), zone).astimezone(UTC)
