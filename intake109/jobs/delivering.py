"""Delivering what is owed: lease, call with no transaction open, settle."""

from __future__ import annotations

from collections.abc import Mapping

from intake109.clock import Clock
from intake109.collectors.base import Sender
from intake109.errors import ChannelError, UnreachableError
from intake109.jobs.loop import Threads
from intake109.model import Channel, Outgoing, Receipt
from intake109.outbox import delivery
from intake109.store import outbox
from intake109.store.database import Database
from intake109.store.tables import OutboxRow


class Delivering:
    """Sends owed messages through their channel."""

    def __init__(
        self, senders: Mapping[Channel, Sender], template: str, database: Database, clock: Clock, threads: Threads
    ) -> None:
        self._senders = senders
        self._template = template
        self._database = database
        self._clock = clock
        self._threads = threads

    async def step(self) -> bool:
        """Deliver one message; False if none was due."""
        leased = await self._threads.run(self._lease)
        if leased is None:
            return False
        row, message = leased
        outcome = await self._send(message)
        await self._threads.run(lambda: self._settle(row, outcome))
        return True

    async def _send(self, message: Outgoing) -> Receipt | ChannelError:
        sender = self._senders.get(message.channel)
        if sender is None:
            return UnreachableError(f"the channel {message.channel} is switched off here; answer by another way")
        try:
            return await sender.send(message)
        except ChannelError as error:
            return error

    def _lease(self) -> tuple[OutboxRow, Outgoing] | None:
        now = self._clock.now()
        with self._database.read() as session:
            due_at = outbox.next_due_at(session)
        if due_at is None or due_at > now:
            return None
        with self._database.write() as session:
            row = outbox.lease(session, now, delivery.LEASE)
            return (row, delivery.outgoing(session, row, self._template, now)) if row else None

    def _settle(self, row: OutboxRow, outcome: Receipt | ChannelError) -> None:
        with self._database.write() as session:
            if isinstance(outcome, ChannelError):
                delivery.settle_failure(session, row, outcome, self._clock.now())
            else:
                delivery.settle_sent(session, row, outcome, self._clock.now())
