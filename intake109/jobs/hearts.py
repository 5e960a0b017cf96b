"""Whether what runs in this process still beats: a loop that hangs in a step, or threads that are all taken.

A process whose thread hangs looks alive to everybody else: its event loop goes on, and with it the election. So the
lease is renewed only while nothing hangs (`jobs.election`), and what hangs is told in the log and on the health page.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import structlog

from intake109.clock import Clock
from intake109.jobs.loop import Threads
from intake109.jobs.pulse import Hearts
from intake109.store import changes, health
from intake109.store.database import Database

log = structlog.get_logger(__name__)
_EVERY_S = 5.0
_LONGEST_WAIT_FOR_A_THREAD = timedelta(seconds=60)
_FORGOTTEN_AFTER = timedelta(seconds=60)


class Watch:
    """Feels the pulse of one process. `me` names it among all; `every_s` is how often it looks."""

    def __init__(
        self,
        hearts: Hearts,
        me: str,
        database: Database,
        clock: Clock,
        threads: Threads,
        *,
        every_s: float = _EVERY_S,
        longest: timedelta = _LONGEST_WAIT_FOR_A_THREAD,
    ) -> None:
        self._hearts = hearts
        self._me = me
        self._database = database
        self._clock = clock
        self._threads = threads
        self._every_s = every_s
        self._longest = longest
        # A thread of its own: those it watches may all be stuck.
        self._own = Threads(ThreadPoolExecutor(1, thread_name_prefix="hearts"))

    async def run(self) -> None:
        """Look until cancelled."""
        try:
            await asyncio.gather(self._feel(), self._look())
        finally:
            self._own.pool.shutdown(wait=False, cancel_futures=True)

    async def _feel(self) -> None:
        """Beat for as long as a thread is to be had."""
        while True:
            self._hearts.beat("threads", self._longest)
            await self._threads.run(lambda: None)
            await asyncio.sleep(self._every_s)

    async def _look(self) -> None:
        before: list[str] = []
        while True:
            hung = self._hearts.hung()
            if hung and hung != before:
                log.error("this process hangs", process=self._me, hung=hung)
            if before and not hung:
                log.info("this process goes on", process=self._me)
            try:
                await self._own.run(partial(self.tell, hung))
            except Exception as error:  # the database may be what hangs; the log has it
                log.error("health could not be written", process=self._me, problem=type(error).__name__)
            before = hung
            await asyncio.sleep(self._every_s)

    def tell(self, hung: list[str]) -> None:
        """Write on the health page what hangs here; forget what nobody has written for a minute."""
        now = self._clock.now()
        with self._database.read() as session:
            row = health.known(session, health.WORKERS)
            is_told = row is not None and row.errors_in_row > 0
            told_at = row.last_error_at if row is not None else None
        if not hung and (not is_told or (told_at is not None and now - told_at < _FORGOTTEN_AFTER)):
            return
        with self._database.write() as session:
            row = health.of(session, health.WORKERS, "system")
            row.errors_in_row = 1 if hung else 0
            row.last_error = f"{self._me} hangs: {', '.join(hung)}; restart it" if hung else ""
            if hung:
                row.last_error_at = now
            else:
                row.last_good_at = now
            if bool(hung) != is_told:
                changes.tell(session, changes.Topic.HEALTH, 0, now)
