"""Whether the desk keeps up with what arrives."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import TaskRow
from intake109.store.tasks import is_free

_DANGER = 0


def has_waited(session: Session, since: datetime, promised_by: datetime, now: datetime) -> bool:
    """Say whether a task of the queue waits since a moment, held by nobody and by no question to its citizen.

    Danger does not count. `promised_by` is the promise of who wrote at that moment: it finds the rows in the index.
    """
    statement = (
        select(col(TaskRow.id))
        .where(col(TaskRow.decided_at).is_(None), col(TaskRow.shelf) == "queue", is_free(now))
        .where(col(TaskRow.promise_at) <= promised_by, col(TaskRow.received_at) <= since)
        .where(col(TaskRow.rank) > _DANGER, col(TaskRow.asked_at).is_(None))
        .limit(1)
    )
    return session.execute(statement).first() is not None
