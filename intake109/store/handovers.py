"""Shifts handed over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.rows import insert_one
from intake109.store.tables import HandoverRow


def write(session: Session, outgoing_id: int, note: str, content: dict[str, Any], now: datetime) -> int:
    """Keep a hand-over as it was signed by who goes, and return its id."""
    values = {"outgoing_id": outgoing_id, "signed_out_at": now, "note": note, "content": content}
    return insert_one(session, HandoverRow, values)


def take_over(session: Session, handover_id: int, incoming_id: int, now: datetime) -> bool:
    """Sign as who comes; False if somebody has, or it is the one who wrote it."""
    statement = (
        update(HandoverRow)
        .where(
            col(HandoverRow.id) == handover_id,
            col(HandoverRow.signed_in_at).is_(None),
            col(HandoverRow.outgoing_id) != incoming_id,
        )
        .values(incoming_id=incoming_id, signed_in_at=now)
        .returning(col(HandoverRow.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).first() is not None


def by_id(session: Session, handover_id: int) -> HandoverRow | None:
    return session.get(HandoverRow, handover_id)


def unsigned(session: Session) -> list[HandoverRow]:
    """Return what nobody has taken over yet, oldest first."""
    statement = select(HandoverRow).where(col(HandoverRow.signed_in_at).is_(None)).order_by(col(HandoverRow.id))
    return list(session.execute(statement).scalars())


def page(session: Session, *, before_id: int | None = None, limit: int = 30) -> list[HandoverRow]:
    """Return hand-overs, newest first; `before_id` is the last one seen."""
    statement = select(HandoverRow)
    if before_id is not None:
        statement = statement.where(col(HandoverRow.id) < before_id)
    return list(session.execute(statement.order_by(col(HandoverRow.id).desc()).limit(limit)).scalars())
