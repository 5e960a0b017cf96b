"""Asking for what a delivery only pointed at (an Instagram mention is an id until it is asked for)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake109.clock import Clock
from intake109.collectors.base import LookupSource
from intake109.errors import ChannelError
from intake109.jobs.errand import Errand, Patience
from intake109.jobs.loop import Threads
from intake109.model import Channel, Event
from intake109.store import events
from intake109.store.database import Database
from intake109.store.tables import LookupRow


class LookingUp(Errand[LookupRow, tuple[Event, ...]]):
    """Asks for one thing at a time; what comes back are events like any other."""

    kind = LookupRow
    done = "done"
    patience = Patience(lease=timedelta(minutes=2), longest_pause=timedelta(minutes=15), most_attempts=40)
    """Some eight hours: what is looked up is an appeal, and no outage may lose one."""

    def __init__(
        self, sources: Mapping[Channel, LookupSource], database: Database, clock: Clock, threads: Threads
    ) -> None:
        super().__init__(database, clock, threads)
        self._sources = sources

    async def _ask(self, row: LookupRow) -> tuple[Event, ...]:
        source = self._sources.get(Channel(row.channel))
        if source is None:
            raise ChannelError(f"the channel {row.channel} is switched off here", permanent=True)
        return await source.look_up(row.reference, self._clock.now())

    def _keep(self, session: Session, row: LookupRow, found: tuple[Event, ...], now: datetime) -> None:
        events.save_batch(session, found, now)
