"""What the staff is told until somebody acknowledges it, and when the system stood still."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import long_text, maybe_moment, moment
from intake109.store.types import UtcDateTime

_LIVE = sql("ended_at IS NULL")


class AlertRow(SQLModel, table=True):
    """One thing told to somebody of the staff. `key` makes it unique: nothing is alerted twice.

    `audience` is `everybody`, `role:inspector` or `user:5`. `next_at` is when it is announced next, at first at once;
    empty: not again. `ways` are the ways out of the last round, comma-separated: an empty text after a round means that
    nobody could be told. Over when `ended_at` is set; `ended_why`: `acknowledged`, `taken`, `decided` or `registered`.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        Index("ix_alerts_next", "next_at", sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_alerts_task", "task_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    task_id: int | None = Field(default=None, foreign_key="tasks.id")
    audience: str
    created_at: datetime = moment()
    next_at: datetime | None = maybe_moment()
    rounds: int = 0
    ways: str = ""
    acknowledged_at: datetime | None = maybe_moment()
    acknowledged_by: int | None = Field(default=None, foreign_key="users.id")
    ended_at: datetime | None = maybe_moment()
    ended_why: str = ""


class AlertRoundRow(SQLModel, table=True):
    """What was told at once of all alerts of a kind to an audience; of several such rounds only the last is open.

    `count` tasks, whose youngest alert is `last_alert_id`, stand in the text `said`. While the round is open the number
    in the staff's chat follows what happens: it is looked at again at `look_at`.
    """

    __tablename__ = "alert_rounds"
    __table_args__ = (
        Index("ix_alert_rounds_open", "kind", "audience", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_alert_rounds_look", "look_at", sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    audience: str
    told_at: datetime = moment()
    count: int
    last_alert_id: int
    said: str = long_text()
    look_at: datetime = moment()
    ended_at: datetime | None = maybe_moment()


class StopRow(SQLModel, table=True):
    """A time in which no worker looked at the ladder: the system's fault, never the desk's."""

    __tablename__ = "stops"

    began_at: datetime = Field(sa_type=UtcDateTime, primary_key=True)
    ended_at: datetime = moment()
