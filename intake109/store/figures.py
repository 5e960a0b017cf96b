"""Counts that say how the house runs, for the health page and the monitoring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import EventRow, SessionRow, TaskRow


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many wait, and since when the first; None if nobody does."""

    count: int
    oldest: datetime | None


def events_by_channel(session: Session) -> dict[str, int]:
    """Return how many events of each channel have ever been stored."""
    statement = select(col(EventRow.channel), func.count()).group_by(col(EventRow.channel))
    return {row[0]: row[1] for row in session.execute(statement)}


def waiting_events(session: Session) -> Backlog:
    """Return what is stored and not carried to the queue yet; `oldest` is when it was received."""
    statement = select(func.count(), func.min(col(EventRow.received_at))).where(col(EventRow.handled_at).is_(None))
    return Backlog(*session.execute(statement).one())


def waiting_tasks(session: Session) -> Backlog:
    """Return what waits in the queue for a person; `oldest` is when the citizen wrote."""
    statement = select(func.count(), func.min(col(TaskRow.mentioned_at))).where(
        col(TaskRow.decided_at).is_(None), col(TaskRow.shelf) == "queue"
    )
    return Backlog(*session.execute(statement).one())


def live_logins(session: Session, now: datetime) -> dict[int, int]:
    """Return how many live logins each member of the staff has; those without any are left out."""
    statement = (
        select(col(SessionRow.user_id), func.count())
        .where(col(SessionRow.expires_at) > now)
        .group_by(col(SessionRow.user_id))
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def size_bytes(session: Session) -> int:
    """Return how much room the database takes."""
    if session.get_bind().dialect.name == "sqlite":
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        return int(pages) * int(session.execute(text("PRAGMA page_size")).scalar_one())
    return int(session.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
