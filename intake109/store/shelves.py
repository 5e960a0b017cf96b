"""The shelves of the control page: appeals by what is to be done with them, counted and listed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import AppealRow

_WAITING, _LONG_TERM = "waiting", "long_term"
_LIVE = ("registered", "forwarded", "in_work", "answered", "waiting", "returned", "long_term")
"""Statuses of appeals that are not over: by them an index finds the few thousand among all there ever were."""


def due(session: Session, now: datetime, limit: int) -> list[int]:
    """Return the appeals whose time aside is over, oldest first."""
    is_over = or_(
        and_(col(AppealRow.status) == _WAITING, col(AppealRow.waiting_until) <= now),
        and_(col(AppealRow.status) == _LONG_TERM, col(AppealRow.shelved_until) <= now),
    )
    statement = select(col(AppealRow.id)).where(is_over).order_by(col(AppealRow.id)).limit(limit)
    return [found for found in session.execute(statement).scalars() if found is not None]


def of_status(status: str) -> ColumnElement[bool]:
    """Select the cases of a status."""
    return and_(col(AppealRow.status) == status, col(AppealRow.merged_into).is_(None))


def incidents() -> ColumnElement[bool]:
    """Select the live cases of danger."""
    return and_(col(AppealRow.is_incident), col(AppealRow.status).in_(_LIVE))


def count(session: Session, which: ColumnElement[bool]) -> int:
    """Return how many appeals a shelf holds."""
    return session.execute(select(func.count()).select_from(AppealRow).where(which)).scalar_one()


def page(session: Session, which: ColumnElement[bool], first: str, limit: int) -> list[AppealRow]:
    """Return the appeals of a shelf: danger before the rest, then by a moment of theirs, the earliest first."""
    order = (col(AppealRow.is_incident).desc(), AppealRow.__table__.c[first], col(AppealRow.id))  # type: ignore[attr-defined]
    return list(session.execute(select(AppealRow).where(which).order_by(*order).limit(limit)).scalars())
