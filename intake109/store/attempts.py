"""Who may try only so often, counted by all processes together. Keys tell nobody who it was."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.database import take_turns
from intake109.store.rows import insert_one
from intake109.store.tables import AttemptRow

LONGEST_WINDOW = timedelta(hours=1)
"""No limit looks further back; older ones are swept."""


def take(session: Session, key: str, limit: int, window: timedelta, now: datetime) -> timedelta:
    """Count an attempt and return zero; or count nothing and return how long to wait."""
    take_turns(session, key)
    wait = wait_for(session, key, limit, window, now)
    if not wait:
        add(session, key, now)
    return wait


def wait_for(session: Session, key: str, limit: int, window: timedelta, now: datetime) -> timedelta:
    """Return how long to wait until one more attempt is allowed, zero if it is now."""
    statement = (
        select(col(AttemptRow.at))
        .where(col(AttemptRow.key) == key, col(AttemptRow.at) > now - window)
        .order_by(col(AttemptRow.at).desc())
        .limit(limit)
    )
    moments: list[datetime] = list(session.execute(statement).scalars())
    return moments[-1] + window - now if len(moments) >= limit else timedelta(0)


def is_known(session: Session, key: str) -> bool:
    """Say whether anything is counted under a key."""
    return session.execute(select(col(AttemptRow.id)).where(col(AttemptRow.key) == key).limit(1)).first() is not None


def add(session: Session, key: str, now: datetime) -> None:
    """Count an attempt."""
    insert_one(session, AttemptRow, {"key": key, "at": now})


def forget(session: Session, key: str) -> None:
    """Count from zero again."""
    session.execute(delete(AttemptRow).where(col(AttemptRow.key) == key))


def sweep(session: Session, now: datetime) -> None:
    """Forget attempts no limit looks at any more."""
    session.execute(delete(AttemptRow).where(col(AttemptRow.at) < now - LONGEST_WINDOW))
