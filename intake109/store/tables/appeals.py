"""Registered cases, their reporters, and the numbers given out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import document, long_text, maybe_moment, moment


class NumberRow(SQLModel, table=True):
    """The last number given in a year of the city; raised in the transaction that uses it, so there are no gaps."""

    __tablename__ = "numbers"

    year: int = Field(primary_key=True)
    last: int = 0


class AppealRow(SQLModel, table=True):
    """A registered case. Service name, norm and executor are kept as they were on the day of registration."""

    __tablename__ = "appeals"
    __table_args__ = (
        UniqueConstraint("year", "sequence"),
        Index("ix_appeals_place", "place_key", "registered_at"),
        Index("ix_appeals_street_key", "street_key", "registered_at"),
        Index("ix_appeals_area_key", "area_key", "registered_at"),
        Index("ix_appeals_cell", "cell", "registered_at"),
        Index("ix_appeals_open", "status", "deadline_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    year: int
    sequence: int
    service: str = Field(index=True)
    sphere: str
    is_incident: bool = False
    address: str = long_text()
    place_key: str = ""
    street_key: str = ""
    area_key: str = ""
    cell: str = ""
    place: dict[str, Any] = document()
    latitude: float | None = None
    longitude: float | None = None
    note: str = long_text()
    executor: str = ""
    status: str = "registered"
    norm: str = ""
    registered_at: datetime = moment()
    registered_by: int | None = Field(default=None, foreign_key="users.id")
    deadline_at: datetime = moment()
    closed_at: datetime | None = maybe_moment()
    annulled_at: datetime | None = maybe_moment()
    annulled_why: str = long_text()
    external_number: str = ""


class ReporterRow(SQLModel, table=True):
    """A citizen attached to an appeal through a mention."""

    __tablename__ = "reporters"
    __table_args__ = (UniqueConstraint("appeal_id", "mention_id"),)

    id: int | None = Field(default=None, primary_key=True)
    appeal_id: int = Field(foreign_key="appeals.id")
    mention_id: int = Field(foreign_key="mentions.id", index=True)
    conversation_id: int = Field(foreign_key="conversations.id", index=True)
    language: str
    added_at: datetime = moment()
    removed_at: datetime | None = maybe_moment()
