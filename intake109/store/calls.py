"""Who must be called, and what was tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import AppealRow, CallAttemptRow, CallRow, ConversationRow, MentionRow, ReporterRow

_MOOT = "reopened"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call that is open, with whom it concerns."""

    call: CallRow
    appeal: AppealRow
    reporter: ReporterRow
    conversation: ConversationRow
    mention: MentionRow


def appeal_of(session: Session, call_id: int) -> int | None:
    """Return the appeal of a call without loading the row, which its appeal's lock must come before."""
    return session.execute(select(col(CallRow.appeal_id)).where(col(CallRow.id) == call_id)).scalar()


def open_of_round(session: Session, appeal_id: int, number_of_round: int) -> list[tuple[CallRow, int]]:
    """Return the open calls of a round with the talks they concern."""
    statement = (
        select(CallRow, col(ReporterRow.conversation_id))
        .join(ReporterRow, col(ReporterRow.id) == col(CallRow.reporter_id))
        .where(
            col(CallRow.appeal_id) == appeal_id,
            col(CallRow.round) == number_of_round,
            col(CallRow.closed_at).is_(None),
        )
    )
    return [(row, talk) for row, talk in session.execute(statement)]


def of_round(session: Session, appeal_id: int, number_of_round: int) -> list[CallRow]:
    """Return all calls of a round, oldest first."""
    statement = (
        select(CallRow)
        .where(col(CallRow.appeal_id) == appeal_id, col(CallRow.round) == number_of_round)
        .order_by(col(CallRow.id))
    )
    return list(session.execute(statement).scalars())


def talks_called(session: Session, appeal_id: int, number_of_round: int) -> set[int]:
    """Return the talks that were or are to be called in a round, but for calls that came to nothing to ask."""
    return talks_with(session, appeal_id, number_of_round, None)


def talks_with(session: Session, appeal_id: int, number_of_round: int, result: str | None) -> set[int]:
    """Return the talks whose call of a round ended so; None: all of them."""
    statement = (
        select(col(ReporterRow.conversation_id))
        .join(CallRow, col(CallRow.reporter_id) == col(ReporterRow.id))
        .where(
            col(CallRow.appeal_id) == appeal_id,
            col(CallRow.round) == number_of_round,
            col(CallRow.result) == result if result is not None else col(CallRow.result) != _MOOT,
        )
    )
    return set(session.execute(statement).scalars())


def attempts(session: Session, call_ids: Sequence[int]) -> dict[int, list[CallAttemptRow]]:
    """Return what was tried of each call, oldest first."""
    statement = select(CallAttemptRow).where(col(CallAttemptRow.call_id).in_(call_ids)).order_by(col(CallAttemptRow.id))
    found: dict[int, list[CallAttemptRow]] = {}
    for row in session.execute(statement).scalars():
        found.setdefault(row.call_id, []).append(row)
    return found


def close_moot(session: Session, result: str, now: datetime) -> int:
    """Close the open calls of appeals that are not answered any more, or in another round; return how many."""
    is_asked = exists().where(
        col(AppealRow.id) == col(CallRow.appeal_id),
        col(AppealRow.status) == "answered",
        col(AppealRow.round) == col(CallRow.round),
    )
    statement = (
        update(CallRow)
        .where(col(CallRow.closed_at).is_(None), ~is_asked)
        .values(closed_at=now, result=result)
        .returning(col(CallRow.id))
        .execution_options(synchronize_session=False)
    )
    return len(session.execute(statement).all())


def has_moot(session: Session) -> bool:
    """Whether there is a call open of an appeal that is not answered any more."""
    statement = (
        select(col(CallRow.id))
        .join(AppealRow, col(AppealRow.id) == col(CallRow.appeal_id))
        .where(
            col(CallRow.closed_at).is_(None),
            or_(col(AppealRow.status) != "answered", col(AppealRow.round) != col(CallRow.round)),
        )
    )
    return session.execute(statement.limit(1)).first() is not None


def waiting(session: Session, limit: int, now: datetime | None = None) -> list[Waiting]:
    """Return the open calls, what is due first; with `now` only those that are due."""
    statement = (
        select(CallRow, AppealRow, ReporterRow, ConversationRow, MentionRow)
        .join(AppealRow, col(AppealRow.id) == col(CallRow.appeal_id))
        .join(ReporterRow, col(ReporterRow.id) == col(CallRow.reporter_id))
        .join(ConversationRow, col(ConversationRow.id) == col(ReporterRow.conversation_id))
        .join(MentionRow, col(MentionRow.id) == col(ReporterRow.mention_id))
        .where(col(CallRow.closed_at).is_(None), *((col(CallRow.due_at) <= now,) if now is not None else ()))
        .order_by(col(CallRow.due_at), col(CallRow.id))
        .limit(limit)
    )
    return [
        Waiting(call, appeal, reporter, talk, mention)
        for call, appeal, reporter, talk, mention in session.execute(statement)
    ]


def count_due(session: Session, now: datetime) -> int:
    """Return how many are to be called now."""
    statement = (
        select(func.count()).select_from(CallRow).where(col(CallRow.closed_at).is_(None), col(CallRow.due_at) <= now)
    )
    return session.execute(statement).scalar_one()
