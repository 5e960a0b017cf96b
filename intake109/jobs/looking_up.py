"""Asking for what a delivery only pointed at (an Instagram mention is an id until it is asked for)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog

from intake109.clock import Clock
from intake109.collectors.base import LookupSource
from intake109.collectors.breaker import patient_retry_at
from intake109.errors import ChannelError
from intake109.jobs.loop import Threads
from intake109.model import Channel, Event
from intake109.store import events, lookups
from intake109.store.database import Database
from intake109.store.tables import LookupRow

log = structlog.get_logger(__name__)
_LEASE = timedelta(minutes=2)
_LONGEST_PAUSE = timedelta(minutes=15)
_MOST_ATTEMPTS = 40
"""Some eight hours: what is looked up is an appeal, and no outage may lose one."""


class LookingUp:
    """Asks for one thing at a time; what comes back are events like any other."""

    def __init__(
        self, sources: Mapping[Channel, LookupSource], database: Database, clock: Clock, threads: Threads
    ) -> None:
        self._sources = sources
        self._database = database
        self._clock = clock
        self._threads = threads

    async def step(self) -> bool:
        """Look one thing up; False if nothing was due."""
        row = await self._threads.run(self._lease)
        if row is None:
            return False
        source = self._sources.get(Channel(row.channel))
        try:
            if source is None:
                raise ChannelError(f"the channel {row.channel} is switched off here", permanent=True)
            found = await source.look_up(row.reference, self._clock.now())
        except ChannelError as error:
            failure = error
        except Exception as error:  # a fault of ours: counted like any failure, or it is tried for ever
            log.error("looking up failed", lookup=row.id, problem=type(error).__name__)
            failure = ChannelError(f"{type(error).__name__}: {error}")
        else:
            await self._threads.run(lambda: self._save(row, found))
            return True
        await self._threads.run(lambda: self._note_failure(row, failure))
        return True

    def _lease(self) -> LookupRow | None:
        now = self._clock.now()
        with self._database.read() as session:
            if not lookups.is_any_due(session, now):
                return None
        with self._database.write() as session:
            return lookups.lease(session, now, _LEASE)

    def _save(self, leased: LookupRow, found: tuple[Event, ...]) -> None:
        with self._database.write() as session:
            events.save_batch(session, found, self._clock.now())
            row = session.get(LookupRow, leased.id)
            assert row is not None
            row.state, row.reason, row.lease_until = "done", "", None

    def _note_failure(self, leased: LookupRow, error: ChannelError) -> None:
        now = self._clock.now()
        with self._database.write() as session:
            row = session.get(LookupRow, leased.id)
            assert row is not None
            row.reason, row.lease_until = str(error)[:500], None
            if error.permanent or row.attempts >= _MOST_ATTEMPTS:
                row.state = "failed"
            row.next_attempt_at = patient_retry_at(error, row.attempts, _LONGEST_PAUSE, now)
