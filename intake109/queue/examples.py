"""Every decision of a person teaches: what the machine said, what the person chose."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.model import Kind
from intake109.store.tables import ExampleRow, MentionRow, TaskRow

_KINDS = {"thanks": Kind.THANKS, "spam": Kind.SPAM, "chat": Kind.CHAT}


def keep(
    session: Session, task: TaskRow, mention: MentionRow, service: str, is_incident: bool, user_id: int, now: datetime
) -> None:
    """Keep a decision as an example. `NOT_OURS` and duplicates are appeals of no known service."""
    assert task.id is not None
    assert mention.id is not None
    session.add(
        ExampleRow(
            task_id=task.id,
            mention_id=mention.id,
            text=str(mention.verdict.get("text", mention.text)),
            said={
                "service": task.service,
                "kind": mention.kind,
                "is_incident": bool(mention.verdict.get("incident", {}).get("flag", False)),
                "model": mention.verdict.get("model", ""),
            },
            kind=_KINDS.get(task.reason, Kind.APPEAL).value,
            service=service,
            is_incident=is_incident,
            decided_at=now,
            decided_by=user_id,
        )
    )


def withdraw(session: Session, task_id: int, now: datetime) -> None:
    """An undone decision teaches nothing."""
    session.execute(
        update(ExampleRow)
        .where(col(ExampleRow.task_id) == task_id, col(ExampleRow.withdrawn_at).is_(None))
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
