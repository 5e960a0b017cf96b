"""The pulse of the loops of one process, by a stopwatch. All of it happens in the event loop."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

LONGEST_STEP = timedelta(minutes=3)
"""What one step of a loop may take; it lasts seconds, and no time-out of a platform or database is longer."""


@dataclass(frozen=True, slots=True)
class _Beat:
    at_s: float
    longest_s: float


class Hearts:
    """When each loop last began a step, and how long that step may take."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._beats: dict[str, _Beat] = {}

    def beat(self, name: str, longest: timedelta = LONGEST_STEP) -> None:
        """Note that a loop begins a step, which may take `longest`."""
        self._beats[name] = _Beat(self._seconds(), longest.total_seconds())

    def stop(self, name: str) -> None:
        """A loop has ended: it is missed no more."""
        self._beats.pop(name, None)

    def hung(self) -> list[str]:
        """Return what has not beaten for longer than it may, by name; exactly as long is not hung yet."""
        now = self._seconds()
        return sorted(name for name, beat in self._beats.items() if now - beat.at_s > beat.longest_s)
