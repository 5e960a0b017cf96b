"""Tasks that wait with another one's decision, for their mentions are the same message."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import ConversationRow, MentionRow, TaskRow


def open_followers(session: Session, task_id: int) -> list[TaskRow]:
    """Return the open tasks that wait with this one, by id."""
    statement = (
        select(TaskRow)
        .where(col(TaskRow.follows_id) == task_id, col(TaskRow.decided_at).is_(None))
        .order_by(col(TaskRow.id))
    )
    return list(session.execute(statement).scalars())


def followers(session: Session, task_id: int) -> list[TaskRow]:
    """Return all tasks that follow this one, decided or not, by id."""
    statement = select(TaskRow).where(col(TaskRow.follows_id) == task_id).order_by(col(TaskRow.id))
    return list(session.execute(statement).scalars())


def told(session: Session, task_id: int, limit: int) -> list[tuple[TaskRow, MentionRow, ConversationRow]]:
    """Return the first followers with what was said and by whom."""
    statement = (
        select(TaskRow, MentionRow, ConversationRow)
        .join(MentionRow, col(MentionRow.id) == col(TaskRow.mention_id))
        .join(ConversationRow, col(ConversationRow.id) == col(MentionRow.conversation_id))
        .where(col(TaskRow.follows_id) == task_id)
        .order_by(col(TaskRow.id))
        .limit(limit)
    )
    return [(task, mention, conversation) for task, mention, conversation in session.execute(statement)]


def count(session: Session, task_ids: Sequence[int]) -> dict[int, int]:
    """Return how many tasks follow each of these; those that nobody follows are left out."""
    statement = (
        select(col(TaskRow.follows_id), func.count())
        .where(col(TaskRow.follows_id).in_(task_ids))
        .group_by(col(TaskRow.follows_id))
    )
    return {leader: number for leader, number in session.execute(statement) if leader is not None}


def hand_on(session: Session, task_id: int, leader_id: int) -> None:
    """Let all open followers of a task follow another one: nothing ever follows a follower."""
    session.execute(
        update(TaskRow)
        .where(col(TaskRow.follows_id) == task_id, col(TaskRow.decided_at).is_(None))
        .values(follows_id=leader_id)
        .execution_options(synchronize_session=False)
    )
