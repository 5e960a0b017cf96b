"""Tasks that belong together: decided by one decision, or told of one problem."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import TaskRow


def decided_with(session: Session, task_id: int) -> list[TaskRow]:
    """Return the tasks decided together with a leader, locked until the transaction ends, by id."""
    statement = (
        select(TaskRow)
        .where(col(TaskRow.decided_with) == task_id)
        .order_by(col(TaskRow.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.execute(statement).scalars())


def lock_if_free(session: Session, task_id: int) -> TaskRow | None:
    """Return a task locked until the transaction ends; None if there is none, or another transaction writes it now.

    It never waits: two inspectors who decide overlapping groups, each with a leader the other has among its members,
    would wait for each other.
    """
    statement = (
        select(TaskRow)
        .where(col(TaskRow.id) == task_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return session.execute(statement).scalar()
