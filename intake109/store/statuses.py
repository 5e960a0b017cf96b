"""Delivery statuses that came before we knew our message's id: the platform may be quicker than our own transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.model import Channel, DeliveryState, DeliveryStatus
from intake109.store.tables import EarlyStatusRow


def keep(session: Session, channel: Channel, status: DeliveryStatus, now: datetime) -> None:
    """Keep a status until its message is known; those of messages that are not ours are swept."""
    session.add(
        EarlyStatusRow(
            channel=channel.value,
            external_id=status.external_id,
            state=status.state.value,
            code=status.code,
            reason=status.reason,
            at=status.at,
            kept_at=now,
        )
    )


def take(session: Session, channel: Channel, external_id: str) -> list[DeliveryStatus]:
    """Return what came early for a message and forget it."""
    statement = (
        delete(EarlyStatusRow)
        .where(col(EarlyStatusRow.channel) == channel.value, col(EarlyStatusRow.external_id) == external_id)
        .returning(
            col(EarlyStatusRow.state), col(EarlyStatusRow.at), col(EarlyStatusRow.code), col(EarlyStatusRow.reason)
        )
    )
    rows = session.execute(statement).all()
    return [DeliveryStatus(external_id, DeliveryState(state), at, code, reason) for state, at, code, reason in rows]


def sweep(session: Session, before: datetime) -> None:
    """Forget statuses whose message never became known."""
    session.execute(delete(EarlyStatusRow).where(col(EarlyStatusRow.kept_at) < before))
