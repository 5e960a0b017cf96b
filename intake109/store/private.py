"""What private organisations have to settle, and how often they were written to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from intake109.store.tables import AnswerRow, AppealRow, CallRow, OrganisationRow, OutboxRow, ReporterRow

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


def unheard() -> ColumnElement[bool]:
    """Select the answered cases of private organisations with nobody left to call: some were not reached, none said no.

    Whose citizens are still being asked or called, or whose answer is still to be judged, are none of these.
    """
    told = aliased(AppealRow)
    is_private = select(col(OrganisationRow.code)).where(col(OrganisationRow.is_private))
    is_open = exists().where(
        col(CallRow.appeal_id) == col(AppealRow.id),
        col(CallRow.round) == col(AppealRow.round),
        col(CallRow.closed_at).is_(None),
    )
    is_waited_for = exists().where(
        col(ReporterRow.appeal_id) == col(told.id),
        func.coalesce(col(told.merged_into), col(told.id)) == col(AppealRow.id),
        col(ReporterRow.removed_at).is_(None),
        col(ReporterRow.said) != "yes",
        ~_not_reached(ReporterRow),
    )
    is_judged = ~exists().where(
        col(AnswerRow.appeal_id) == col(AppealRow.id),
        col(AnswerRow.round) == col(AppealRow.round),
        col(AnswerRow.judged_at).is_(None),
    )
    return and_(
        col(AppealRow.status) == "answered",
        col(AppealRow.merged_into).is_(None),
        col(AppealRow.organisation).in_(is_private),
        is_judged,
        _not_reached(None),
        ~is_open,
        ~is_waited_for,
    )


def is_unheard(session: Session, appeal_id: int) -> bool:
    """Say whether a case is one of those."""
    statement = select(col(AppealRow.id)).where(col(AppealRow.id) == appeal_id, unheard())
    return session.execute(statement).first() is not None


def _not_reached(reporter: type[ReporterRow] | None) -> ColumnElement[bool]:
    """Whether a citizen (any, or of this one's talk) could not be reached in this round of the case."""
    called = aliased(ReporterRow)
    return exists().where(
        col(CallRow.appeal_id) == col(AppealRow.id),
        col(CallRow.round) == col(AppealRow.round),
        col(CallRow.result) == "unreached",
        col(CallRow.reporter_id) == col(called.id),
        *((col(called.conversation_id) == col(reporter.conversation_id),) if reporter is not None else ()),
    )
