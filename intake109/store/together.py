"""Tasks that belong together: decided by one decision, or told of one problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, func, or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import ConversationRow, TaskRow

_GROUPED = sql("group_key <> ''")
"""Written out, as it stands in the index: SQLite would not see that a parameter is not empty."""
_RAISED = sql("rank < 2")
"""Before ordinary ones; written out likewise. Every message of a storm is raised (queue/grouping.py)."""


# Asked for every mention, so built once: building and hashing a statement takes longer than running it.
_MANY = (
    select(col(TaskRow.group_key))
    .where(col(TaskRow.decided_at).is_(None), _GROUPED, _RAISED)
    .group_by(col(TaskRow.group_key))
    .having(func.count() >= bindparam("least"))
)
_MANY_OF_KEY = (
    select(col(TaskRow.group_key))
    .where(col(TaskRow.decided_at).is_(None), _GROUPED, col(TaskRow.group_key) == bindparam("key"))
    .group_by(col(TaskRow.group_key))
    .having(func.count() >= bindparam("least"))
)
_FIRST_CONVERSATION = select(func.min(col(ConversationRow.id))).where(
    col(ConversationRow.channel) == bindparam("channel"), col(ConversationRow.author_id) == bindparam("author")
)


@dataclass(frozen=True, slots=True)
class Storm:
    """Open tasks of one group: how many citizens and messages, and the one that stands for all of them in the list."""

    key: str
    people: int
    messages: int
    head_id: int


def decided_with(session: Session, task_id: int) -> list[TaskRow]:
    """Return the tasks decided together with a leader, locked until the transaction ends, by id."""
    statement = (
        select(TaskRow)
        .where(col(TaskRow.decided_with) == task_id)
        .order_by(col(TaskRow.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(session.execute(statement).scalars())


def waiting_with(session: Session, leader_ids: Sequence[int]) -> list[int]:
    """Return the open tasks that follow any of these: copies of the same message."""
    statement = select(col(TaskRow.id)).where(
        col(TaskRow.follows_id).in_(leader_ids), col(TaskRow.decided_at).is_(None)
    )
    return [found for found in session.execute(statement).scalars() if found is not None]


def lock_if_free(session: Session, task_id: int) -> TaskRow | None:
    """Return a task locked until the transaction ends; None if there is none, or another transaction writes it now.

    It never waits: two inspectors who decide overlapping groups, each with a leader the other has among its members,
    would wait for each other.
    """
    statement = (
        select(TaskRow)
        .where(col(TaskRow.id) == task_id)
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.execute(statement).scalar()


def storms(session: Session, least: int, key: str = "") -> list[Storm]:
    """Return the groups with at least so many different citizens; of one key, if one is given.

    Messages are counted first, which a small index alone answers, however many wait; whose they are is asked of the
    few large groups only. Of all keys only what is raised before ordinary tasks counts, as all of a storm is.
    """
    many = session.execute(_MANY_OF_KEY if key else _MANY, {"least": least, "key": key}).scalars().all()
    found = [one for one in (_storm(session, large, least) for large in many) if one]
    return sorted(found, key=lambda one: one.key)


def _storm(session: Session, key: str, least: int) -> Storm | None:
    counts = select(func.count(col(TaskRow.citizen_id).distinct()), func.count()).where(*_open_group(key))
    people, messages = session.execute(counts).one()
    head_id = head(session, key) if people >= least else None
    return Storm(key, people, messages, head_id) if head_id is not None else None


def head(session: Session, key: str) -> int | None:
    """Return the most urgent open task of a group that has a line of its own."""
    order = (col(TaskRow.rank), col(TaskRow.due_at), col(TaskRow.id))
    statement = select(col(TaskRow.id)).where(*_open_group(key), col(TaskRow.shelf) != "joined").order_by(*order)
    return session.execute(statement.limit(1)).scalar()


def members(session: Session, key: str, limit: int = 500) -> list[TaskRow]:
    """Return the open tasks of a group that have lines of their own, the most urgent first; none for an empty key."""
    if not key:
        return []
    order = (col(TaskRow.rank), col(TaskRow.due_at), col(TaskRow.id))
    statement = select(TaskRow).where(*_open_group(key), col(TaskRow.shelf) != "joined")
    return list(session.execute(statement.order_by(*order).limit(limit)).scalars())


def usual_service(session: Session, key: str) -> str:
    """Return the service most messages of a group tell of."""
    statement = select(col(TaskRow.service)).where(*_open_group(key)).group_by(col(TaskRow.service))
    return session.execute(statement.order_by(func.count().desc(), col(TaskRow.service)).limit(1)).scalar() or ""


def folded(found: Sequence[Storm]) -> ColumnElement[bool] | None:
    """Match what has a line of its own, of a storm only its head; None if there is no storm."""
    if not found:
        return None
    keys, heads = [one.key for one in found], [one.head_id for one in found]
    return or_(col(TaskRow.group_key).not_in(keys), col(TaskRow.id).in_(heads))


def _open_group(key: str) -> tuple[ColumnElement[bool], ...]:
    is_open = (col(TaskRow.decided_at).is_(None), _GROUPED)
    return (*is_open, col(TaskRow.group_key) == key) if key else is_open  # type: ignore[return-value]


def first_conversation(session: Session, channel: str, author_id: str) -> int | None:
    """Return the first conversation with a citizen on a channel: the same in whatever thread the citizen writes."""
    return session.execute(_FIRST_CONVERSATION, {"channel": channel, "author": author_id}).scalar()


def raise_group(session: Session, key: str, rank: int) -> list[int]:
    """Give the open tasks of a group a rank, those that have a lower one; return which were raised."""
    statement = (
        update(TaskRow)
        .where(*_open_group(key), col(TaskRow.rank) > rank)
        .values(rank=rank)
        .returning(col(TaskRow.id))
        .execution_options(synchronize_session=False)
    )
    return [found for found in session.execute(statement).scalars() if found is not None]
