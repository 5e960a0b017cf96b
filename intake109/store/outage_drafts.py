"""Announcements that wait to be looked at before they become outages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import OutageDraftRow

_KEPT = timedelta(days=7)


def add(session: Session, name: str, content: dict[str, Any], user_id: int, now: datetime) -> int:
    """Keep a draft and return its id; drafts of last week are forgotten."""
    session.execute(delete(OutageDraftRow).where(col(OutageDraftRow.made_at) < now - _KEPT))
    row = OutageDraftRow(name=name[:120], made_by=user_id, made_at=now, content=content)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def lock(session: Session, draft_id: int) -> OutageDraftRow | None:
    """Return a draft; until the transaction ends nobody else works on it."""
    return session.get(OutageDraftRow, draft_id, with_for_update=True, populate_existing=True)


def latest(session: Session, limit: int = 5) -> list[OutageDraftRow]:
    """Return the newest drafts."""
    statement = select(OutageDraftRow).order_by(col(OutageDraftRow.id).desc()).limit(limit)
    return list(session.execute(statement).scalars())
