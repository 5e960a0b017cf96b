"""Alerts of a kind that are told together: what of them is alive, and the rounds in which they were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.rows import insert_one
from intake109.store.tables import AlertRoundRow, AlertRow, TaskRow


@dataclass(frozen=True, slots=True)
class Gathered:
    """What lives of a kind: how many tasks, since when their first citizen waits, the first promise, the last alert."""

    count: int
    mentioned_at: datetime
    promise_at: datetime
    last_alert_id: int


def gathered(session: Session, kind: str, audience: str) -> Gathered | None:
    """Return what lives of a kind for an audience, None if nothing does."""
    statement = (
        select(
            func.count(),
            func.min(col(TaskRow.mentioned_at)),
            func.min(col(TaskRow.promise_at)),
            func.max(col(AlertRow.id)),
        )
        .select_from(AlertRow)
        .join(TaskRow, col(TaskRow.id) == col(AlertRow.task_id))
        .where(*_live(kind, audience))
    )
    count, mentioned_at, promise_at, last_id = session.execute(statement).one()
    return Gathered(count, mentioned_at, promise_at, last_id) if last_id is not None else None


def rows(session: Session, kind: str, audience: str, up_to: int) -> list[AlertRow]:
    """Return what lives of a kind, up to an alert's id, oldest first."""
    statement = select(AlertRow).where(*_live(kind, audience), col(AlertRow.id) <= up_to).order_by(col(AlertRow.id))
    return list(session.execute(statement).scalars())


def mark_told(session: Session, kind: str, audience: str, ways: str, next_at: datetime | None) -> None:
    """Note that what lives of a kind has been told by these ways, none if it reached nobody and is tried again."""
    _announced(session, kind, audience, rounds=col(AlertRow.rounds) + 1, next_at=next_at, ways=ways)


def put_off(session: Session, kind: str, audience: str, until: datetime) -> None:
    """Announce what has not been told of a kind at a later moment."""
    _announced(session, kind, audience, next_at=until)


def begin(
    session: Session, kind: str, audience: str, found: Gathered, said: str, now: datetime, look_at: datetime
) -> int:
    """Open a round, which ends the one before it, and return its id."""
    session.execute(
        update(AlertRoundRow)
        .where(*_open(kind, audience))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    values = {
        "kind": kind,
        "audience": audience,
        "told_at": now,
        "count": found.count,
        "last_alert_id": found.last_alert_id,
        "said": said,
        "look_at": look_at,
    }
    return insert_one(session, AlertRoundRow, values)


def due(session: Session, now: datetime, limit: int) -> list[int]:
    """Return the open rounds whose number is to be looked at again."""
    statement = (
        select(col(AlertRoundRow.id))
        .where(col(AlertRoundRow.ended_at).is_(None), col(AlertRoundRow.look_at) <= now)
        .order_by(col(AlertRoundRow.look_at))
        .limit(limit)
    )
    return [found for found in session.execute(statement).scalars() if found is not None]


def take(session: Session, round_id: int, now: datetime, look_at: datetime) -> AlertRoundRow | None:
    """Take an open round for one look and return it; None if another worker was first or it is over."""
    statement = (
        update(AlertRoundRow)
        .where(
            col(AlertRoundRow.id) == round_id, col(AlertRoundRow.ended_at).is_(None), col(AlertRoundRow.look_at) <= now
        )
        .values(look_at=look_at)
        .returning(col(AlertRoundRow.id))
        .execution_options(synchronize_session=False)
    )
    if session.execute(statement).first() is None:
        return None
    return session.get(AlertRoundRow, round_id, populate_existing=True)


def open_rounds(session: Session) -> dict[tuple[str, str], AlertRoundRow]:
    """Return the open rounds by kind and audience."""
    found = session.execute(select(AlertRoundRow).where(col(AlertRoundRow.ended_at).is_(None))).scalars()
    return {(row.kind, row.audience): row for row in found}


def _live(kind: str, audience: str) -> tuple[ColumnElement[bool], ...]:
    return (col(AlertRow.ended_at).is_(None), col(AlertRow.kind) == kind, col(AlertRow.audience) == audience)


def _open(kind: str, audience: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(AlertRoundRow.ended_at).is_(None),
        col(AlertRoundRow.kind) == kind,
        col(AlertRoundRow.audience) == audience,
    )


def _announced(session: Session, kind: str, audience: str, **values: object) -> None:
    session.execute(
        update(AlertRow)
        .where(*_live(kind, audience), col(AlertRow.next_at).is_not(None))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
