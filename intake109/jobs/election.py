"""One process among many does what exactly one may do; when it dies or hangs, another takes over.

`jobs.worker` hands over what to do while elected. All of it writes through the fenced database it is given, so that
nothing of an earlier term can count later, whatever hung for however long.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from intake109.jobs.loop import Threads
from intake109.jobs.pulse import Hearts
from intake109.store import leases
from intake109.store.database import Database
from intake109.store.leases import SCHEDULER, Fence, Lease

log = structlog.get_logger(__name__)
_TRIES_PER_LEASE = 4
"""How often it is renewed while it lasts: three answers of the database may fail to come."""
_FAREWELL_S = 2.0


@dataclass(frozen=True, slots=True)
class _Term:
    """A lease, and until when it surely holds by this process's own stopwatch."""

    lease: Lease
    until_s: float


class Election:
    """Stands for election for ever and serves while elected.

    The term ends when the lease cannot be renewed in time, counted from *before* the database was asked: this process
    stops before another can begin. One that hangs as a whole cannot stop; it is fenced off. One in which only a loop or
    the threads hang gives its lease up (`jobs.hearts`).
    """

    def __init__(
        self,
        database: Database,
        me: str,
        length: timedelta,
        *,
        hearts: Hearts | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """`me` names this process among all that ever lived; `length` is how long a lease lasts unless renewed.

        Nobody is elected, or stays so, in whom one of the `hearts` does not beat.
        """
        self._hearts = hearts or Hearts()
        self._database = database
        self._me = me
        self._length = length
        self._pause_s = length.total_seconds() / _TRIES_PER_LEASE
        self._seconds = seconds
        # A thread of its own: busy jobs must not cost the election.
        self._threads = Threads(ThreadPoolExecutor(1, thread_name_prefix="election"))

    async def run(self, serve: Callable[[Database], Awaitable[None]]) -> None:
        """Stand until cancelled; `serve` runs while elected and is cancelled when the term ends."""
        try:
            while True:
                term = await self._stand()
                if term is not None:
                    await self._serve(term, serve)
                await asyncio.sleep(self._pause_s)
        finally:
            self._threads.pool.shutdown(wait=False, cancel_futures=True)

    async def _stand(self) -> _Term | None:
        if self._hearts.hung():
            return None
        asked_at = self._seconds()
        try:
            lease = await self._threads.run(self._take)
        except SQLAlchemyError as error:
            log.warning("no election: the database does not answer", problem=type(error).__name__)
            return None
        return _Term(lease, asked_at + self._length.total_seconds()) if lease else None

    def _take(self) -> Lease | None:
        with self._database.read() as session:
            if not leases.is_free(session, SCHEDULER):
                return None
        with self._database.write() as session:
            return leases.take(session, SCHEDULER, self._me, self._length)

    async def _serve(self, term: _Term, serve: Callable[[Database], Awaitable[None]]) -> None:
        lease = term.lease
        log.info("elected", process=self._me, token=lease.token)
        fenced = self._database.fenced(Fence(lease, self._length / 2))
        serving = asyncio.ensure_future(serve(fenced))
        try:
            why = await self._hold(term, serving)
            log.warning("not elected any more", process=self._me, token=lease.token, why=why)
        finally:
            serving.cancel()
            await asyncio.wait([serving])
            if not serving.cancelled() and serving.exception() is not None:
                log.error("what the elected process does ended", problem=repr(serving.exception()))
            with suppress(TimeoutError, SQLAlchemyError):
                async with asyncio.timeout(_FAREWELL_S):
                    await self._threads.run(lambda: self._give_up(lease))

    async def _hold(self, term: _Term, serving: asyncio.Future[None]) -> str:
        """Renew until that fails, and say why it did."""
        until_s = term.until_s
        while not serving.done():
            await asyncio.wait([serving], timeout=self._pause_s)
            if hung := self._hearts.hung():
                return f"it hangs: {', '.join(hung)}"
            asked_at = self._seconds()
            # One that has slept too long asks all the same: if nobody was quicker, it goes on.
            left_s = max(until_s - asked_at, self._pause_s)
            try:
                async with asyncio.timeout(left_s):  # `wait_for` drops a cancellation that comes with the answer
                    is_ours = await self._threads.run(lambda: self._renew(term.lease))
            except TimeoutError:
                return "the database did not answer in time"
            except SQLAlchemyError as error:
                if self._seconds() >= until_s:
                    return type(error).__name__
                continue
            if not is_ours:
                return "another has taken over"
            until_s = asked_at + self._length.total_seconds()
        return "its work ended"

    def _renew(self, lease: Lease) -> bool:
        with self._database.write() as session:
            return leases.renew(session, lease, self._length)

    def _give_up(self, lease: Lease) -> None:
        with self._database.write() as session:
            leases.give_up(session, lease)
