"""Who did what, for ever."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import AuditRow


def note(
    session: Session,
    now: datetime,
    actor_id: int | None,
    action: str,
    subject: str,
    subject_id: int,
    **detail: Any,
) -> None:
    """Write down an act; `actor_id` None is the system. `detail` holds ids and codes, never citizens' words."""
    session.add(
        AuditRow(at=now, actor_id=actor_id, action=action, subject=subject, subject_id=subject_id, detail=detail)
    )


def of(session: Session, subject: str, subject_id: int) -> list[AuditRow]:
    """Return what happened to a thing, oldest first."""
    statement = (
        select(AuditRow)
        .where(col(AuditRow.subject) == subject, col(AuditRow.subject_id) == subject_id)
        .order_by(col(AuditRow.id))
    )
    return list(session.execute(statement).scalars())
