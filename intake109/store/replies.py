"""What executors wrote back: what came, and what waits for a person."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import AppealRow, ReplyRow

OPEN = ("open", "failed")
"""States in which a person has to look."""


def by_key(session: Session, key: str) -> ReplyRow | None:
    """Return what came under this key, locked until the transaction ends."""
    statement = select(ReplyRow).where(col(ReplyRow.key) == key).with_for_update()
    return session.execute(statement.execution_options(populate_existing=True)).scalar()


def is_known(session: Session, key: str) -> bool:
    """Say whether something came under this key; asked where nothing is written yet, too."""
    return session.execute(select(col(ReplyRow.id)).where(col(ReplyRow.key) == key)).first() is not None


def add(session: Session, row: ReplyRow) -> ReplyRow:
    """Keep what came and return it with its id."""
    session.add(row)
    session.flush()
    return row


def lock(session: Session, row_id: int) -> ReplyRow | None:
    """Return one as it is now, locked until the transaction ends."""
    return session.get(ReplyRow, row_id, with_for_update=True, populate_existing=True)


def waiting_for_a_person(session: Session, limit: int = 100) -> list[tuple[ReplyRow, AppealRow | None]]:
    """Return what a person has to look at, newest first, each with the appeal it was about as far as is known."""
    statement = (
        select(ReplyRow, AppealRow)
        .outerjoin(AppealRow, col(AppealRow.id) == col(ReplyRow.appeal_id))
        .where(col(ReplyRow.state).in_(OPEN))
        .order_by(col(ReplyRow.id).desc())
        .limit(limit)
    )
    return [(row, appeal) for row, appeal in session.execute(statement)]


def count(session: Session) -> int:
    """Return how many a person has to look at."""
    return session.execute(select(func.count()).select_from(ReplyRow).where(col(ReplyRow.state).in_(OPEN))).scalar_one()
