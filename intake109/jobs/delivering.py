"""Delivering what is owed: lease, call with no transaction open, settle."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from intake109.clock import Clock
from intake109.collectors.base import Sender
from intake109.errors import ChannelError, UnknownOutcomeError, UnreachableError
from intake109.jobs.loop import Threads
from intake109.model import Channel, Outgoing, Receipt
from intake109.outbox import delivery
from intake109.store import outbox, pauses
from intake109.store.database import Database
from intake109.store.tables import OutboxRow

log = structlog.get_logger(__name__)
_TO_STAFF = "alert"
"""What leaves while a channel is paused: a pause is for citizens' talks, never for telling the staff of danger."""


class Delivering:
    """Sends what is owed on one channel, in order: a slow platform holds up nobody else's messages."""

    def __init__(
        self,
        channel: Channel,
        sender: Sender | None,
        template: str,
        database: Database,
        clock: Clock,
        threads: Threads,
        fetch: Callable[[str], bytes] | None = None,
    ) -> None:
        """Know the way out.

        Args:
            sender: None for a channel that is switched off: what it owes becomes a person's work.
            fetch: gives a file that goes with a message, by its hash.
        """
        self._fetch = fetch
        self.channel = channel
        self._sender = sender
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
        outcome = await self._send(message) if isinstance(message, Outgoing) else message
        await self._threads.run(lambda: self._settle(row, outcome))
        return True

    async def _send(self, message: Outgoing) -> Receipt | ChannelError:
        if self._sender is None:
            return UnreachableError(f"the channel {message.channel} is switched off here; answer by another way")
        try:
            return await self._sender.send(message)
        except ChannelError as error:
            return error
        except Exception as error:  # a fault of ours in one message: it is counted and ends with a person
            log.error("sending failed", channel=message.channel.value, problem=type(error).__name__)
            return UnknownOutcomeError(f"{type(error).__name__}: {error}")

    def _lease(self) -> tuple[OutboxRow, Outgoing | ChannelError] | None:
        now = self._clock.now()
        with self._database.read() as session:
            purpose = _TO_STAFF if pauses.is_on(session, self.channel.value) else ""
            due_at = outbox.next_due_at(session, self.channel, purpose)
        if due_at is None or due_at > now:
            return None
        with self._database.write() as session:
            row = outbox.lease(session, self.channel, now, delivery.LEASE, purpose)
        return (row, self._message(row)) if row else None

    def _message(self, row: OutboxRow) -> Outgoing | ChannelError:
        """Put the message together after the lease is kept: one that cannot be must not hold up all behind it."""
        try:
            with self._database.read() as session:
                return delivery.outgoing(session, row, self._template, self._clock.now(), self._fetch)
        except (ValueError, TypeError, LookupError) as error:
            return ChannelError(f"the message cannot be put together: {error}", permanent=True)

    def _settle(self, row: OutboxRow, outcome: Receipt | ChannelError) -> None:
        with self._database.write() as session:
            if isinstance(outcome, ChannelError):
                delivery.settle_failure(session, row, outcome, self._clock.now())
            else:
                delivery.settle_sent(session, row, outcome, self._clock.now())
