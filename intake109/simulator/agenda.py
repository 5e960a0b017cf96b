"""What happens when: discrete events on a clock that is moved from one to the next."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

from intake109.clock import MovedClock
from intake109.simulator.trouble import DiedError

_AGAIN = timedelta(seconds=3)
Act = Callable[[], None]


class Agenda:
    """Acts in order of time; of those at the same moment the first one asked for comes first."""

    def __init__(self, clock: MovedClock) -> None:
        self.clock = clock
        self.died = 0
        self._acts: list[tuple[datetime, int, Act]] = []
        self._order = itertools.count()

    def at(self, moment: datetime, act: Act) -> None:
        """Let something happen at a moment; one that has passed (the clock jumped) means at once."""
        heapq.heappush(self._acts, (moment, next(self._order), act))

    def after(self, seconds: float, act: Act) -> None:
        """Let something happen so many seconds from now."""
        self.at(self.clock.now() + timedelta(seconds=seconds), act)

    def run(self, until: datetime) -> None:
        """Let everything happen up to a moment. Whose process dies does the same again some seconds later."""
        while self._acts and self._acts[0][0] <= until:
            moment, _, act = heapq.heappop(self._acts)
            self.clock.advance(max(timedelta(0), moment - self.clock.now()))
            try:
                act()
            except DiedError:
                self.died += 1
                self.at(self.clock.now() + _AGAIN, act)
        self.clock.advance(max(timedelta(0), until - self.clock.now()))
