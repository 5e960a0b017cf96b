"""What the machine registered: what nobody has checked yet, who checks it, and what stood before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import CheckRow, TaskRow


def is_unchecked(task: TaskRow) -> bool:
    """Say whether the machine registered it and nobody has checked that."""
    return task.outcome == "automatic" and task.checked_at is None


def is_checked(session: Session, task_id: int) -> bool:
    """Say whether a person has checked what the machine registered of a task."""
    task = session.get(TaskRow, task_id)
    return task is not None and task.outcome == "automatic" and task.checked_at is not None


def unchecked(session: Session, *, after: tuple[bool, datetime, int] | None = None, limit: int = 50) -> list[TaskRow]:
    """Return what the machine registered and nobody has checked: danger, then oldest first.

    `after` is (is_incident, decided_at, id) of the last one seen.
    """
    statement = select(TaskRow).where(col(TaskRow.outcome) == "automatic", col(TaskRow.checked_at).is_(None))
    if after:
        is_incident, decided_at, task_id = after
        later = or_(
            col(TaskRow.decided_at) > decided_at,
            and_(col(TaskRow.decided_at) == decided_at, col(TaskRow.id) > task_id),
        )
        same = and_(col(TaskRow.is_incident) == is_incident, later)
        statement = statement.where(or_(same, col(TaskRow.is_incident).is_(False)) if is_incident else same)
    order = (col(TaskRow.is_incident).desc(), col(TaskRow.decided_at), col(TaskRow.id))
    return list(session.execute(statement.order_by(*order).limit(limit)).scalars())


def count_unchecked(session: Session) -> int:
    """Return how much waits to be checked."""
    statement = select(func.count()).where(col(TaskRow.outcome) == "automatic", col(TaskRow.checked_at).is_(None))
    return session.execute(statement).scalar_one()


def take(session: Session, task_id: int, user_id: int, now: datetime) -> bool:
    """Note who checked an automatic registration; False if there is none, or somebody was first."""
    statement = (
        update(TaskRow)
        .where(col(TaskRow.id) == task_id, col(TaskRow.outcome) == "automatic", col(TaskRow.checked_at).is_(None))
        .values(checked_at=now, checked_by=user_id)
        .returning(col(TaskRow.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).first() is not None


def keep(session: Session, task_id: int, before: dict[str, Any], now: datetime) -> None:
    """Keep what stood before a check, until `before` or a sweep takes it."""
    session.merge(CheckRow(task_id=task_id, checked_at=now, before=before))


def before(session: Session, task_id: int) -> dict[str, Any] | None:
    """Return what stood before the last check of a task and forget it; None if nothing is kept."""
    statement = delete(CheckRow).where(col(CheckRow.task_id) == task_id).returning(col(CheckRow.before))
    found: dict[str, Any] | None = session.execute(statement).scalar()
    return found


def sweep(session: Session, now: datetime, kept: timedelta) -> None:
    """Forget what nobody can take back any more: it holds addresses."""
    session.execute(delete(CheckRow).where(col(CheckRow.checked_at) <= now - kept))
