"""Citizens who were asked whether their problem is solved, and what became of the question."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Exists, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from intake109.model import Author, Channel
from intake109.store import outbox
from intake109.store.tables import AnswerRow, AppealRow, CallRow, ConversationRow, OutboxRow, ReporterRow
from intake109.store.undelivered import STATES

ASKING = "satisfaction"
"""The purpose of the question; as in outbox/letters.py, which is above."""


def latest(
    session: Session, channel: Channel, author: Author, thread: str, mention_id: int | None = None
) -> ReporterRow | None:
    """Return the citizen's reporter who was asked last, under any id the platform knows the citizen by.

    Args:
        thread: look only there: what is said before everybody answers what was asked there. Empty: anywhere.
        mention_id: look only for what was asked of this mention, if it is given.
    """
    statement = (
        select(ReporterRow)
        .join(ConversationRow, col(ConversationRow.id) == col(ReporterRow.conversation_id))
        .where(
            col(ConversationRow.channel) == channel.value,
            col(ConversationRow.author_id).in_((author.id, *author.aliases)),
            col(ReporterRow.asked_round) > 0,
            col(ReporterRow.removed_at).is_(None),
            *((col(ConversationRow.thread) == thread,) if thread else ()),
            *((col(ReporterRow.mention_id) == mention_id,) if mention_id is not None else ()),
        )
        .order_by(col(ReporterRow.asked_at).desc(), col(ReporterRow.id))
        .limit(1)
    )
    return session.execute(statement).scalar()


def appeal_of(session: Session, reporter_id: int) -> int | None:
    """Return the appeal of a reporter without loading the row, which its appeal's lock must come before."""
    return session.execute(select(col(ReporterRow.appeal_id)).where(col(ReporterRow.id) == reporter_id)).scalar()


def what_was_done(session: Session, appeal_id: int, number_of_round: int) -> AnswerRow | None:
    """Return the newest answer of a round that was accepted."""
    statement = (
        select(AnswerRow)
        .where(
            col(AnswerRow.appeal_id) == appeal_id,
            col(AnswerRow.round) == number_of_round,
            col(AnswerRow.judgement) == "accepted",
        )
        .order_by(col(AnswerRow.id).desc())
    )
    return session.execute(statement.limit(1)).scalar()


def is_asked(reporter: ReporterRow, appeal: AppealRow) -> bool:
    """Say whether a citizen was asked of this case's work in its round."""
    return reporter.asked_of == appeal.id and reporter.asked_round == appeal.round


def name(reporter: ReporterRow, case_id: int, number_of_round: int) -> str:
    """Name what a citizen is asked or told in a round of a case, which may be another than the number quoted."""
    case = "" if reporter.appeal_id == case_id else f"{case_id}-"
    return f"{reporter.id}:{case}{number_of_round}"


def key(reporter: ReporterRow, appeal: AppealRow) -> str:
    """Return the key of the question whether the work of this round is done."""
    return f"ask:{name(reporter, appeal.id or 0, appeal.round)}"


def questions(session: Session, reporters: Collection[ReporterRow], appeal: AppealRow) -> dict[int, OutboxRow]:
    """Return the questions of a case's round that no way leads to their citizens, by the ids of their reporters."""
    keys = {key(one, appeal): one.id or 0 for one in reporters}
    statement = select(OutboxRow).where(col(OutboxRow.idempotency_key).in_(keys), col(OutboxRow.state).in_(STATES))
    return {keys[row.idempotency_key]: row for row in session.execute(statement).scalars()}


def take_back(session: Session, reporters: Sequence[ReporterRow], appeal: AppealRow, now: datetime) -> set[int]:
    """Cancel the questions of a case's round that nobody has tried to send; return the talks they were for."""
    talks = {key(one, appeal): one.conversation_id for one in reporters}
    unsent = [row for row in outbox.of_keys(session, list(talks)) if row.state == "owed" and not row.attempts]
    for row in unsent:
        row.state, row.settled_at = "cancelled", now
    session.flush()
    return {talks[row.idempotency_key] for row in unsent}


def leave(
    session: Session, own: Sequence[ReporterRow], joined: Sequence[ReporterRow], case: AppealRow, now: datetime
) -> None:
    """Ask who leaves a case no more about it; what has left has left.

    Args:
        own: who keep the number they quote.
        joined: who quote the case's number and get another one; as that one's citizens they were never asked.
    """
    take_back(session, [*own, *joined], case, now)
    for row in outbox.of_keys(session, [key(one, case) for one in joined]):
        row.idempotency_key = f"{row.idempotency_key}:left:{row.id}"


def put_again(session: Session, reporters: Sequence[ReporterRow], appeal: AppealRow) -> bool:
    """Owe the questions of a case's round again that were taken back and are still without an answer.

    Returns:
        Whether any was ever put, whatever became of it.
    """
    found = outbox.of_keys(session, [key(one, appeal) for one in reporters if not one.said])
    for row in found:
        if row.state == "cancelled" and not row.attempts:
            row.state, row.settled_at = "owed", None
    return bool(found)


def to_look_at(session: Session, silent_since: datetime, limit: int) -> list[int]:
    """Return the cases under question where something is to be done: an undelivered question, silence, a newcomer.

    A newcomer has joined since the others were asked. The oldest case first.
    """
    told, case, called = aliased(AppealRow), AppealRow, aliased(ReporterRow)
    is_called = exists().where(
        col(CallRow.appeal_id) == col(case.id),
        col(CallRow.round) == col(case.round),
        col(CallRow.reporter_id) == col(called.id),
        col(called.conversation_id) == col(ReporterRow.conversation_id),
        col(CallRow.result) != "reopened",
    )
    is_undelivered = exists().where(
        col(OutboxRow.conversation_id) == col(ReporterRow.conversation_id),
        col(OutboxRow.purpose) == ASKING,
        col(OutboxRow.state).in_(STATES),
    )
    is_of_round = and_(col(ReporterRow.asked_of) == col(case.id), col(ReporterRow.asked_round) == col(case.round))
    waits = and_(
        is_of_round,
        col(ReporterRow.said) == "",
        ~is_called,
        or_(col(ReporterRow.asked_at) <= silent_since, is_undelivered),
    )
    is_new = and_(~is_of_round, col(ReporterRow.said) != "yes")
    statement = (
        select(col(case.id))
        .join(told, func.coalesce(col(told.merged_into), col(told.id)) == col(case.id))
        .join(ReporterRow, col(ReporterRow.appeal_id) == col(told.id))
        .where(
            col(case.status) == "answered",
            col(ReporterRow.removed_at).is_(None),
            or_(waits, and_(is_new, _has_begun())),
        )
        .group_by(col(case.id))
        .order_by(col(case.id))
        .limit(limit)
    )
    return [found for found in session.execute(statement).scalars() if found is not None]


def _has_begun() -> Exists:
    """Whether somebody of a case was asked in this round: its answer has been accepted."""
    reporter, told = aliased(ReporterRow), aliased(AppealRow)
    return exists().where(
        col(reporter.appeal_id) == col(told.id),
        func.coalesce(col(told.merged_into), col(told.id)) == col(AppealRow.id),
        col(reporter.asked_of) == col(AppealRow.id),
        col(reporter.asked_round) == col(AppealRow.round),
    )
