"""Messages that could not be delivered and wait for a person."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.appeals import of_case
from intake109.store.tables import AppealRow, ConversationRow, MentionRow, OutboxRow

STATES = ("by_hand", "failed", "unknown")


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message with whom it is for and what it is about."""

    row: OutboxRow
    conversation: ConversationRow | None
    mention: MentionRow | None
    appeal: AppealRow | None


def page(
    session: Session, *, state: str = "", channel: str = "", before_id: int | None = None, limit: int = 50
) -> list[Undelivered]:
    """Return what waits for a person, newest first; `before_id` is the last one seen."""
    statement = (
        select(OutboxRow, ConversationRow, MentionRow, AppealRow)
        .outerjoin(ConversationRow, col(ConversationRow.id) == col(OutboxRow.conversation_id))
        .outerjoin(MentionRow, col(MentionRow.id) == col(OutboxRow.mention_id))
        .outerjoin(AppealRow, col(AppealRow.id) == col(OutboxRow.appeal_id))
        .where(col(OutboxRow.state).in_((state,) if state in STATES else STATES))
    )
    if channel:
        statement = statement.where(col(OutboxRow.channel) == channel)
    if before_id is not None:
        statement = statement.where(col(OutboxRow.id) < before_id)
    found = session.execute(statement.order_by(col(OutboxRow.id).desc()).limit(limit)).all()
    return [Undelivered(row, conversation, mention, appeal) for row, conversation, mention, appeal in found]


def count(session: Session) -> int:
    """Return how many messages wait for a person."""
    return session.execute(
        select(func.count()).select_from(OutboxRow).where(col(OutboxRow.state).in_(STATES))
    ).scalar_one()


def take_over(session: Session, row_id: int, state: str, **values: object) -> bool:
    """Let a person decide what becomes of a message; False if somebody was first or it has been delivered."""
    statement = (
        update(OutboxRow)
        .where(col(OutboxRow.id) == row_id, col(OutboxRow.state).in_(STATES))
        .values(state=state, lease_until=None, **values)
        .returning(col(OutboxRow.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).first() is not None


def of_appeal(session: Session, appeal_id: int, limit: int = 200) -> list[OutboxRow]:
    """Return everything owed, sent or cancelled about an appeal, oldest first."""
    statement = select(OutboxRow).where(col(OutboxRow.appeal_id).in_(of_case(appeal_id))).order_by(col(OutboxRow.id))
    return list(session.execute(statement.limit(limit)).scalars())
