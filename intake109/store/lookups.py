"""Things a delivery only pointed at."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.model import Channel, Lookup
from intake109.store.rows import insert_new
from intake109.store.tables import LookupRow


def add(session: Session, channel: Channel, lookup: Lookup, now: datetime) -> None:
    """Note something to be asked for; a repeat is a no-op."""
    values = {
        "channel": channel.value,
        "key": lookup.key,
        "reference": lookup.reference,
        "state": "waiting",
        "reason": "",
        "attempts": 0,
        "next_attempt_at": now,
    }
    insert_new(session, LookupRow, [values])


def lease(session: Session, now: datetime, length: timedelta) -> LookupRow | None:
    """Take the next thing to ask for and return it with the attempt counted; None if nothing is due."""
    due = (
        select(col(LookupRow.id))
        .where(
            col(LookupRow.state) == "waiting",
            col(LookupRow.next_attempt_at) <= now,
            or_(col(LookupRow.lease_until).is_(None), col(LookupRow.lease_until) <= now),
        )
        .order_by(col(LookupRow.next_attempt_at), col(LookupRow.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row_id = session.execute(due).scalar()
    if row_id is None:
        return None
    row = session.get(LookupRow, row_id, populate_existing=True)
    assert row is not None
    row.lease_until = now + length
    row.attempts += 1
    session.flush()
    return row


def failed(session: Session, limit: int = 50) -> list[LookupRow]:
    """Return what could not be had, newest first."""
    statement = select(LookupRow).where(col(LookupRow.state) == "failed").order_by(col(LookupRow.id).desc())
    return list(session.execute(statement.limit(limit)).scalars())


def count_failed(session: Session) -> int:
    """Return how many things could not be had."""
    return session.execute(select(func.count()).where(col(LookupRow.state) == "failed")).scalar_one()


def try_again(session: Session, lookup_id: int, now: datetime) -> bool:
    """Ask once more for what could not be had; False if it has not failed (any more)."""
    statement = (
        update(LookupRow)
        .where(col(LookupRow.id) == lookup_id, col(LookupRow.state) == "failed")
        .values(state="waiting", reason="", attempts=0, next_attempt_at=now, lease_until=None)
        .returning(col(LookupRow.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).first() is not None


def is_any_due(session: Session, now: datetime) -> bool:
    """Say whether something waits to be asked for; asked before a write is begun for nothing."""
    due = select(col(LookupRow.id)).where(col(LookupRow.state) == "waiting", col(LookupRow.next_attempt_at) <= now)
    return session.execute(due.limit(1)).first() is not None
