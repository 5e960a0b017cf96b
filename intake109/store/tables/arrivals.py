"""What came from outside before anything looked at it, and how the channels are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import long_text, maybe_moment, moment

_WAITING = sql("handled_at IS NULL")
_QUARANTINED = sql("quarantined_at IS NOT NULL")
_GOING_ON = sql("ended_at IS NULL")


class EventRow(SQLModel, table=True):
    """One raw delivery. Waiting while `handled_at` is empty; quarantined ones are shown and can be replayed.

    `previous_poll_at` is the last good poll before the one that brought it: nothing it tells can have been missed then.
    """

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("channel", "key", "version"),
        Index("ix_events_rhythm", "channel", "received_at"),
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
    """How a collector is. `retry_at` in the future means that its breaker is open.

    `rhythm_s` is how long it may be silent at most while all is well; 0: it is called, there is no rhythm.
    `quiet_since` is since when one that is called has been silent longer than is usual at this time of the week.
    """

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
    rhythm_s: float = 0.0
    quiet_since: datetime | None = maybe_moment()


class BlindSpellRow(SQLModel, table=True):
    """A time in which citizens' words did not reach us on one way in; going on while `ended_at` is empty.

    `name` is the way as on the health page (`instagram.tags`), or `pause.instagram` for a channel put on pause. It
    begins with the last good view, not when somebody noticed. `reason` is `errors`, `silence`, `expired`,
    `unsubscribed` or `paused`.
    """

    __tablename__ = "blind_spells"
    __table_args__ = (
        Index("ix_blind_spells_open", "name", unique=True, sqlite_where=_GOING_ON, postgresql_where=_GOING_ON),
        Index("ix_blind_spells_channel", "channel", "began_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    channel: str
    began_at: datetime = moment()
    ended_at: datetime | None = maybe_moment()
    reason: str


class PauseRow(SQLModel, table=True):
    """A channel that a supervisor has put on pause: neither asked nor written to until the row is gone."""

    __tablename__ = "pauses"

    channel: str = Field(primary_key=True)
    reason: str = long_text()
    paused_by: int = Field(foreign_key="users.id")
    paused_at: datetime = moment()


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
