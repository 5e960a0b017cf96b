"""What is owed to us by the platforms, a row each: files to fetch, things a delivery only pointed at.

One at a time is leased, with the attempt counted; a lease that ran out (its worker died) is taken again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store import leasing
from intake109.store.tables import AttachmentRow, LookupRow, ReplyRow

Row = TypeVar("Row", AttachmentRow, LookupRow, ReplyRow)
WAITING = "waiting"
FAILED = "failed"


def is_any_due(session: Session, kind: type[Row], now: datetime) -> bool:
    """Say whether one waits to be done; asked before a write is begun for nothing."""
    due = select(col(kind.id)).where(col(kind.state) == WAITING, col(kind.next_attempt_at) <= now)
    return session.execute(due.limit(1)).first() is not None


def lease(session: Session, kind: type[Row], now: datetime, length: timedelta) -> Row | None:
    """Take the next one and return it with the attempt counted; None if nothing is due."""
    due = (col(kind.state) == WAITING, col(kind.next_attempt_at) <= now)
    return leasing.take(session, kind, due, (col(kind.next_attempt_at), col(kind.id)), now, length)
