"""Tasks: the queue's rows, claimed and decided by conditional updates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.errors import NotFoundError
from intake109.store.tables import DraftRow, TaskRow


def by_id(session: Session, task_id: int) -> TaskRow | None:
    return session.get(TaskRow, task_id)


def lock(session: Session, task_id: int) -> TaskRow:
    """Return a task as it is now; until the transaction ends nobody else decides it.

    Who writes an alert or a letter about it meanwhile does not wait: that needs its key only. With FOR UPDATE an alert
    that was being told and a claim that ends it waited for each other.

    Raises:
        NotFoundError: there is none.
    """
    row = session.get(TaskRow, task_id, with_for_update={"key_share": True}, populate_existing=True)
    if row is None:
        raise NotFoundError(f"there is no task {task_id}")
    return row


def of_mention(session: Session, mention_id: int) -> TaskRow | None:
    """Return the task of a mention."""
    return session.execute(select(TaskRow).where(col(TaskRow.mention_id) == mention_id)).scalar()


def of_mentions(session: Session, mention_ids: Collection[int]) -> dict[int, TaskRow]:
    """Return the tasks of mentions by the mention's id."""
    found = session.execute(select(TaskRow).where(col(TaskRow.mention_id).in_(mention_ids))).scalars()
    return {row.mention_id: row for row in found}


def is_free(now: datetime) -> ColumnElement[bool]:
    """Nobody holds it: there is no lease, or it has run out (exactly at its end the task is free)."""
    return or_(col(TaskRow.lease_until).is_(None), col(TaskRow.lease_until) <= now)


def open_page(
    session: Session,
    shelf: str,
    *,
    channel: str = "",
    language: str = "",
    sphere: str = "",
    after: tuple[int, int, int] | None = None,
    limit: int = 50,
    only: ColumnElement[bool] | None = None,
) -> list[TaskRow]:
    """Return the most urgent open tasks of a shelf: danger first, then the least time left.

    `after` is (rank, turn, id) of the last row seen; paging by it costs the same on every page. `only`: those that
    have a line of their own (store/together.py).
    """
    statement = select(TaskRow).where(col(TaskRow.decided_at).is_(None), col(TaskRow.shelf) == shelf)
    if only is not None:
        statement = statement.where(only)
    for column, wanted in ((TaskRow.channel, channel), (TaskRow.language, language), (TaskRow.sphere, sphere)):
        if wanted:
            statement = statement.where(col(column) == wanted)
    if after:
        rank, turn, task_id = after
        statement = statement.where(
            or_(
                col(TaskRow.rank) > rank,
                and_(col(TaskRow.rank) == rank, col(TaskRow.turn) > turn),
                and_(col(TaskRow.rank) == rank, col(TaskRow.turn) == turn, col(TaskRow.id) > task_id),
            )
        )
    order = (col(TaskRow.rank), col(TaskRow.turn), col(TaskRow.id))
    return list(session.execute(statement.order_by(*order).limit(limit)).scalars())


def next_free(
    session: Session,
    now: datetime,
    *,
    channel: str = "",
    language: str = "",
    sphere: str = "",
    only: ColumnElement[bool] | None = None,
) -> int | None:
    """Return the id of the most urgent open task of the queue that nobody holds, of those an inspector looks at.

    One whose citizen was asked and has not answered yet comes after the others until its target has passed: handed out
    again at once, it would keep the inspector from everybody else.
    """
    wanted = ((TaskRow.channel, channel), (TaskRow.language, language), (TaskRow.sphere, sphere))
    statement = (
        select(col(TaskRow.id))
        .where(col(TaskRow.decided_at).is_(None), col(TaskRow.shelf) == "queue", is_free(now))
        .where(*(col(column) == value for column, value in wanted if value), *(() if only is None else (only,)))
        .order_by(col(TaskRow.rank), col(TaskRow.turn), col(TaskRow.id))
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
    )
    found = session.execute(statement.where(_needs_us(now))).scalar()
    return found if found is not None else session.execute(statement).scalar()


