"""Chores by the clock that survive whoever was at them: what was last done when stands in a table.

A chore is due from the first time of its own after it was last done, and stays due until it has been done whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from intake109.clock import Clock
from intake109.errors import ConflictError, OvertakenError
from intake109.jobs.loop import Threads
from intake109.store import chores, health
from intake109.store.database import Database

log = structlog.get_logger(__name__)
_LONGEST_PAUSE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be done again and again.

    Attributes:
        next_after: the first moment later than another at which it is to be done.
        at_once: it is done when a process takes office, too: what it looks at may have been changed by a restart.
        waits_first: where it never was done it waits for its time; else it is due at once.
    """

    name: str
    work: Callable[[], Awaitable[None]]
    next_after: Callable[[datetime], datetime]
    at_once: bool = False
    waits_first: bool = False


def every(pause: timedelta) -> Callable[[datetime], datetime]:
    """Return the times of a chore that is done at this pace."""
    return lambda moment: moment + pause


def daily(at: time, zone: ZoneInfo) -> Callable[[datetime], datetime]:
    """Return the times of a chore that is done once a day of the city; a time that a change of clocks skips is late."""

    def next_after(moment: datetime) -> datetime:
        local = moment.astimezone(zone)
        found = datetime.combine(local.date(), at, zone)
        return found if found > local else datetime.combine(local.date() + timedelta(days=1), at, zone)

    return next_after


@dataclass(slots=True)
class _Try:
    """What this process knows of a chore: whether it is at it, how often it failed, when to try again."""

    is_running: bool = False
    has_begun: bool = False
    failures: int = 0
    not_before: datetime | None = None


@dataclass(slots=True)
class Chores:
    """Does what is due. `look` is called every few seconds for each chore; it returns at once where it is under way."""

    database: Database
    clock: Clock
    threads: Threads
    _tries: dict[str, _Try] = field(default_factory=dict)

    async def look(self, chore: Chore) -> None:
        """Do a chore if it is due. A failure is shown on the health page and tried again with growing pauses."""
        attempt = self._tries.setdefault(chore.name, _Try())
        if attempt.is_running:
            return
        attempt.is_running = True
        try:
            if await self.threads.run(lambda: self._is_due(chore, attempt)):
                await self._do(chore, attempt)
        except asyncio.CancelledError:  # we are told to stop; who comes next finds it due
            log.info("chore broken off", chore=chore.name)
        except OvertakenError as error:
            log.warning("chore left to another process", chore=chore.name, problem=str(error))
        finally:
            attempt.is_running = False

    def _is_due(self, chore: Chore, attempt: _Try) -> bool:
        now = self.clock.now()
        if attempt.not_before is not None and now < attempt.not_before:
            return False
        if chore.at_once and not attempt.has_begun:
            return True
        with self.database.read() as session:
            last = chores.done_at(session, chore.name)
        if last is None and not chore.waits_first:
            return True
        if last is None or last > now:  # a clock that was put back must not silence it until the old time comes
            with self.database.write() as session:
                chores.done(session, chore.name, now)
            return False
        return chore.next_after(last) <= now

    async def _do(self, chore: Chore, attempt: _Try) -> None:
        try:
            await chore.work()
        except OvertakenError:
            raise
        except ConflictError as error:  # somebody else is at it, or died at it a moment ago: our turn comes
            log.info("chore put off", chore=chore.name, problem=str(error))
            self._put_off(attempt)
        except Exception as error:
            log.error("chore failed", chore=chore.name, problem=type(error).__name__)
            self._put_off(attempt)
            problem = f"{type(error).__name__}: {error}"
            await self.threads.run(lambda: self._note(chore, attempt, problem))
        else:
            attempt.failures, attempt.not_before, attempt.has_begun = 0, None, True
            await self.threads.run(lambda: self._note(chore, attempt, ""))

    def _put_off(self, attempt: _Try) -> None:
        attempt.failures += 1
        pause = min(timedelta(minutes=1) * 2 ** min(attempt.failures - 1, 6), _LONGEST_PAUSE)
        attempt.not_before = self.clock.now() + pause

    def _note(self, chore: Chore, attempt: _Try, problem: str) -> None:
        now = self.clock.now()
        with self.database.write() as session:
            if not problem:
                chores.done(session, chore.name, now)
            if not problem and health.known(session, f"job.{chore.name}") is None:
                return  # one that has never failed tells nothing of itself
            row = health.of(session, f"job.{chore.name}", "system")
            row.errors_in_row, row.last_error = attempt.failures, problem[:1000]
            if problem:
                row.last_error_at = now
            else:
                row.last_good_at = now
