"""When a channel spoke: the stretches of ten minutes in which anything at all arrived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import EventRow

SLOT = timedelta(minutes=10)
_UP_TO_TEN_MINUTES = len("2026-11-20 07:1")


def active(session: Session, channel: str, since: datetime) -> set[datetime]:
    """Return the beginnings of all stretches since a moment in which something arrived on a channel.

    The index alone answers, and however much arrived there are no more than 144 a day.
    """
    stretch = _stretch(session).label("stretch")
    statement = select(stretch).where(col(EventRow.channel) == channel, col(EventRow.received_at) >= since).distinct()
    return {datetime.fromisoformat(f"{found}0").replace(tzinfo=UTC) for found in session.execute(statement).scalars()}


def _stretch(session: Session) -> ColumnElement[str]:
    """Return the moment as text up to its ten minutes, in UTC."""
    if session.get_bind().dialect.name == "sqlite":
        return func.substr(cast(col(EventRow.received_at), String), 1, _UP_TO_TEN_MINUTES)
    told = func.to_char(func.timezone("UTC", col(EventRow.received_at)), "YYYY-MM-DD HH24:MI")
    return func.left(told, _UP_TO_TEN_MINUTES)
