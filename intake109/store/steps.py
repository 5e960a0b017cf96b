"""The steps of appeals from one status to another."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import StepRow


def add(session: Session, step: StepRow) -> None:
    """Write a step down."""
    session.add(step)


def of_appeal(session: Session, appeal_id: int) -> list[StepRow]:
    """Return the steps of an appeal, the first first."""
    statement = select(StepRow).where(col(StepRow.appeal_id) == appeal_id).order_by(col(StepRow.id))
    return list(session.execute(statement).scalars())


def last_id(session: Session) -> int:
    """Return the id of the newest step, 0 before the first."""
    return session.execute(select(func.max(col(StepRow.id)))).scalar() or 0


def after(session: Session, step_id: int, limit: int) -> list[StepRow]:
    """Return the steps that follow one, oldest first."""
    statement = select(StepRow).where(col(StepRow.id) > step_id).order_by(col(StepRow.id)).limit(limit)
    return list(session.execute(statement).scalars())
