"""The review queue: one task per mention, the inspectors' drafts, and what their decisions teach."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import document, long_text, maybe_moment, moment

_OPEN = sql("decided_at IS NULL")
_HEARD = sql("news_at IS NOT NULL")
_FOLLOWING = sql("follows_id IS NOT NULL")
_STORMY = sql("decided_at IS NULL AND group_key <> '' AND rank < 2")
_UNCHECKED = sql("outcome = 'automatic' AND checked_at IS NULL")


def _open_with(index: str, column: str, *more: str) -> Index:
    """Index the open tasks that have something in a column; `decided_at` makes SQLite choose it."""
    where = sql(f"decided_at IS NULL AND {column} <> ''")
    return Index(index, "decided_at", column, *more, sqlite_where=where, postgresql_where=where)


class TaskRow(SQLModel, table=True):
    """One line of the queue. Open while `decided_at` is empty. A claim is `claimed_by` with a `lease_until` ahead.

    `shelf` is `queue`, `no_appeal` for what the classifier is certain is none, or `joined` for what waits with the task
    it follows (`follows_id`, never one that follows itself; it stays when both are decided). `rank` orders by danger
    first, `turn` among those of one rank: the smaller the sooner (queue/order.py).
    `rung` is the next one of the ladder and `rung_at` when to look at it (queue/ladder.py); empty: nothing will happen.
    `given_by` is the supervisor who gave it to its holder, until the holder has opened it. `blind_spell_id` is the
    time of blindness in which the citizen wrote, where we found it only afterwards.
    `late_cause` says why the decision came after the promise. What the machine registered waits with the outcome
    `automatic` until a person has checked it, `checked_as` confirmed, corrected, attached or annulled.
    `group_key` is empty, or the same for all that may be one problem: its family and its place (dedup/problem.py);
    `citizen_id` tells their citizens apart: the first conversation of the author. `place_key` is the house,
    `street_key` the street, `area_key` the district or landmark, `cell` a square on the map.
    `decided_with` is the task by whose decision this one was decided too (queue/together.py).
    """

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_open", "shelf", "rank", "turn", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(
            "ix_tasks_figures",
            *("shelf", "promise_at", "is_incident"),
            "decided_at",  # or SQLite would look every row up
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_tasks_news", "news_at", "decided_at", "news_seen_at", sqlite_where=_HEARD, postgresql_where=_HEARD),
        # Empty as it always is here, `decided_at` makes SQLite choose this index; else it would look through all open.
        Index("ix_tasks_rung", "decided_at", "rung_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_tasks_unchecked", "decided_at", sqlite_where=_UNCHECKED, postgresql_where=_UNCHECKED),
        Index("ix_tasks_decided", "decided_at"),
        Index("ix_tasks_mentioned", "mentioned_at"),
        Index("ix_tasks_appeal", "appeal_id"),
        Index("ix_tasks_follows", "follows_id", sqlite_where=_FOLLOWING, postgresql_where=_FOLLOWING),
        _open_with("ix_tasks_group", "group_key", "citizen_id", "rank", "due_at", "id"),
        Index("ix_tasks_storm", "decided_at", "group_key", sqlite_where=_STORMY, postgresql_where=_STORMY),
        _open_with("ix_tasks_open_place_key", "place_key"),
        _open_with("ix_tasks_open_street_key", "street_key"),
        _open_with("ix_tasks_open_area_key", "area_key"),
        _open_with("ix_tasks_open_cell", "cell"),
    )

    id: int | None = Field(default=None, primary_key=True)
    mention_id: int = Field(foreign_key="mentions.id", unique=True)
    channel: str
    shelf: str = "queue"
    rank: int = 2
    turn: int = Field(default=0, sa_type=BigInteger)
    is_incident: bool = False
    language: str = ""
    sphere: str = ""
    service: str = ""
    excerpt: str = long_text()
    mentioned_at: datetime = moment()
    received_at: datetime = moment()
    target_at: datetime = moment()
    due_at: datetime = moment()
    promise_at: datetime = moment()
    claimed_by: int | None = Field(default=None, foreign_key="users.id", index=True)
    claimed_at: datetime | None = maybe_moment()
    lease_until: datetime | None = maybe_moment()
    given_by: int | None = Field(default=None, foreign_key="users.id")
    blind_spell_id: int | None = Field(default=None, foreign_key="blind_spells.id")
    news_at: datetime | None = maybe_moment()
    news_seen_at: datetime | None = maybe_moment()
    asked_at: datetime | None = maybe_moment()
    decided_at: datetime | None = maybe_moment()
    decided_by: int | None = Field(default=None, foreign_key="users.id")
    outcome: str = ""
    reason: str = long_text()
    appeal_id: int | None = Field(default=None, foreign_key="appeals.id")
    undo_until: datetime | None = maybe_moment()
    rung: int = 0
    rung_at: datetime | None = maybe_moment()
    late_cause: str = ""
    checked_at: datetime | None = maybe_moment()
    checked_by: int | None = Field(default=None, foreign_key="users.id")
    checked_as: str = ""
    follows_id: int | None = Field(default=None, foreign_key="tasks.id")
    decided_with: int | None = Field(default=None, foreign_key="tasks.id", index=True)
    citizen_id: int = 0
    group_key: str = ""
    place_key: str = ""
    street_key: str = ""
    area_key: str = ""
    cell: str = ""


class DraftRow(SQLModel, table=True):
    """What an inspector has typed into a task so far; kept until the task is decided."""

    __tablename__ = "drafts"

    task_id: int = Field(primary_key=True, foreign_key="tasks.id")
    user_id: int = Field(primary_key=True, foreign_key="users.id")
    content: dict[str, Any] = document()
    updated_at: datetime = moment()


class CheckRow(SQLModel, table=True):
    """What stood before a person checked what the machine registered; kept for as long as that can be taken back."""

    __tablename__ = "checks"

    task_id: int = Field(primary_key=True, foreign_key="tasks.id")
    checked_at: datetime = moment()
    before: dict[str, Any] = document()


class ExampleRow(SQLModel, table=True):
    """A decision as a training example: what the machine said, what the person chose."""

    __tablename__ = "examples"
    __table_args__ = (Index("ix_examples_decided", "decided_at"),)

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="tasks.id", index=True)
    mention_id: int = Field(foreign_key="mentions.id")
    text: str = long_text()
    said: dict[str, Any] = document()
    kind: str
    service: str = ""
    is_incident: bool = False
    decided_at: datetime = moment()
    decided_by: int = Field(foreign_key="users.id")
    withdrawn_at: datetime | None = maybe_moment()
