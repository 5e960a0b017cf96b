"""The heartbeat of whoever keeps the promise, and the times in which it did not beat."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store import health
from intake109.store.database import take_turns
from intake109.store.rows import insert_new
from intake109.store.tables import StopRow

HEART = "job.promising"
SILENCE = timedelta(seconds=30)
"""A pause this long is a stop: nobody looked at the ladder."""


def beat(session: Session, now: datetime) -> timedelta | None:
    """Note that a worker looks at the ladder; return how long none did if that was a stop.

    All workers share one heart: while one of them lives there is no stop.
    """
    take_turns(session, HEART)
    row = health.of(session, HEART, "system")
    last, row.last_good_at = row.last_good_at, now
    if last is None or now - last < SILENCE:
        return None
    insert_new(session, StopRow, [{"began_at": last, "ended_at": now}])
    return now - last


def covers(session: Session, moment: datetime) -> bool:
    """Say whether the system stood still at a moment."""
    statement = select(StopRow).where(col(StopRow.began_at) <= moment, col(StopRow.ended_at) > moment).limit(1)
    return session.execute(statement).first() is not None


def last_end(session: Session) -> datetime | None:
    """Return when the system began to work again after its last stop; None if it never stopped."""
    moment: datetime | None = session.execute(select(func.max(col(StopRow.ended_at)))).scalar()
    return moment
