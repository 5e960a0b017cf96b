"""Registered cases, their reporters, and the numbers given out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import document, long_text, maybe_moment, moment

_MERGED = sql("merged_into IS NOT NULL")
_STANDING = sql("split_at IS NULL")
_CLOSED = sql("closed_at IS NOT NULL")
_SAID = sql("said_at IS NOT NULL")
_RUNNING = sql("closed_at IS NULL AND annulled_at IS NULL")
_UNTOLD = sql("overdue_told_at IS NULL AND closed_at IS NULL AND annulled_at IS NULL")


class NumberRow(SQLModel, table=True):
    """The last number given in a year of the city; raised in the transaction that uses it, so there are no gaps."""

    __tablename__ = "numbers"

    year: int = Field(primary_key=True)
    last: int = 0


class AppealRow(SQLModel, table=True):
    """A registered case. Service name, norm and executor are kept as they were on the day of registration.

    One merged into another keeps its number and its reporters, who quote it; `merged_into` is the case that counts,
    never one that is merged itself (appeals/merging.py). That one comes due with the earliest of them:
    `own_deadline_at` and `own_is_incident` are what it would have by itself, empty while nothing is merged into it.
    `round` counts how often the problem was taken up: 1, and one more each time it came back (appeals/reopening.py).

    `status` is moved by appeals/course.py only. `deadline_why` says how the deadline was counted, by the working
    calendar of the version `calendar`; from `warn_at` on it is near. `promised_at` is what the executor itself
    promised, `organisation` who that is.
    While it waits for the citizen (`waiting_since`) it does so until `waiting_until` at most; in the long-term folder
    until `shelved_until`, which stops no clock. `pressed_at` is when the executor was last reminded, `overdue_told_at`
    when its superior was told. `executed_at` is when the work was believed done, `satisfied_at` when the last citizen
    had said so.
    `closed_as` is satisfied, answered (at once, by the centre) or unreached (nobody could be asked).
    """

    __tablename__ = "appeals"
    __table_args__ = (
        UniqueConstraint("year", "sequence"),
        Index("ix_appeals_place", "place_key", "registered_at"),
        Index("ix_appeals_street_key", "street_key", "registered_at"),
        Index("ix_appeals_area_key", "area_key", "registered_at"),
        Index("ix_appeals_cell", "cell", "registered_at"),
        Index("ix_appeals_open", "status", "deadline_at"),
        Index("ix_appeals_registered", "registered_at"),
        Index("ix_appeals_closed", "closed_at", sqlite_where=_CLOSED, postgresql_where=_CLOSED),
        Index("ix_appeals_organisation", "organisation", "status"),
        Index("ix_appeals_warned", "warn_at", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        Index("ix_appeals_untold", "deadline_at", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
        Index("ix_appeals_merged", "merged_into", sqlite_where=_MERGED, postgresql_where=_MERGED),
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
    merged_into: int | None = Field(default=None, foreign_key="appeals.id")
    own_deadline_at: datetime | None = maybe_moment()
    own_is_incident: bool | None = None
    round: int = 1
    organisation: str = ""
    calendar: str = ""
    deadline_why: dict[str, Any] = document()
    warn_at: datetime | None = maybe_moment()
    promised_at: datetime | None = maybe_moment()
    waiting_since: datetime | None = maybe_moment()
    waiting_until: datetime | None = maybe_moment()
    shelved_until: datetime | None = maybe_moment()
    shelved_owner: int | None = Field(default=None, foreign_key="users.id")
    shelved_why: str = long_text()
    executed_at: datetime | None = maybe_moment()
    satisfied_at: datetime | None = maybe_moment()
    closed_as: str = ""
    closed_why: str = long_text()
    pressed_at: datetime | None = maybe_moment()
    overdue_told_at: datetime | None = maybe_moment()


class ReporterRow(SQLModel, table=True):
    """A citizen attached to an appeal through a mention.

    `asked_of` is the case and `asked_round` its round after which the citizen was last asked whether it is solved,
    `said` what was answered to that: yes or no, empty while nothing was. What was said before is in `words`.
    """

    __tablename__ = "reporters"
    __table_args__ = (
        UniqueConstraint("appeal_id", "mention_id"),
        Index("ix_reporters_said", "said_at", sqlite_where=_SAID, postgresql_where=_SAID),
    )

    id: int | None = Field(default=None, primary_key=True)
    appeal_id: int = Field(foreign_key="appeals.id")
    mention_id: int = Field(foreign_key="mentions.id", index=True)
    conversation_id: int = Field(foreign_key="conversations.id", index=True)
    language: str
    added_at: datetime = moment()
    removed_at: datetime | None = maybe_moment()
    asked_at: datetime | None = maybe_moment()
    asked_round: int = 0
    asked_of: int = 0
    said: str = ""
    said_at: datetime | None = maybe_moment()


class MergeRow(SQLModel, table=True):
    """An appeal was merged into another one; with `split_at` it no longer is.

    `into_id` is the case it was merged into then; where that was merged on since, both lie in the last one.
    `status` is what the appeal had before. `letters` are ids: `owed` tell of the merge, `cancelled` are those they were
    written instead of. A merge that nobody has heard of yet is taken back without a word.
    """

    __tablename__ = "merges"
    __table_args__ = (
        Index("ix_merges_standing", "appeal_id", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
    )

    id: int | None = Field(default=None, primary_key=True)
    appeal_id: int = Field(foreign_key="appeals.id", index=True)
    into_id: int = Field(foreign_key="appeals.id", index=True)
    merged_at: datetime = moment()
    merged_by: int | None = Field(default=None, foreign_key="users.id")
    status: str
    letters: dict[str, Any] = document()
    split_at: datetime | None = maybe_moment()
    split_by: int | None = Field(default=None, foreign_key="users.id")


class RoundRow(SQLModel, table=True):
    """A closed appeal was taken up again, for `mention_id`; with `undone_at` that was taken back.

    `closed_at` (when it was believed done), `deadline_at` with how it was counted, and `status` are those with which
    the round before had ended.
    """

    __tablename__ = "rounds"

    id: int | None = Field(default=None, primary_key=True)
    appeal_id: int = Field(foreign_key="appeals.id", index=True)
    round: int
    mention_id: int = Field(foreign_key="mentions.id", index=True)
    opened_at: datetime = moment()
    opened_by: int | None = Field(default=None, foreign_key="users.id")
    closed_at: datetime = moment()
    deadline_at: datetime = moment()
    deadline_why: dict[str, Any] = document()
    calendar: str = ""
    status: str
    undone_at: datetime | None = maybe_moment()
