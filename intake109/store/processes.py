"""The processes that live: which there are, when each was last seen, and which folder of files each sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.leases import SCHEDULER, database_now
from intake109.store.tables import LeaseRow, ProcessRow

SILENT_AFTER = timedelta(seconds=30)
"""A process that was not seen for so long has died or hangs."""
_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Me:
    """This process. `id` is unique for ever; `role` is web, worker or run."""

    id: str
    role: str
    host: str
    pid: int


@dataclass(frozen=True, slots=True)
class Process:
    """A process as others see it; `is_alive` unless it was not seen for a while, `is_elected` while its lease runs."""

    row: ProcessRow
    is_alive: bool
    is_elected: bool


@dataclass(frozen=True, slots=True)
class Cluster:
    """All processes. `elected_at` is since when the present one is elected, None while nobody is."""

    processes: tuple[Process, ...]
    elected_at: datetime | None

    @property
    def elected(self) -> Process | None:
        return next((one for one in self.processes if one.is_elected), None)

    @property
    def works(self) -> bool:
        """Whether any process that lives runs jobs."""
        return any(one.is_alive and one.row.role != "web" for one in self.processes)

    @property
    def folders(self) -> int:
        """How many different folders of files the living see: more than one, and files go astray."""
        return len({one.row.folder_mark for one in self.processes if one.is_alive})


def seen(session: Session, me: Me, folder_mark: str) -> None:
    """Note that a process lives, and what it sees."""
    now = database_now(session)
    row = session.get(ProcessRow, me.id)
    if row is None:
        row = ProcessRow(id=me.id, role=me.role, host=me.host, pid=me.pid, started_at=now, seen_at=now)
        session.add(row)
    row.folder_mark, row.seen_at = folder_mark, now


def gone(session: Session, me: Me) -> None:
    """Forget a process that ended as it was told to."""
    session.execute(delete(ProcessRow).where(col(ProcessRow.id) == me.id))


def all_of(session: Session) -> list[ProcessRow]:
    """Return the processes that did not say that they ended, by role and host."""
    statement = select(ProcessRow).order_by(col(ProcessRow.role), col(ProcessRow.host), col(ProcessRow.started_at))
    return list(session.execute(statement).scalars())


def cluster(session: Session) -> Cluster:
    """Return all processes: which live, and which of them is elected."""
    now, lease = database_now(session), session.get(LeaseRow, SCHEDULER)
    is_held = lease is not None and lease.until is not None and lease.until > now
    holder = lease.holder if lease is not None and is_held else ""
    found = tuple(Process(row, now - row.seen_at < SILENT_AFTER, row.id == holder) for row in all_of(session))
    return Cluster(found, lease.taken_at if lease is not None and is_held else None)


def sweep(session: Session) -> None:
    """Forget processes that died a day ago."""
    session.execute(delete(ProcessRow).where(col(ProcessRow.seen_at) < database_now(session) - _KEPT))
