"""What the processes of one product tell each other through the database. Moments here are the database's own time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import maybe_moment, moment


class LeaseRow(SQLModel, table=True):
    """Who alone does something. `token` grows with every holder: what an earlier one still writes is refused by it."""

    __tablename__ = "leases"

    name: str = Field(primary_key=True)
    holder: str = ""
    token: int = 0
    taken_at: datetime | None = maybe_moment()
    renewed_at: datetime | None = maybe_moment()
    until: datetime | None = maybe_moment()


class ProcessRow(SQLModel, table=True):
    """A process that serves pages (`web`), runs jobs (`worker`) or both (`run`); gone when it was told to stop.

    `folder_mark` names the folder of files it sees: two marks mean that the folder is not shared.
    """

    __tablename__ = "processes"

    id: str = Field(primary_key=True)
    role: str
    host: str
    pid: int
    folder_mark: str = ""
    started_at: datetime = moment()
    seen_at: datetime = moment()


class AttemptRow(SQLModel, table=True):
    """One attempt of somebody who may try only so often. `key` tells nobody who it was."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_key", "key", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str
    at: datetime = moment()


class ChoreRow(SQLModel, table=True):
    """When a chore by the clock was last done; from that follows since when it is due, whoever is elected by then."""

    __tablename__ = "chores"

    name: str = Field(primary_key=True)
    done_at: datetime = moment()
