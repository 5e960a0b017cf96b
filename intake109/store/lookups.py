"""Things a delivery only pointed at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
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
