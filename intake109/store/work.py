"""What an organisation has to do, as its own people see it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.appeals import of_case
from intake109.store.tables import AppealRow, AttachmentRow, ReporterRow

_OPEN = ("forwarded", "in_work", "waiting", "long_term")
_DONE = ("answered", "closed")


class Shelf(StrEnum):
    """Which of its appeals an organisation looks at; `LATE` are among the open ones."""

    OPEN = "open"
    LATE = "late"
    DONE = "done"


def page(
    session: Session, organisation: str, shelf: Shelf, now: datetime, before_id: int | None = None, limit: int = 50
) -> list[AppealRow]:
    """Return an organisation's appeals: danger first and what is due first; those that are done newest first."""
    if not organisation:
        return []
    statement = select(AppealRow).where(col(AppealRow.organisation) == organisation, _is_on(shelf, now))
    if shelf is Shelf.DONE:
        if before_id is not None:
            statement = statement.where(col(AppealRow.id) < before_id)
        return list(session.execute(statement.order_by(col(AppealRow.id).desc()).limit(limit)).scalars())
    order = (col(AppealRow.is_incident).desc(), col(AppealRow.deadline_at), col(AppealRow.id))
    return list(session.execute(statement.order_by(*order).limit(limit)).scalars())


def count(session: Session, organisation: str, now: datetime) -> dict[str, int]:
    """Return how many appeals an organisation has on each shelf."""
    found = {}
    for shelf in Shelf:
        statement = (
            select(func.count())
            .select_from(AppealRow)
            .where(col(AppealRow.organisation) == organisation, _is_on(shelf, now))
        )
        found[shelf.value] = session.execute(statement).scalar_one() if organisation else 0
    return found


def file_of(session: Session, appeal_id: int, sha256: str) -> AttachmentRow | None:
    """Return a citizen's file if it came with this appeal or one merged into it."""
    statement = (
        select(AttachmentRow)
        .join(ReporterRow, col(ReporterRow.mention_id) == col(AttachmentRow.mention_id))
        .where(
            col(ReporterRow.appeal_id).in_(of_case(appeal_id)),
            col(ReporterRow.removed_at).is_(None),
            col(AttachmentRow.sha256) == sha256,
            col(AttachmentRow.state) == "stored",
        )
        .order_by(col(AttachmentRow.has_thumbnail).desc())
        .limit(1)
    )
    return session.execute(statement).scalar() if sha256 else None


def _is_on(shelf: Shelf, now: datetime) -> ColumnElement[bool]:
    if shelf is Shelf.DONE:
        return col(AppealRow.status).in_(_DONE)
    is_open = col(AppealRow.status).in_(_OPEN)
    return is_open & (col(AppealRow.deadline_at) <= now) if shelf is Shelf.LATE else is_open
