"""Channels that a supervisor has put on pause."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.rows import insert_new
from intake109.store.tables import PauseRow


def put(session: Session, channel: str, reason: str, user_id: int, now: datetime) -> bool:
    """Pause a channel; False if it is paused already."""
    values = {"channel": channel, "reason": reason, "paused_by": user_id, "paused_at": now}
    return insert_new(session, PauseRow, [values]) > 0


def lift(session: Session, channel: str) -> bool:
    """Let a channel go on; False if it was not paused."""
    statement = delete(PauseRow).where(col(PauseRow.channel) == channel).returning(col(PauseRow.channel))
    return session.execute(statement).first() is not None


def is_on(session: Session, channel: str) -> bool:
    """Say whether a channel is paused."""
    return session.get(PauseRow, channel) is not None


def all_of(session: Session) -> list[PauseRow]:
    """Return every pause, by channel."""
    return list(session.execute(select(PauseRow).order_by(col(PauseRow.channel))).scalars())
