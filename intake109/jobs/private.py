"""Writing to private organisations again, once a day in the morning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import structlog

from intake109.appeals.executors import private
from intake109.appeals.news import Setting
from intake109.clock import Clock
from intake109.jobs.chores import Chore, daily
from intake109.jobs.loop import Threads
from intake109.store.database import Database

log = structlog.get_logger(__name__)
_AT = time(9, 30)


class PrivateLetters:
    """Writes what is due. `setting` gives the catalogue and the city's zone as they are at that moment."""

    def __init__(
        self,
        setting: Callable[[], Setting],
        between: timedelta,
        database: Database,
        clock: Clock,
        threads: Threads,
    ) -> None:
        self._setting = setting
        self._between = between
        self._database = database
        self._clock = clock
        self._threads = threads

    def chore(self) -> Chore:
        """Return the chore and its times."""
        return Chore("private_letters", self.work, daily(_AT, self._setting().zone), waits_first=True)

    async def work(self) -> None:
        """Write all letters that are due."""
        await self._threads.run(self._write)

    def _write(self) -> None:
        with self._database.write() as session:
            written = private.write_due(session, self._between, self._setting(), self._clock.now())
        if written:
            log.info("private organisations written to", letters=written)
