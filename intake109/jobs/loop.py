"""A job that runs for ever: a step, a pause when there was nothing to do, a report when it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

import structlog

from intake109.clock import Clock
from intake109.errors import OvertakenError
from intake109.jobs.pulse import LONGEST_STEP, Hearts
from intake109.store import health
from intake109.store.database import Database

log = structlog.get_logger(__name__)
T = TypeVar("T")
_LONGEST_PAUSE_S = 30.0


@dataclass(slots=True)
class Threads:
    """The one place where async meets sync: database and CPU work runs here, the event loop only waits."""

    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8, thread_name_prefix="job"))

    async def run(self, work: Callable[[], T]) -> T:
        """Run sync work in a thread and return its result."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, work)

    def close(self) -> None:
        self.pool.shutdown(wait=True, cancel_futures=True)


class Loop:
    """Repeats a step. `step` returns True when there may be more to do at once."""

    def __init__(
        self,
        name: str,
        step: Callable[[], Awaitable[bool]],
        database: Database,
        clock: Clock,
        threads: Threads,
        pause: timedelta,
        hearts: Hearts | None = None,
        longest: timedelta = LONGEST_STEP,
    ) -> None:
        """`longest` is what a step may take before it counts as hung."""
        self.name = name
        self._hearts = hearts or Hearts()
        self._longest = longest
        self._step = step
        self._database = database
        self._clock = clock
        self._threads = threads
        self._pause_s = pause.total_seconds()
        self._failures = 0
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Let `run` return after the present step; a pause ends at once."""
        self._stopping.set()

    async def run(self) -> None:
        """Run until stopped or cancelled. A failing step never ends it; the operator reads of it on the health page.

        It ends by itself only where another process has been elected to do the same.
        """
        try:
            await self._repeat()
        finally:
            self._hearts.stop(self.name)

    async def _repeat(self) -> None:
        while not self._stopping.is_set():
            self._hearts.beat(self.name, self._longest)
            try:
                has_more = await self._step()
            except OvertakenError as error:
                log.warning("job left to another process", job=self.name, problem=str(error))
                return
            except Exception as error:
                self._failures += 1
                await self._report(f"{type(error).__name__}: {error}")
                await self._rest(min(2.0 ** min(self._failures, 8) / 2, _LONGEST_PAUSE_S))
                continue
            if self._failures:
                self._failures = 0
                await self._report("")
            if not has_more:
                await self._rest(self._pause_s)

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _report(self, problem: str) -> None:
        if problem:
            log.error("job failed", job=self.name, problem=problem.splitlines()[0][:300], failures=self._failures)
        try:
            await self._threads.run(lambda: self._write(problem))
        except Exception as error:  # the database itself may be what is broken; the log has it
            log.error("health could not be written", job=self.name, problem=type(error).__name__)

    def _write(self, problem: str) -> None:
        now = self._clock.now()
        with self._database.write() as session:
            row = health.of(session, f"job.{self.name}", "system")
            row.errors_in_row = self._failures
            row.last_error = problem[:1000]
            if problem:
                row.last_error_at = now
            else:
                row.last_good_at = now
