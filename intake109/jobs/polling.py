"""Asking a platform: events and cursor are stored in one transaction, and only the next call confirms them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from intake109.clock import Clock
from intake109.collectors.base import Poller
from intake109.collectors.breaker import retry_at
from intake109.errors import Backoff, ChannelError
from intake109.jobs.loop import Threads
from intake109.jobs.pulse import LONGEST_STEP
from intake109.model import Batch
from intake109.queue import blindness
from intake109.store import changes, events, health, pauses
from intake109.store.database import Database
from intake109.store.tables import HealthRow

log = structlog.get_logger(__name__)
_PAUSE_LOOK = timedelta(seconds=1)
"""How often a paused channel looks whether it may go on."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """From where a poller reads on, None at its first time."""

    cursor: str | None


class Polling:
    """One poller's step. Keeps its health, and keeps away from the platform while its breaker is open."""

    def __init__(self, poller: Poller, database: Database, clock: Clock, threads: Threads) -> None:
        self.poller = poller
        self._database = database
        self._clock = clock
        self._threads = threads
        self._retry_at: datetime | None = None
        self._next_at: datetime | None = None
        self._looked_at: datetime | None = None

    @property
    def longest(self) -> timedelta:
        """What one poll may take before it counts as hung; instaloader sleeps for minutes between two pages."""
        return max(blindness.rhythm(self.poller.pause), LONGEST_STEP)

    async def step(self) -> bool:
        """Poll once if it is time; True when the long poll may be asked again at once."""
        now = self._clock.now()
        if self._looked_at is None:
            await self._threads.run(lambda: self._resume(now))
        elif now < self._looked_at:
            self._retry_at = self._next_at = None  # the clock was put back: waiting for the old time would be silence
        self._looked_at = now
        if any(moment is not None and now < moment for moment in (self._retry_at, self._next_at)):
            return False
        asked = await self._threads.run(self._begin)
        if asked is None:
            self._next_at = self._clock.now() + _PAUSE_LOOK
            return False
        try:
            batch = await self.poller.poll(asked.cursor, now)
        except ChannelError as error:
            failure = error
            self._retry_at = await self._threads.run(lambda: self._note_failure(failure, self._clock.now()))
            return False
        except Exception as error:  # a fault of ours: the channel is dead all the same, and must not look alive
            unexpected = ChannelError(f"{type(error).__name__}: {error}")
            self._retry_at = await self._threads.run(lambda: self._note_failure(unexpected, self._clock.now()))
            raise
        await self._threads.run(lambda: self._save(batch))
        self._retry_at = None
        self._next_at = self._clock.now() + self.poller.pause
        return self.poller.pause <= timedelta(0)

    def _resume(self, now: datetime) -> None:
        """Keep the pace of whoever polled before: each take-over would otherwise be one more request at once.

        Other failures are tried anew: a person may have mended them and started us again.
        """
        with self._database.read() as session:
            row = session.get(HealthRow, self.poller.name)
        if row is None:
            return
        if row.last_good_at is not None and row.last_good_at <= now:
            self._next_at = row.last_good_at + self.poller.pause
        if row.backoff == Backoff.RATE_LIMITED and row.retry_at is not None:
            self._retry_at = row.retry_at

    def _begin(self) -> _Asked | None:
        """Return from where to read on; None while the channel is paused."""
        with self._database.read() as session:
            if pauses.is_on(session, self.poller.channel.value):
                return None
            return _Asked(events.cursor(session, self.poller.name))

    def _save(self, batch: Batch) -> None:
        now = self._clock.now()
        with self._database.write() as session:
            row = health.of(session, self.poller.name, self.poller.channel.value)
            previous_poll_at = row.last_good_at
            blindness.good_view(session, row, now)
            stored = events.save_batch(
                session,
                batch.events,
                now,
                cursor_name=self.poller.name,
                cursor=batch.cursor,
                previous_poll_at=previous_poll_at,
            )
            if row.errors_in_row:
                changes.tell(session, changes.Topic.HEALTH, 0, now)
            row.last_good_at = now
            row.rhythm_s = blindness.rhythm(self.poller.pause).total_seconds()
            row.errors_in_row = 0
            row.last_error = row.backoff = ""
            row.retry_at = None
            if stored:
                row.last_event_at = now

    def _note_failure(self, error: ChannelError, now: datetime) -> datetime:
        with self._database.write() as session:
            row = health.of(session, self.poller.name, self.poller.channel.value)
            row.errors_in_row += 1
            row.last_error = str(error)[:1000]
            row.last_error_at = now
            row.backoff = error.backoff.value
            row.retry_at = retry_at(error, row.errors_in_row, now)
            changes.tell(session, changes.Topic.HEALTH, 0, now)
            blindness.keep(session, now)
            log.warning("channel failed", channel=self.poller.name, backoff=row.backoff, failures=row.errors_in_row)
            return row.retry_at
