"""Reports: the chain of sealed days, who gets them every night, and those somebody asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import document, long_text, maybe_moment, moment

_WANTED = sql("done_at IS NULL")


class SealRow(SQLModel, table=True):
    """One link of the chain: the figures of a day (`content`, canonical JSON) as they were when it was sealed.

    `digest` covers the link before (`previous`, empty for the first), so nothing can be changed, taken out or slipped
    in unseen (reports/seal.py); that `previous` is unique keeps the chain from forking. A day is corrected by a further
    link with a higher `revision`, a `reason` and the `changes`. `sealed_by` empty: the nightly chore.
    """

    __tablename__ = "seals"
    __table_args__ = (UniqueConstraint("day", "revision"), UniqueConstraint("previous"))

    id: int | None = Field(default=None, primary_key=True)
    day: str
    revision: int
    content: str = long_text()
    previous: str
    digest: str
    sealed_at: datetime = moment()
    sealed_by: int | None = Field(default=None, foreign_key="users.id")
    reason: str = long_text()
    changes: list[dict[str, Any]] = document(list)


class SubscriberRow(SQLModel, table=True):
    """Who gets the report every night. `way` is email or telegram, `address` a mailbox or the id of a chat."""

    __tablename__ = "report_subscribers"
    __table_args__ = (UniqueConstraint("way", "address"),)

    id: int | None = Field(default=None, primary_key=True)
    way: str
    address: str
    language: str
    added_at: datetime = moment()
    added_by: int | None = Field(default=None, foreign_key="users.id")


class ReportOrderRow(SQLModel, table=True):
    """A report of a range that somebody asked for; made in the background, `share` 0…1 of the way.

    Over when `done_at` is set: with its figures in `content`, or with a `problem`.
    """

    __tablename__ = "report_orders"
    __table_args__ = (Index("ix_report_orders_wanted", "id", sqlite_where=_WANTED, postgresql_where=_WANTED),)

    id: int | None = Field(default=None, primary_key=True)
    first: str
    last: str
    asked_by: int = Field(foreign_key="users.id")
    asked_at: datetime = moment()
    share: float = 0.0
    lease_until: datetime | None = maybe_moment()
    attempts: int = 0
    done_at: datetime | None = maybe_moment()
    problem: str = long_text()
    content: str = long_text()
