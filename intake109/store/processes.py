"""The processes that live: which there are, when each was last seen, and which folder of files each sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.leases import database_now
from intake109.store.tables import ProcessRow

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


def living(session: Session) -> list[ProcessRow]:
    """Return the processes that were seen a moment ago."""
    since = database_now(session) - SILENT_AFTER
    return [row for row in all_of(session) if row.seen_at > since]


def sweep(session: Session) -> None:
    """Forget processes that died a day ago."""
    session.execute(delete(ProcessRow).where(col(ProcessRow.seen_at) < database_now(session) - _KEPT))
