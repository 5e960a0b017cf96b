"""Chores by the clock: forgetting old hints and logins, renewing tokens before they expire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

import structlog

from intake109.clock import Clock
from intake109.dedup import originals, pictures
from intake109.errors import ChannelError
from intake109.jobs.chores import Chore, Chores, daily, every
from intake109.jobs.loop import Threads
from intake109.media.files import FileStore
from intake109.queue import blindness, quiet
from intake109.store import attempts, changes, checks, health, marks, people, processes, statuses
from intake109.store.database import Database

if TYPE_CHECKING:
    from datetime import datetime

    from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger(__name__)
_HINTS_KEPT = timedelta(hours=1)
_STATUSES_KEPT = timedelta(days=1)
_CHECKS_KEPT = timedelta(hours=1)
_LONGEST_FETCH = timedelta(hours=1)
_MISFIRE_GRACE_S = 3600
_LOOK_S = 5
_WATCH_S = 15
_LEDGER_S = 5


class Credentials(Protocol):
    """A token that dies unless it is renewed."""

    name: str
    channel: str

    async def renew(self, now: datetime) -> datetime:
        """Renew it and return when it will expire.

        Raises:
            ChannelError: it could not be renewed.
        """
        ...


class Subscription(Protocol):
    """A platform's promise to call us, which it may take back without a word."""

    name: str
    channel: str

    async def check(self, now: datetime) -> str | None:
        """Renew it if it is gone; return what is still wrong, None if nothing is.

        Raises:
            ChannelError: it could not be asked, or not be renewed.
        """
        ...


class Lessons(Protocol):
    """What learns from decisions."""

    async def night(self, threads: Threads) -> None: ...

    async def watch(self, threads: Threads) -> None: ...


@dataclass(frozen=True, slots=True)
class Nights:
    """Who learns, and at what time of the city's day; `at` None is never."""

    lessons: Lessons
    at: time | None
    zone: ZoneInfo


class Housekeeping:
    """The chores and their times. Jobs are code; a late one runs once when it can, never twice at a time."""

    def __init__(
        self,
        credentials: Sequence[Credentials],
        subscriptions: Sequence[Subscription],
        database: Database,
        clock: Clock,
        threads: Threads,
        files: FileStore,
        nights: Nights | None = None,
        city: ZoneInfo | None = None,
        more: Sequence[Chore] = (),
    ) -> None:
        """Know what to look after.

        Args:
            city: in whose time a channel's rhythm is learnt, to warn of an unusual quiet; None warns of none.
            more: chores of other rooms.
        """
        self._more = more
        self._city = city
        self._nights = nights
        self._credentials = credentials
        self._subscriptions = subscriptions
        self._files = files
        self._database = database
        self._clock = clock
        self._threads = threads

    def schedule(self) -> AsyncIOScheduler:
        """Return the scheduler with all chores, not yet started; it must be started inside the event loop."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": _MISFIRE_GRACE_S},
        )
        chores = Chores(self._database, self._clock, self._threads)
        for one in self.chores():
            scheduler.add_job(chores.look, args=[one], id=f"first {one.name}")  # at once, whatever our clock says
            # Two at a time: the second finds the first at it and returns, where APScheduler would complain.
            scheduler.add_job(chores.look, "interval", seconds=_LOOK_S, args=[one], id=one.name, max_instances=2)
        scheduler.add_job(self.watch, "interval", seconds=_LEDGER_S, id="watch channels")
        if self._nights is not None:
            lessons, told = self._nights.lessons, [self._threads]
            scheduler.add_job(
                lessons.watch, "interval", seconds=_WATCH_S, args=told, id="watch models", max_instances=2
            )
        return scheduler

    def chores(self) -> list[Chore]:
        """Return what is done by the clock; when each was last done outlives this process."""
        found = [
            # Who was before may have been killed.
            Chore("sweep", self.sweep, every(timedelta(minutes=10)), at_once=True),
            Chore("renew", self.renew, every(timedelta(hours=24)), at_once=True),  # a restart may bring a new token
            Chore("check", self.check, every(timedelta(hours=1)), at_once=True),
        ]
        if self._city is not None:
            found.append(Chore("quiet", self.listen, every(timedelta(minutes=5))))
        nights, threads = self._nights, self._threads
        if nights is not None and nights.at is not None:
            times = daily(nights.at, nights.zone)
            found.append(Chore("learn", lambda: nights.lessons.night(threads), times, waits_first=True))
        return [*found, *self._more]

    async def sweep(self) -> None:
        """Forget old hints, logins and statuses of messages not ours, remove half files of the dead."""
        await self._threads.run(self._sweep)

    def _sweep(self) -> None:
        now = self._clock.now()
        with self._database.write() as session:
            changes.sweep(session, now - _HINTS_KEPT)
            people.sweep_sessions(session, now)
            statuses.sweep(session, now - _STATUSES_KEPT)
            processes.sweep(session)
            attempts.sweep(session, now)
            checks.sweep(session, now, _CHECKS_KEPT)
            marks.sweep(session, now - originals.WINDOW, now - pictures.WINDOW)
        removed = self._files.sweep(now - _LONGEST_FETCH)
        if removed:
            log.info("half files removed", files=removed)

    async def watch(self) -> None:
        """Keep the ledger of blind minutes: what has become silent without an error tells nobody by itself."""
        await self._threads.run(self._watch)

    def _watch(self) -> None:
        now = self._clock.now()
        with self._database.read() as session:
            is_due = blindness.is_due(session, now)
        if is_due:
            with self._database.write() as session:
                blindness.keep(session, now)

    async def listen(self) -> None:
        """Note which channels that only call us have become unusually quiet."""
        await self._threads.run(self._listen)

    def _listen(self) -> None:
        if self._city is not None:
            with self._database.write() as session:
                quiet.keep(session, self._city, self._clock.now())

    async def renew(self) -> None:
        """Renew every token; a failure is shown on the channel's health line and tried again tomorrow."""
        for one in self._credentials:
            await self._renew(one)

    async def _renew(self, one: Credentials) -> None:
        expires_at, problem = None, ""
        try:
            expires_at = await one.renew(self._clock.now())
        except ChannelError as error:
            problem = str(error)
            log.warning("token not renewed", channel=one.name, backoff=error.backoff.value)
        await self._threads.run(lambda: self._note(one, expires_at, problem))

    async def check(self) -> None:
        """See that every platform still calls us; what is wrong stands on the health page."""
        for one in self._subscriptions:
            await self._check(one)

    async def _check(self, one: Subscription) -> None:
        was_gone = False
        try:
            problem = await one.check(self._clock.now()) or ""
            was_gone = bool(problem)
        except ChannelError as error:
            problem = str(error)
        await self._threads.run(lambda: self._note(one, None, problem, was_gone=was_gone))

    def _note(
        self, one: Credentials | Subscription, expires_at: datetime | None, problem: str, *, was_gone: bool = False
    ) -> None:
        with self._database.write() as session:
            if was_gone:
                blindness.resubscribed(session, one.name, one.channel, self._clock.now())
            row = health.of(session, one.name, one.channel)
            if expires_at is not None:
                row.credentials_expire_at = expires_at
            row.last_error = problem
            row.errors_in_row = row.errors_in_row + 1 if problem else 0
            if problem:
                row.last_error_at = self._clock.now()
            else:
                row.last_good_at = self._clock.now()
