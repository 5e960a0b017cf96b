"""Tasks that a supervisor puts before somebody, and turns of those that others would keep waiting for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.rows import insert_new
from intake109.store.tables import TaskRow, TurnRow
from intake109.store.tasks import is_free


def give(session: Session, task_id: int, to_id: int, by_id: int, now: datetime, lease_until: datetime) -> bool:
    """Make somebody the holder of a task, whoever held it before; False if it is decided."""
    statement = (
        update(TaskRow)
        .where(col(TaskRow.id) == task_id, col(TaskRow.decided_at).is_(None))
        .values(claimed_by=to_id, claimed_at=now, lease_until=lease_until, given_by=by_id)
        .returning(col(TaskRow.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).first() is not None


def given_to(session: Session, user_id: int, now: datetime) -> list[TaskRow]:
    """Return what waits to be opened by the person it was given to, the most urgent first."""
    statement = (
        select(TaskRow)
        .where(
            col(TaskRow.claimed_by) == user_id,
            col(TaskRow.given_by).is_not(None),
            col(TaskRow.decided_at).is_(None),
            col(TaskRow.lease_until) > now,
        )
        .order_by(col(TaskRow.rank), col(TaskRow.turn), col(TaskRow.id))
    )
    return list(session.execute(statement).scalars())


def held_by(session: Session, user_id: int, now: datetime) -> list[int]:
    """Return the ids of the open tasks somebody holds."""
    statement = select(col(TaskRow.id)).where(
        col(TaskRow.claimed_by) == user_id, col(TaskRow.decided_at).is_(None), col(TaskRow.lease_until) > now
    )
    return [found for found in session.execute(statement).scalars() if found is not None]


def longest_broken(session: Session, now: datetime, *, channel: str, language: str, sphere: str) -> int | None:
    """Return the free task, no incident, whose promise has been broken the longest."""
    wanted = ((TaskRow.channel, channel), (TaskRow.language, language), (TaskRow.sphere, sphere))
    statement = (
        select(col(TaskRow.id))
        .where(col(TaskRow.decided_at).is_(None), col(TaskRow.shelf) == "queue", is_free(now))
        .where(col(TaskRow.rank) > 0, col(TaskRow.promise_at) <= now)
        .where(*(col(column) == value for column, value in wanted if value))
        .order_by(col(TaskRow.due_at), col(TaskRow.id))
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return session.execute(statement).scalar()


def last_turn(session: Session, name: str, now: datetime) -> datetime:
    """Return when there was a turn last; now if there was none."""
    row = session.get(TurnRow, name, populate_existing=True)
    return row.at if row is not None else now


def take_turn(session: Session, name: str, now: datetime, pause: timedelta) -> bool:
    """Take a turn; False if there was one less than `pause` ago. Of several who ask at once one gets it."""
    if insert_new(session, TurnRow, [{"name": name, "at": now}]):
        return True
    statement = (
        update(TurnRow)
        .where(col(TurnRow.name) == name, or_(col(TurnRow.at) <= now - pause, col(TurnRow.at) > now))
        .values(at=now)
        .returning(col(TurnRow.name))
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).first() is not None