def _needs_us(now: datetime) -> ColumnElement[bool]:
    """Match what does not merely wait for the citizen's answer."""
    asked, news = col(TaskRow.asked_at), col(TaskRow.news_at)
    return or_(asked.is_(None), news > asked, col(TaskRow.target_at) <= now)


def claim(session: Session, task_id: int, user_id: int, now: datetime, lease_until: datetime) -> bool:
    """Take or renew a lease; False if it is decided or somebody else holds it.

    Danger is looked at when the lease ends: it must not lie silent with somebody who has gone.
    """
    is_looked_at_later = and_(col(TaskRow.is_incident), col(TaskRow.rung_at) > lease_until)
    statement = (
        update(TaskRow)
        .where(
            col(TaskRow.id) == task_id,
            col(TaskRow.decided_at).is_(None),
            or_(is_free(now), col(TaskRow.claimed_by) == user_id),
        )
        .values(
            claimed_by=user_id,
            claimed_at=case((col(TaskRow.claimed_by) == user_id, col(TaskRow.claimed_at)), else_=now),
            lease_until=lease_until,
            given_by=None,
            rung_at=case((is_looked_at_later, lease_until), else_=col(TaskRow.rung_at)),
        )
        .returning(col(TaskRow.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).first() is not None


def release(session: Session, task_id: int, user_id: int, now: datetime) -> bool:
    """Give a lease back; False if the task was not held by this user. What waited for its holder climbs at once."""
    statement = (
        update(TaskRow)
        .where(col(TaskRow.id) == task_id, col(TaskRow.claimed_by) == user_id, col(TaskRow.decided_at).is_(None))
        .values(
            claimed_by=None,
            claimed_at=None,
            lease_until=None,
            rung_at=case((col(TaskRow.rung_at).is_not(None), now), else_=None),
        )
        .returning(col(TaskRow.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).first() is not None


def counts(session: Session, now: datetime) -> dict[str, int]:
    """Return how much is open: `queue`, `no_appeal`, and of the queue `incidents` and `late`."""
    # A question for each shelf: SQLite answers it from the index of what is open, and would not if asked at once.
    statement = select(
        func.count(),
        func.count().filter(col(TaskRow.is_incident)),
        func.count().filter(col(TaskRow.promise_at) <= now),
    ).where(col(TaskRow.decided_at).is_(None))
    queue, incidents, late = session.execute(statement.where(col(TaskRow.shelf) == "queue")).one()
    no_appeal, _, _ = session.execute(statement.where(col(TaskRow.shelf) == "no_appeal")).one()
    return {"queue": queue, "no_appeal": no_appeal, "incidents": incidents, "late": late}


def with_news(session: Session, limit: int = 50) -> list[TaskRow]:
    """Return decided tasks whose citizen wrote again since, and nobody has looked; danger, then oldest news first."""
    statement = (
        select(TaskRow)
        .where(
            col(TaskRow.decided_at).is_not(None),
            col(TaskRow.news_at) > col(TaskRow.decided_at),
            or_(col(TaskRow.news_seen_at).is_(None), col(TaskRow.news_seen_at) < col(TaskRow.news_at)),
        )
        .order_by(col(TaskRow.is_incident).desc(), col(TaskRow.news_at))
        .limit(limit)
    )
    return list(session.execute(statement).scalars())


def decided_page(
    session: Session, limit: int = 50, user_id: int | None = None, before: datetime | None = None
) -> list[TaskRow]:
    """Return the latest decisions, newest first; `before` is when the last one seen was decided."""
    statement = select(TaskRow).where(col(TaskRow.decided_at).is_not(None))
    if before is not None:
        statement = statement.where(col(TaskRow.decided_at) < before)
    if user_id is not None:
        statement = statement.where(col(TaskRow.decided_by) == user_id)
    return list(session.execute(statement.order_by(col(TaskRow.decided_at).desc()).limit(limit)).scalars())


def save_draft(session: Session, task_id: int, user_id: int, content: dict[str, str], now: datetime) -> None:
    """Keep what an inspector has typed into a task."""
    session.merge(DraftRow(task_id=task_id, user_id=user_id, content=content, updated_at=now))


def drafts(session: Session, task_id: int) -> list[DraftRow]:
    """Return all drafts of a task, newest first: a takeover shows the predecessor's."""
    statement = select(DraftRow).where(col(DraftRow.task_id) == task_id).order_by(col(DraftRow.updated_at).desc())
    return list(session.execute(statement).scalars())


def by_ids(session: Session, task_ids: Sequence[int]) -> list[TaskRow]:
    """Return tasks by their ids, in no order."""
    return list(session.execute(select(TaskRow).where(col(TaskRow.id).in_(task_ids))).scalars())


def ids_of_mentions(session: Session, mention_ids: Sequence[int]) -> list[int]:
    """Return the ids of the tasks of mentions."""
    statement = select(col(TaskRow.id)).where(col(TaskRow.mention_id).in_(mention_ids))
    return [found for found in session.execute(statement).scalars() if found is not None]


def oldest_promise(session: Session) -> datetime | None:
    """Return the earliest promise among what waits in the queue, None if nothing waits."""
    statement = select(func.min(col(TaskRow.promise_at))).where(
        col(TaskRow.decided_at).is_(None), col(TaskRow.shelf) == "queue"
    )
    moment: datetime | None = session.execute(statement).scalar()
    return moment


def count_news(session: Session) -> int:
    """Return how many decided tasks have unread news of their citizens."""
    statement = select(func.count()).where(
        col(TaskRow.decided_at).is_not(None),
        col(TaskRow.news_at) > col(TaskRow.decided_at),
        or_(col(TaskRow.news_seen_at).is_(None), col(TaskRow.news_seen_at) < col(TaskRow.news_at)),
    )
    return session.execute(statement).scalar_one()


def see_news(session: Session, task_id: int, now: datetime) -> bool:
    """Note that somebody has read what the citizen added; False if there was nothing unread."""
    statement = (
        update(TaskRow)
        .where(
            col(TaskRow.id) == task_id,
            col(TaskRow.news_at).is_not(None),
            or_(col(TaskRow.news_seen_at).is_(None), col(TaskRow.news_seen_at) < col(TaskRow.news_at)),
        )
        .values(news_seen_at=now)
        .returning(col(TaskRow.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).first() is not None


def due_to_climb(session: Session, now: datetime, limit: int) -> list[int]:
    """Return the open tasks whose rung is due, in the order of danger, then of how soon the machine steps in."""
    statement = (
        select(col(TaskRow.id))
        .where(col(TaskRow.decided_at).is_(None), col(TaskRow.rung_at) <= now)
        .order_by(col(TaskRow.rank), col(TaskRow.due_at), col(TaskRow.id))
        .limit(limit)
    )
    return [found for found in session.execute(statement).scalars() if found is not None]


def climb(session: Session, seen: TaskRow, rung: int, rung_at: datetime | None) -> bool:
    """Set a task's next rung if it still is as it was seen; False if another worker, or a person, was first."""
    statement = (
        update(TaskRow)
        .where(
            col(TaskRow.id) == seen.id,
            col(TaskRow.decided_at).is_(None),
            col(TaskRow.rung) == seen.rung,
            col(TaskRow.rung_at) == seen.rung_at,
            col(TaskRow.lease_until).is_not_distinct_from(seen.lease_until),
        )
        .values(rung=rung, rung_at=rung_at)
        .returning(col(TaskRow.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).first() is not None


def put_off(session: Session, task_id: int, until: datetime) -> None:
    """Look at a task again later: its rung could not be taken."""
    session.execute(
        update(TaskRow)
        .where(col(TaskRow.id) == task_id, col(TaskRow.decided_at).is_(None), col(TaskRow.rung_at) <= until)
        .values(rung_at=until)
        .execution_options(synchronize_session=False)
    )
