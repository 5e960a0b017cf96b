"""When an appeal must be done."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_NORM = re.compile(r"(\d+)(h|d|wd)")
_SATURDAY = 5


def deadline(norm: str, registered_at: datetime, zone: ZoneInfo, holidays: frozenset[date] = frozenset()) -> datetime:
    """Return the moment by which a norm is kept.

    `24h` runs round the clock; `15d` ends with the fifteenth day; `5wd` ends with the fifth working day, counted from
    the next working day after registration in the city's zone.

    Raises:
        ValueError: `norm` is none of these forms.
    """
    match = _NORM.fullmatch(norm)
    if not match:
        raise ValueError(f"not a deadline: {norm!r}; write 24h, 15d or 5wd")
    amount, unit = int(match[1]), match[2]
    if unit == "h":
        return registered_at + timedelta(hours=amount)
    day = registered_at.astimezone(zone).date()
    if unit == "d":
        day += timedelta(days=amount)
    else:
        for _ in range(amount):
            day = _next_working_day(day, holidays)
    return datetime.combine(day, time(23, 59, 59), tzinfo=zone).astimezone(registered_at.tzinfo)


def written(moment: datetime, zone: ZoneInfo) -> str:
    """Return a deadline as citizens read it: the day in the city, `07.12.2026`."""
    return moment.astimezone(zone).strftime("%d.%m.%Y")


def _next_working_day(day: date, holidays: frozenset[date]) -> date:
    day += timedelta(days=1)
    while day.weekday() >= _SATURDAY or day in holidays:
        day += timedelta(days=1)
    return day
