"""Telling superiors of what has become red, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog

from intake109.appeals.news import Setting
from intake109.appeals.terms import ageing as appeals
from intake109.clock import Clock
from intake109.jobs.chores import Chore, every
from intake109.jobs.loop import Threads
from intake109.store import ageing
from intake109.store.database import Database

log = structlog.get_logger(__name__)
_BATCH = 100
_EVERY = timedelta(minutes=1)


class OverdueNews:
    """Reports every appeal that is past its deadline once. What is killed in the middle finds the rest next time.

    Args:
        setting: gives the catalogue and the city's zone as they are at that moment.
    """

    def __init__(self, setting: Callable[[], Setting], database: Database, clock: Clock, threads: Threads) -> None:
        self._setting = setting
        self._database = database
        self._clock = clock
        self._threads = threads

    def chore(self) -> Chore:
        """Return the chore and its times."""
        return Chore("overdue", self.work, every(_EVERY))

    async def work(self) -> None:
        """Tell of all that has become red."""
        await self._threads.run(self.tell)

    def tell(self) -> int:
        """Tell of all that has become red; one transaction each, so that no other writer waits for long."""
        told = 0
        while True:
            with self._database.read() as session:
                found = ageing.untold(session, self._clock.now(), _BATCH)
            for appeal_id in found:
                with self._database.write() as session:
                    told += appeals.report(session, appeal_id, self._setting(), self._clock.now())
            if len(found) < _BATCH:
                break
        if told:
            log.info("overdue told", appeals=told)
        return told
