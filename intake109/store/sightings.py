"""Who has seen whether a danger is over."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import SightingRow


def add(session: Session, row: SightingRow) -> SightingRow:
    """Keep a sighting and return it with its id."""
    session.add(row)
    session.flush()
    return row


def of_appeal(session: Session, appeal_id: int) -> list[SightingRow]:
    """Return who saw a danger, the newest first."""
    statement = select(SightingRow).where(col(SightingRow.appeal_id) == appeal_id).order_by(col(SightingRow.id).desc())
    return list(session.execute(statement).scalars())


def last_of(session: Session, appeal_ids: Collection[int]) -> dict[int, SightingRow]:
    """Return the newest sighting of each of several appeals, of whatever round, by the appeals' ids."""
    newest = (
        select(func.max(col(SightingRow.id)))
        .where(col(SightingRow.appeal_id).in_(appeal_ids))
        .group_by(col(SightingRow.appeal_id))
    )
    rows = session.execute(select(SightingRow).where(col(SightingRow.id).in_(newest))).scalars()
    return {row.appeal_id: row for row in rows}


def is_picture_of(session: Session, sha256: str) -> bool:
    """Say whether a file is the picture of some sighting."""
    statement = select(col(SightingRow.id)).where(col(SightingRow.sha256) == sha256)
    return session.execute(statement.limit(1)).first() is not None
