"""The only place that reads the machine's clock. Everything else is told `now`."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the present moment, aware, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovedClock:
    """A clock that stands still until it is moved; for tests, replays and simulated days. Safe between threads."""

    def __init__(self, start: datetime) -> None:
        self._now = require_aware(start)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def advance(self, step: timedelta) -> datetime:
        """Move on by `step` (which may be negative: clocks do jump back) and return the new moment."""
        with self._lock:
            self._now += step
            return self._now


def require_aware(moment: datetime) -> datetime:
    """Return `moment` in UTC.

    Raises:
        ValueError: it is naive; which zone was meant cannot be guessed.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {moment!r}")
    return moment.astimezone(UTC)


def city_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day it is in the city at `moment`."""
    return require_aware(moment).astimezone(zone).date()
