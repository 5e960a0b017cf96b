"""What came from outside before anything looked at it, and how the channels are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import long_text, maybe_moment, moment

_WAITING = sql("handled_at IS NULL")
_QUARANTINED = sql("quarantined_at IS NOT NULL")


class EventRow(SQLModel, table=True):
    """One raw delivery. Waiting while `handled_at` is empty; quarantined ones are shown and can be replayed.

    `previous_poll_at` is the last good poll before the one that brought it: nothing it tells can have been missed then.
    """

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("channel", "key", "version"),
        Index("ix_events_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_events_quarantined", "id", sqlite_where=_QUARANTINED, postgresql_where=_QUARANTINED),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    key: str
    version: str = ""
    source: str
    payload: str = long_text()
    received_at: datetime = moment()
    previous_poll_at: datetime | None = maybe_moment()
    handled_at: datetime | None = maybe_moment()
    quarantined_at: datetime | None = maybe_moment()
    error: str = long_text()
    attempts: int = 0
    next_attempt_at: datetime | None = maybe_moment()


class CursorRow(SQLModel, table=True):
    """How far a poller has read; written with the events it brought."""

    __tablename__ = "cursors"

    name: str = Field(primary_key=True)
    value: str = long_text()
    updated_at: datetime = moment()


class HealthRow(SQLModel, table=True):
    """How a collector is. `retry_at` in the future means that its breaker is open."""

    __tablename__ = "channel_health"

    name: str = Field(primary_key=True)
    channel: str
    last_event_at: datetime | None = maybe_moment()
    last_good_at: datetime | None = maybe_moment()
    last_error_at: datetime | None = maybe_moment()
    last_error: str = long_text()
    backoff: str = ""
    errors_in_row: int = 0
    retry_at: datetime | None = maybe_moment()
    lag_s: float = 0.0
    rejected: int = 0
    last_rejected_at: datetime | None = maybe_moment()
    credentials_expire_at: datetime | None = maybe_moment()


class LookupRow(SQLModel, table=True):
    """Something a delivery only pointed at and that must be asked for."""

    __tablename__ = "lookups"
    __table_args__ = (UniqueConstraint("channel", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    key: str
    reference: str = long_text()
    state: str = Field(default="waiting", index=True)
    reason: str = long_text()
    attempts: int = 0
    next_attempt_at: datetime = moment()
    lease_until: datetime | None = maybe_moment()
