"""The steps of appeals from one status to another."""

from __future__ import annotations

from sqlalchemy import select
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
