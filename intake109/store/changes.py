"""Hints to open screens: something changed. Every web process reads them; they are never the truth itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.rows import insert_one
from intake109.store.tables import ChangeRow


class Topic(StrEnum):
    """What a hint is about; `subject_id` is the row's id."""

    TASK = "task"
    CLAIM = "claim"
    MEDIA = "media"
    OUTBOX = "outbox"
    HEALTH = "health"
    READING = "reading"
    DUTY = "duty"
    ALERT = "alert"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class Change:
    id: int
    topic: Topic
    subject_id: int


def tell(session: Session, topic: Topic, subject_id: int, now: datetime) -> None:
    """Tell open screens that something changed; they hear of it once the transaction commits."""
    insert_one(session, ChangeRow, {"at": now, "topic": topic.value, "subject_id": subject_id})


def last_id(session: Session) -> int:
    """Return the id of the newest hint, 0 if there is none."""
    return session.execute(select(func.max(ChangeRow.id))).scalar() or 0


def since(session: Session, last_id: int, limit: int = 500) -> list[Change]:
    """Return hints newer than `last_id`, oldest first.

    On PostgreSQL a lower id may become visible after a higher one; whoever reads on and on keeps in mind what is
    missing (`review_ui.hints`).
    """
    return _read(session, col(ChangeRow.id) > last_id, limit)


def by_ids(session: Session, ids: Sequence[int]) -> list[Change]:
    """Return those of the hints that are visible, oldest first."""
    return _read(session, col(ChangeRow.id).in_(ids), len(ids))


def lately(session: Session, until_id: int, since: datetime, limit: int) -> list[Change]:
    """Return hints up to an id that were written since a moment, oldest first."""
    return _read(session, (col(ChangeRow.id) <= until_id) & (col(ChangeRow.at) >= since), limit)


def _read(session: Session, which: ColumnElement[bool], limit: int) -> list[Change]:
    statement = (
        select(col(ChangeRow.id), col(ChangeRow.topic), col(ChangeRow.subject_id))
        .where(which)
        .order_by(col(ChangeRow.id))
        .limit(limit)
    )
    return [Change(row_id, Topic(topic), subject) for row_id, topic, subject in session.execute(statement) if row_id]


def sweep(session: Session, before: datetime) -> None:
    """Forget old hints."""
    session.execute(delete(ChangeRow).where(col(ChangeRow.at) < before))
