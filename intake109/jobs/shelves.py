"""Bringing back what was put aside: the citizen did not answer in time, or the day of the long-term folder has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog

from intake109.appeals.news import Setting
from intake109.appeals.work import shelving
from intake109.clock import Clock
from intake109.jobs.chores import Chore, every
from intake109.jobs.loop import Threads
from intake109.store.database import Database

log = structlog.get_logger(__name__)
_PAUSE = timedelta(minutes=1)
_AT_ONCE = 200


class Shelves:
    """Looks every minute; each appeal comes back in a transaction of its own, so that one cannot hold up the rest."""

    def __init__(self, setting: Callable[[], Setting], database: Database, clock: Clock, threads: Threads) -> None:
        """`setting` gives the catalogue and the calendar as they are at that moment."""
        self._setting = setting
        self._database = database
        self._clock = clock
        self._threads = threads

    def chore(self) -> Chore:
        """Return this as a chore; what became due while the system stood still comes back at once."""
        return Chore("shelves", self.look, every(_PAUSE), at_once=True)

    async def look(self) -> None:
        """Bring back what is due."""
        await self._threads.run(self.bring_back)

    def bring_back(self) -> int:
        """Bring back what is due and return how much it was."""
        now, came_back = self._clock.now(), 0
        with self._database.read() as session:
            due = shelving.due(session, now, _AT_ONCE)
        for appeal_id in due:
            with self._database.write() as session:
                came_back += shelving.bring_back(session, appeal_id, self._setting(), now)
        if came_back:
            log.info("appeals came back", count=came_back)
        return came_back
