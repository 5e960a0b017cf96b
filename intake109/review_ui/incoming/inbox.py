"""Storing what platforms post to us. Posts that arrive while a commit is under way share the next one.

A commit costs a disk flush however much it holds, so under a burst one transaction for many posts is what keeps up.
Nobody is told "taken" before the transaction with his events is committed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from anyio import CapacityLimiter, to_thread
from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from intake109.clock import Clock
from intake109.model import Event
from intake109.queue import blindness
from intake109.review_ui.context import context_of
from intake109.store import events, health
from intake109.store.database import Database

_MOST_TOGETHER = 200


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one post brought. `is_rejected`: its signature was wrong; it is counted and nothing of it is kept."""

    name: str
    channel: str
    events: tuple[Event, ...] = ()
    is_rejected: bool = False


@dataclass(slots=True)
class _Waiting:
    delivery: Delivery
    outcome: asyncio.Future[None]


class Inbox:
    """The one way for posts into the store. One per process; lives in its event loop."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: list[_Waiting] = []
        self._storing: asyncio.Task[None] | None = None
        self._slot = CapacityLimiter(1)

    async def take(self, delivery: Delivery) -> None:
        """Return once the delivery is committed.

        Raises:
            SQLAlchemyError: it is not stored; the platform must be asked to come again.
        """
        outcome: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(delivery, outcome))
        if self._storing is None:
            self._storing = asyncio.create_task(self._store_all())
        await outcome

    async def _store_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_MOST_TOGETHER], self._waiting[_MOST_TOGETHER:]
                await self._store(batch)
        finally:
            self._storing = None

    async def _store(self, batch: list[_Waiting]) -> None:
        found: list[Exception | None]
        try:
            found = await to_thread.run_sync(self._save, [one.delivery for one in batch], limiter=self._slot)
        except Exception as error:  # whatever it was, every caller must hear of it rather than wait for ever
            found = [error] * len(batch)
        for one, problem in zip(batch, found, strict=True):
            if one.outcome.done():  # the caller has hung up meanwhile
                continue
            if problem is None:
                one.outcome.set_result(None)
            else:
                one.outcome.set_exception(problem)

    def _save(self, deliveries: Sequence[Delivery]) -> list[Exception | None]:
        """Store all in one transaction; if that fails, each in its own, so that one bad post fails alone."""
        try:
            self._commit(deliveries)
        except SQLAlchemyError as error:
            return [error] if len(deliveries) == 1 else [self._try(one) for one in deliveries]
        return [None] * len(deliveries)

    def _try(self, delivery: Delivery) -> SQLAlchemyError | None:
        try:
            self._commit([delivery])
        except SQLAlchemyError as error:
            return error
        return None

    def _commit(self, deliveries: Sequence[Delivery]) -> None:
        with self._database.write() as session:
            now = self._clock.now()
            events.save_batch(session, [event for one in deliveries for event in one.events], now)
            self._note(session, deliveries)

    def _note(self, session: Session, deliveries: Sequence[Delivery]) -> None:
        now = self._clock.now()
        for name, channel in sorted({(one.name, one.channel) for one in deliveries if not one.is_rejected}):
            blindness.heard(session, name, channel, now)
        for one in deliveries:
            if one.is_rejected:
                health.count_rejected(session, one.name, one.channel, now)


def inbox_of(request: Request) -> Inbox:
    """Return the process's inbox, opened with the first post."""
    state = request.app.state
    if not hasattr(state, "inbox"):
        parts = context_of(request).parts
        state.inbox = Inbox(parts.database, parts.clock)
    found: Inbox = state.inbox
    return found
