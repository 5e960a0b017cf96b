"""What private organisations have to settle, and how often they were written to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import AppealRow, OrganisationRow, OutboxRow

_OVER = ("closed", "annulled", "merged", "registered", "returned")


def open_appeals(session: Session, limit: int, untouched_since: datetime | None = None) -> list[AppealRow]:
    """Return the appeals with private organisations that are not over, oldest first.

    Args:
        untouched_since: only those that were registered, and last written to or pressed, at this moment or before.
    """
    was_written = func.coalesce(col(AppealRow.pressed_at), col(AppealRow.registered_at))
    statement = (
        select(AppealRow)
        .join(OrganisationRow, col(OrganisationRow.code) == col(AppealRow.organisation))
        .where(
            col(OrganisationRow.is_private),
            col(AppealRow.status).not_in(_OVER),
            *((was_written <= untouched_since,) if untouched_since is not None else ()),
        )
        .order_by(col(AppealRow.registered_at), col(AppealRow.id))
        .limit(limit)
    )
    return list(session.execute(statement).scalars())


def letters(
    session: Session, appeal_ids: Sequence[int], purposes: Sequence[str]
) -> dict[int, tuple[int, datetime | None]]:
    """Return how many letters of these purposes each appeal has had, and when the last was owed."""
    statement = (
        select(col(OutboxRow.appeal_id), func.count(), func.max(col(OutboxRow.created_at)))
        .where(
            col(OutboxRow.appeal_id).in_(appeal_ids),
            col(OutboxRow.purpose).in_(purposes),
            col(OutboxRow.state) != "cancelled",
        )
        .group_by(col(OutboxRow.appeal_id))
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(statement) if row[0] is not None}


def is_private(session: Session, organisation: str) -> bool:
    """Say whether an organisation, by its code, is a private one."""
    if not organisation:
        return False
    statement = select(col(OrganisationRow.is_private)).where(col(OrganisationRow.code) == organisation)
    return bool(session.execute(statement).scalar())
