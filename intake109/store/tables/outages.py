"""Announced interruptions, where they are, what became of them, and who asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import document, long_text, maybe_moment, moment

_RUNNING = sql("over_at IS NULL")
_TO_TELL = sql("tell_at IS NOT NULL")


class OutageRow(SQLModel, table=True):
    """What is switched off, and when.

    `services` are codes of the catalogue, `family` all codes that citizens' words about it may get: those of the same
    groups, as the catalogue was when it was entered.

    Over when somebody says so (`over_at`): it ended, or was cancelled before. `lapsed_at` is when the announced end
    passed and nobody had said anything. `version` counts edits, so that two people never overwrite each other.
    """

    __tablename__ = "outages"
    __table_args__ = (
        Index("ix_outages_running", "ends_at", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        Index("ix_outages_began", "begins_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    services: list[str] = document(list)
    family: list[str] = document(list)
    begins_at: datetime = moment()
    ends_at: datetime = moment()
    text_ru: str = long_text()
    text_kk: str = long_text()
    text_en: str = long_text()
    source: str = long_text()
    entered_by: int | None = Field(default=None, foreign_key="users.id")
    entered_at: datetime = moment()
    over_at: datetime | None = maybe_moment()
    is_cancelled: bool = False
    lapsed_at: datetime | None = maybe_moment()
    version: int = 1


class OutagePlaceRow(SQLModel, table=True):
    """A street, a district or the whole city (`*`) of an outage. `houses` is empty where all are meant.

    `area` is the district a street lies in, as far as it is known.
    """

    __tablename__ = "outage_places"
    __table_args__ = (
        Index("ix_outage_places_key", "key", "outage_id"),
        Index("ix_outage_places_area", "area", "outage_id"),
        Index("ix_outage_places_outage", "outage_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    outage_id: int = Field(foreign_key="outages.id")
    key: str
    area: str = ""
    name: str
    houses: list[str] = document(list)


class OutageChangeRow(SQLModel, table=True):
    """Something that happened to an outage. `tell_at` is when those who asked are to be told, empty once all are.

    `told_until` is the last reporter who was; `changed_by` is empty where the machine saw the end pass.
    """

    __tablename__ = "outage_changes"
    __table_args__ = (
        Index("ix_outage_changes_outage", "outage_id", "id"),
        Index("ix_outage_changes_to_tell", "tell_at", sqlite_where=_TO_TELL, postgresql_where=_TO_TELL),
    )

    id: int | None = Field(default=None, primary_key=True)
    outage_id: int = Field(foreign_key="outages.id")
    kind: str
    at: datetime = moment()
    changed_by: int | None = Field(default=None, foreign_key="users.id")
    before: dict[str, Any] = document()
    after: dict[str, Any] = document()
    tell_at: datetime | None = maybe_moment()
    told_until: int = 0
    undone_at: datetime | None = maybe_moment()


class OutageAppealRow(SQLModel, table=True):
    """An appeal that was answered with an outage: its reporters are told when the outage moves or ends."""

    __tablename__ = "outage_appeals"

    appeal_id: int = Field(primary_key=True, foreign_key="appeals.id")
    outage_id: int = Field(foreign_key="outages.id", index=True)
    linked_at: datetime = moment()


class OutageMatchRow(SQLModel, table=True):
    """An open task that an outage may explain. `doubt` says what the citizen left open; empty: nothing."""

    __tablename__ = "outage_matches"

    task_id: int = Field(primary_key=True, foreign_key="tasks.id")
    outage_id: int = Field(primary_key=True, foreign_key="outages.id", index=True)
    doubt: str = ""


class OutageDraftRow(SQLModel, table=True):
    """Announcements that were read from a file or a text and wait to be looked at; none is an outage yet.

    `saved` holds the outage each became, by its position in `content`.
    """

    __tablename__ = "outage_drafts"

    id: int | None = Field(default=None, primary_key=True)
    name: str = ""
    made_by: int = Field(foreign_key="users.id")
    made_at: datetime = moment()
    content: dict[str, Any] = document()
    saved: dict[str, Any] = document()
