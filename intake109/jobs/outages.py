"""Telling those who asked about an outage, a batch at a time, and seeing that an announced end has passed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog

from intake109.clock import Clock
from intake109.jobs.loop import Threads
from intake109.outages import entering, telling
from intake109.queue.rules import Rules
from intake109.store import outages
from intake109.store.database import Database

log = structlog.get_logger(__name__)
_BATCH = 20
_LETTERS = 100
"""How many are owed a letter in one transaction: an outage of a whole district must not hold up the queue."""


class OutageNews:
    """Tells of changes in the order they became final. Of any number of these each change is told by one at a time.

    Args:
        rules: gives the catalogue and the city's zone as they are at that moment.
        letters: how many are owed a letter in one transaction.
    """

    def __init__(
        self, rules: Callable[[], Rules], database: Database, clock: Clock, threads: Threads, letters: int = _LETTERS
    ) -> None:
        self._rules = rules
        self._database = database
        self._clock = clock
        self._threads = threads
        self._letters = letters

    async def step(self) -> bool:
        """Take what is due; True when more may be."""
        return await self._threads.run(self.keep)

    def keep(self) -> bool:
        """Note ends that have passed, then tell the next batch of those who asked; True when more may be due."""
        now = self._clock.now()
        with self._database.read() as session:
            lapsing = outages.lapsing(session, now, _BATCH)
            change_id = outages.to_tell(session, now)
        for outage_id in lapsing:
            with self._database.write() as session:
                desk = entering.Desk(None, self._rules().catalogue, timedelta(0), self._clock.now())
                entering.lapse(session, outage_id, desk)
        if change_id is None:
            return bool(lapsing)
        rules = self._rules()
        with self._database.write() as session:
            told = telling.tell(session, change_id, rules.catalogue, rules.zone, self._clock.now(), self._letters)
        log.info("outage news", change=change_id, told=told.count, done=told.is_done)
        return True
