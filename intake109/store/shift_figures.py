"""What a shift leaves behind: lists of ids, the most urgent first, and how many there are in all."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store import spells
from intake109.store import undelivered as letters
from intake109.store.tables import AppealRow, OutboxRow, TaskRow

MOST = 200
"""So many of each are listed; the counts tell the rest."""
_OVER = ("closed", "annulled", "merged")


def open_tasks(session: Session) -> list[int]:
    """Return the open tasks of the queue, the most urgent first."""
    order = (col(TaskRow.rank), col(TaskRow.due_at), col(TaskRow.id))
    statement = select(col(TaskRow.id)).where(*_in_queue()).order_by(*order).limit(MOST)
    return [found for found in session.execute(statement).scalars() if found is not None]


def asked_tasks(session: Session) -> list[int]:
    """Return the open tasks whose citizen was asked and has not answered."""
    statement = select(col(TaskRow.id)).where(*_in_queue(), *_asked()).order_by(col(TaskRow.asked_at)).limit(MOST)
    return [found for found in session.execute(statement).scalars() if found is not None]


def count_asked(session: Session) -> int:
    return session.execute(select(func.count()).select_from(TaskRow).where(*_in_queue(), *_asked())).scalar_one()


def live_incidents(session: Session) -> list[int]:
    """Return the registered incidents that are not over, by deadline."""
    statement = select(col(AppealRow.id)).where(*_live()).order_by(col(AppealRow.deadline_at)).limit(MOST)
    return [found for found in session.execute(statement).scalars() if found is not None]


def count_incidents(session: Session) -> int:
    return session.execute(select(func.count()).select_from(AppealRow).where(*_live())).scalar_one()


def undelivered(session: Session) -> list[int]:
    """Return the messages that wait for a person, newest first."""
    statement = select(col(OutboxRow.id)).where(col(OutboxRow.state).in_(letters.STATES))
    found = session.execute(statement.order_by(col(OutboxRow.id).desc()).limit(MOST)).scalars()
    return [one for one in found if one is not None]


def count_undelivered(session: Session) -> int:
    return letters.count(session)


def blind(session: Session) -> list[int]:
    """Return the spells of blindness that go on."""
    return [row.id for row in spells.going_on(session) if row.id is not None]


def _in_queue() -> tuple[ColumnElement[bool], ...]:
    return col(TaskRow.decided_at).is_(None), col(TaskRow.shelf) == "queue"


def _asked() -> tuple[ColumnElement[bool], ...]:
    asked, news = col(TaskRow.asked_at), col(TaskRow.news_at)
    return asked.is_not(None), or_(news.is_(None), news <= asked)


def _live() -> tuple[ColumnElement[bool], ...]:
    is_over = or_(col(AppealRow.closed_at).is_not(None), col(AppealRow.annulled_at).is_not(None))
    return col(AppealRow.is_incident).is_(True), ~is_over, col(AppealRow.status).not_in(_OVER)
