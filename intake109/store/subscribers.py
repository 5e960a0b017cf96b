"""Who gets the report every night."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.rows import insert_new
from intake109.store.tables import SubscriberRow


def add(session: Session, way: str, address: str, language: str, user_id: int | None, now: datetime) -> bool:
    """Let somebody have it; False if that address has it already."""
    values = {"way": way, "address": address, "language": language, "added_at": now, "added_by": user_id}
    return insert_new(session, SubscriberRow, [values]) > 0


def remove(session: Session, subscriber_id: int) -> SubscriberRow | None:
    """Let an address have it no more, and return what it was; None if it had not."""
    row = session.get(SubscriberRow, subscriber_id)
    if row is not None:
        session.execute(delete(SubscriberRow).where(col(SubscriberRow.id) == subscriber_id))
        session.expunge(row)
    return row


def all_of(session: Session) -> list[SubscriberRow]:
    """Return all, the longest standing first."""
    return list(session.execute(select(SubscriberRow).order_by(col(SubscriberRow.id))).scalars())
