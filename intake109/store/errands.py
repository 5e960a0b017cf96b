"""What is owed to us by the platforms, a row each: files to fetch, things a delivery only pointed at.

One at a time is leased, with the attempt counted; a lease that ran out (its worker died) is taken again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import AttachmentRow, LookupRow

Row = TypeVar("Row", AttachmentRow, LookupRow)
WAITING = "waiting"
FAILED = "failed"


def is_any_due(session: Session, kind: type[Row], now: datetime) -> bool:
    """Say whether one waits to be done; asked before a write is begun for nothing."""
    due = select(col(kind.id)).where(col(kind.state) == WAITING, col(kind.next_attempt_at) <= now)
    return session.execute(due.limit(1)).first() is not None


def lease(session: Session, kind: type[Row], now: datetime, length: timedelta) -> Row | None:
    """Take the next one and return it with the attempt counted; None if nothing is due."""
    due = (
        select(col(kind.id))
        .where(
            col(kind.state) == WAITING,
            col(kind.next_attempt_at) <= now,
            or_(col(kind.lease_until).is_(None), col(kind.lease_until) <= now),
        )
        .order_by(col(kind.next_attempt_at), col(kind.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row_id = session.execute(due).scalar()
    if row_id is None:
        return None
    row = session.get(kind, row_id, populate_existing=True)
    assert row is not None
    row.lease_until = now + length
    row.attempts += 1
    session.flush()
    return row
