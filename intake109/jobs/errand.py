"""One thing asked of a platform at a time: lease, call with no transaction open, keep what came or when to retry."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Generic, TypeVar

import structlog
from sqlalchemy.orm import Session

from intake109.clock import Clock
from intake109.collectors.breaker import patient_retry_at
from intake109.errors import ChannelError, IntakeError
from intake109.jobs.loop import Threads
from intake109.store import errands
from intake109.store.database import Database
from intake109.store.errands import Row

log = structlog.get_logger(__name__)
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one attempt may take, the longest pause between two, and how many there are before a person is told."""

    lease: timedelta
    longest_pause: timedelta
    most_attempts: int


class Errand(ABC, Generic[Row, Found]):
    """A job that does what is owed in one table. `done` is the state of what has been had."""

    kind: type[Row]
    done: ClassVar[str]
    patience: ClassVar[Patience]

    def __init__(self, database: Database, clock: Clock, threads: Threads) -> None:
        self._database = database
        self._clock = clock
        self._threads = threads

    async def step(self) -> bool:
        """Do one; False if none was due."""
        row = await self._threads.run(self._lease)
        if row is None:
            return False
        try:
            found = await self._ask(row)
        except IntakeError as error:
            failure = error
        except Exception as error:  # a full disk, a fault of ours: counted like any failure, or it is tried for ever
            log.error("errand failed", table=self.kind.__tablename__, row=row.id, problem=type(error).__name__)
            failure = ChannelError(f"{type(error).__name__}: {error}")
        else:
            await self._threads.run(lambda: self._note_found(row, found))
            return True
        await self._threads.run(lambda: self._note_failure(row, failure))
        return True

    @abstractmethod
    async def _ask(self, row: Row) -> Found:
        """Do what the row asks for, with no transaction open.

        Raises:
            IntakeError: it could not be had; `permanent` when asking again cannot help.
        """

    @abstractmethod
    def _keep(self, session: Session, row: Row, found: Found, now: datetime) -> None:
        """Keep what came."""

    def _tell(self, session: Session, row: Row, now: datetime) -> None:
        """Tell open screens what became of it; by default nobody looks on."""

    def _lease(self) -> Row | None:
        now = self._clock.now()
        with self._database.read() as session:
            if not errands.is_any_due(session, self.kind, now):
                return None
        with self._database.write() as session:
            return errands.lease(session, self.kind, now, self.patience.lease)

    def _note_found(self, leased: Row, found: Found) -> None:
        now = self._clock.now()
        with self._database.write() as session:
            row = self._still_owed(session, leased)
            if row is None:
                return
            row.state, row.reason, row.lease_until = self.done, "", None
            self._keep(session, row, found, now)
            self._tell(session, row, now)

    def _note_failure(self, leased: Row, error: IntakeError) -> None:
        now = self._clock.now()
        with self._database.write() as session:
            row = self._still_owed(session, leased)
            if row is None:
                return
            row.reason, row.lease_until = str(error)[:500], None
            if error.permanent or row.attempts >= self.patience.most_attempts:
                row.state = errands.FAILED
            failure = error if isinstance(error, ChannelError) else ChannelError(str(error))
            row.next_attempt_at = patient_retry_at(failure, row.attempts, self.patience.longest_pause, now)
            self._tell(session, row, now)

    def _still_owed(self, session: Session, leased: Row) -> Row | None:
        """Return the row as it is now; None if it is gone, or another worker has had it since the lease ran out."""
        row = session.get(self.kind, leased.id)
        return None if row is None or row.state == self.done else row
