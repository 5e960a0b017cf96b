"""Which appeals are near their deadline or past it: questions that indexes answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import AlertRow, AppealRow, RoundRow

RUNNING = ("registered", "forwarded", "in_work", "returned", "long_term")
"""Statuses in which one is late; who waits for the citizen, or is said to be done, is not (appeals/terms/ageing.py)."""


@dataclass(frozen=True, slots=True)
class Ages:
    """How many appeals are near their deadline, past it, and in the long-term folder."""

    yellow: int
    red: int
    long_term: int


def is_running() -> ColumnElement[bool]:
    """An appeal whose clock runs and counts."""
    is_open = col(AppealRow.closed_at).is_(None) & col(AppealRow.annulled_at).is_(None)
    return and_(is_open, col(AppealRow.status).in_(RUNNING))


def is_red(now: datetime) -> ColumnElement[bool]:
    """An appeal past its deadline; exactly at it is past."""
    return and_(is_running(), col(AppealRow.deadline_at) <= now)


def is_yellow(now: datetime, day_ends: datetime) -> ColumnElement[bool]:
    """An appeal whose deadline is near, or whose executor promised it for today or before.

    Args:
        day_ends: when the city's day is over.
    """
    is_near = or_(col(AppealRow.warn_at) <= now, col(AppealRow.promised_at) < day_ends)
    return and_(is_running(), col(AppealRow.deadline_at) > now, is_near)


def count(session: Session, now: datetime, day_ends: datetime) -> Ages:
    """Count the appeals of each age."""
    found = [
        session.execute(select(func.count()).select_from(AppealRow).where(which)).scalar_one()
        for which in (is_yellow(now, day_ends), is_red(now), and_(is_running(), col(AppealRow.status) == "long_term"))
    ]
    return Ages(*found)


def untold(session: Session, now: datetime, limit: int) -> list[int]:
    """Return the appeals that became red and of which nobody's superior has been told, the most late first."""
    statement = (
        select(col(AppealRow.id))
        .where(is_red(now), col(AppealRow.overdue_told_at).is_(None))
        .order_by(col(AppealRow.deadline_at))
        .limit(limit)
    )
    return [found for found in session.execute(statement).scalars() if found is not None]


def take(session: Session, appeal_id: int, now: datetime) -> bool:
    """Take a red appeal to tell of it; False if another was first, or it is red no more."""
    statement = (
        update(AppealRow)
        .where(col(AppealRow.id) == appeal_id, is_red(now), col(AppealRow.overdue_told_at).is_(None))
        .values(overdue_told_at=now)
        .returning(col(AppealRow.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).first() is not None


def late_rounds(session: Session, appeal_ids: Sequence[int]) -> set[int]:
    """Return those of the appeals of which an earlier round was done late."""
    statement = select(col(RoundRow.appeal_id)).where(
        col(RoundRow.appeal_id).in_(appeal_ids),
        col(RoundRow.undone_at).is_(None),
        col(RoundRow.closed_at) > col(RoundRow.deadline_at),
    )
    return set(session.execute(statement).scalars())


def is_alerted(session: Session, kind: str) -> bool:
    """Say whether an alert of a kind lives that nobody has answered."""
    live = select(col(AlertRow.id)).where(col(AlertRow.kind) == kind, col(AlertRow.ended_at).is_(None)).limit(1)
    return session.execute(live).first() is not None
