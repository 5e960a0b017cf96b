"""Who is at work, who reads what, and how one shift hands over to the next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import document, long_text, maybe_moment, moment

_GOING_ON = sql("ended_at IS NULL")
_UNSIGNED = sql("signed_in_at IS NULL")


class DutyRow(SQLModel, table=True):
    """A stretch of somebody's shift, `state` on or break; going on while `ended_at` is empty. Without one: off."""

    __tablename__ = "duties"
    __table_args__ = (
        Index("ix_duties_open", "user_id", unique=True, sqlite_where=_GOING_ON, postgresql_where=_GOING_ON),
        Index("ix_duties_began", "began_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="users.id")
    state: str
    began_at: datetime = moment()
    ended_at: datetime | None = maybe_moment()


class ReaderRow(SQLModel, table=True):
    """Somebody has a task before the eyes; renewed by the open page, forgotten when it is not."""

    __tablename__ = "readers"

    task_id: int = Field(primary_key=True, foreign_key="tasks.id")
    user_id: int = Field(primary_key=True, foreign_key="users.id", index=True)
    seen_at: datetime = moment()


class HandoverRow(SQLModel, table=True):
    """A shift handed over. `content` holds ids and moments of what was open then, never citizens' words.

    Signed by who goes when it is written, by who comes when `signed_in_at` is set.
    """

    __tablename__ = "handovers"
    __table_args__ = (Index("ix_handovers_unsigned", "id", sqlite_where=_UNSIGNED, postgresql_where=_UNSIGNED),)

    id: int | None = Field(default=None, primary_key=True)
    outgoing_id: int = Field(foreign_key="users.id")
    signed_out_at: datetime = moment()
    note: str = long_text()
    content: dict[str, Any] = document()
    incoming_id: int | None = Field(default=None, foreign_key="users.id")
    signed_in_at: datetime | None = maybe_moment()


class TurnRow(SQLModel, table=True):
    """When it was last the turn of `name`, of those that must not wait for ever behind others."""

    __tablename__ = "turns"

    name: str = Field(primary_key=True)
    at: datetime = moment()
