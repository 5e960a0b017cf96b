"""Who has a task before the eyes now, whether or not the person has claimed it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import ReaderRow

FRESH = timedelta(seconds=40)
"""An open page tells of itself every 15 s; after two that did not come nobody is there."""


def look(session: Session, task_id: int, user_id: int, now: datetime) -> list[int]:
    """Note that somebody reads a task; return the tasks whose readers changed by it: news only then.

    Whoever else has fallen silent is forgotten on the way, for a page that died tells nobody that it has.
    """
    left = delete(ReaderRow).where(
        or_(col(ReaderRow.user_id) != user_id, col(ReaderRow.task_id) != task_id), col(ReaderRow.seen_at) <= now - FRESH
    )
    changed = list(session.execute(left.returning(col(ReaderRow.task_id))).scalars())
    row = session.get(ReaderRow, (task_id, user_id))
    if row is None or row.seen_at <= now - FRESH:
        changed.append(task_id)
    session.merge(ReaderRow(task_id=task_id, user_id=user_id, seen_at=now))
    return changed


def leave(session: Session, task_id: int, user_id: int) -> bool:
    """Note that somebody reads a task no longer; False if that was known."""
    statement = (
        delete(ReaderRow)
        .where(col(ReaderRow.task_id) == task_id, col(ReaderRow.user_id) == user_id)
        .returning(col(ReaderRow.task_id))
    )
    return session.execute(statement).first() is not None


def of(session: Session, task_ids: Collection[int], now: datetime) -> dict[int, list[int]]:
    """Return the readers of tasks by task; tasks nobody reads are left out."""
    if not task_ids:
        return {}
    statement = (
        select(col(ReaderRow.task_id), col(ReaderRow.user_id))
        .where(col(ReaderRow.task_id).in_(task_ids), col(ReaderRow.seen_at) > now - FRESH)
        .order_by(col(ReaderRow.task_id), col(ReaderRow.user_id))
    )
    found: dict[int, list[int]] = {}
    for task_id, user_id in session.execute(statement):
        found.setdefault(task_id, []).append(user_id)
    return found
