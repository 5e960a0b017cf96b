"""Alerts: raised once, announced by conditional updates, ended for everybody at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.rows import insert_new
from intake109.store.tables import AlertRow


def add(session: Session, key: str, kind: str, audience: str, task_id: int | None, now: datetime) -> AlertRow | None:
    """Add an alert that is announced at once; None if there was one of this key already, live or over."""
    values = {
        "key": key,
        "kind": kind,
        "audience": audience,
        "task_id": task_id,
        "created_at": now,
        "next_at": now,
        "rounds": 0,
        "ways": "",
        "ended_why": "",
    }
    if not insert_new(session, AlertRow, [values]):
        return None
    return session.execute(select(AlertRow).where(col(AlertRow.key) == key)).scalar_one()


def due(session: Session, now: datetime, limit: int) -> list[int]:
    """Return the alerts to be announced now, oldest first."""
    statement = (
        select(col(AlertRow.id))
        .where(col(AlertRow.ended_at).is_(None), col(AlertRow.next_at) <= now)
        .order_by(col(AlertRow.next_at), col(AlertRow.id))
        .limit(limit)
    )
    return [found for found in session.execute(statement).scalars() if found is not None]


def take(session: Session, alert_id: int, now: datetime) -> AlertRow | None:
    """Take an alert for one round of announcing and return it; None if another worker was first or it is over."""
    statement = (
        update(AlertRow)
        .where(col(AlertRow.id) == alert_id, col(AlertRow.ended_at).is_(None), col(AlertRow.next_at) <= now)
        .values(rounds=col(AlertRow.rounds) + 1, next_at=None)
        .returning(col(AlertRow.id))
        .execution_options(synchronize_session=False)
    )
    if session.execute(statement).first() is None:
        return None
    return session.get(AlertRow, alert_id, populate_existing=True)


def acknowledge(session: Session, alert_id: int, user_id: int, now: datetime, why: str) -> bool:
    """End an alert for everybody, acknowledged by somebody; False if it was over already."""
    statement = (
        update(AlertRow)
        .where(col(AlertRow.id) == alert_id, col(AlertRow.ended_at).is_(None))
        .values(acknowledged_at=now, acknowledged_by=user_id, ended_at=now, ended_why=why, next_at=None)
        .returning(col(AlertRow.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).first() is not None


def end_of_task(session: Session, task_id: int, why: str, now: datetime) -> list[int]:
    """End all live alerts of a task and return their ids."""
    statement = (
        update(AlertRow)
        .where(col(AlertRow.task_id) == task_id, col(AlertRow.ended_at).is_(None))
        .values(ended_at=now, ended_why=why, next_at=None)
        .returning(col(AlertRow.id))
        .execution_options(synchronize_session=False)
    )
    return [found for found in session.execute(statement).scalars() if found is not None]


def revive(session: Session, task_id: int, ended_why: str, kinds: Sequence[str], next_at: datetime) -> list[int]:
    """Let alerts of a task that ended so live again and be announced at a moment; return their ids."""
    statement = (
        update(AlertRow)
        .where(
            col(AlertRow.task_id) == task_id,
            col(AlertRow.ended_why) == ended_why,
            col(AlertRow.ended_at).is_not(None),
            col(AlertRow.kind).in_(kinds),
        )
        .values(acknowledged_at=None, acknowledged_by=None, ended_at=None, ended_why="", next_at=next_at)
        .returning(col(AlertRow.id))
        .execution_options(synchronize_session=False)
    )
    return [found for found in session.execute(statement).scalars() if found is not None]


def put_off(session: Session, alert_id: int, until: datetime) -> None:
    """Announce an alert later: it could not be."""
    session.execute(
        update(AlertRow)
        .where(col(AlertRow.id) == alert_id, col(AlertRow.ended_at).is_(None))
        .values(next_at=until)
        .execution_options(synchronize_session=False)
    )


def live(session: Session, user_id: int, role: str, limit: int = 1000) -> list[AlertRow]:
    """Return what one member of the staff is alerted of now, oldest first."""
    statement = (
        select(AlertRow)
        .where(
            col(AlertRow.ended_at).is_(None),
            col(AlertRow.audience).in_(("everybody", f"role:{role}", f"user:{user_id}")),
        )
        .order_by(col(AlertRow.created_at), col(AlertRow.id))
        .limit(limit)
    )
    return list(session.execute(statement).scalars())


def by_ids(session: Session, alert_ids: Sequence[int]) -> list[AlertRow]:
    """Return alerts by their ids, in the order they were raised."""
    if not alert_ids:
        return []
    return list(
        session.execute(select(AlertRow).where(col(AlertRow.id).in_(alert_ids)).order_by(col(AlertRow.id))).scalars()
    )


def of_task(session: Session, task_id: int) -> list[AlertRow]:
    """Return all alerts of a task, oldest first."""
    statement = select(AlertRow).where(col(AlertRow.task_id) == task_id).order_by(col(AlertRow.id))
    return list(session.execute(statement).scalars())


def untold(session: Session) -> list[int]:
    """Return the live alerts that were announced and reached nobody, oldest first."""
    statement = (
        select(col(AlertRow.id))
        .where(col(AlertRow.ended_at).is_(None), col(AlertRow.ways) == "", col(AlertRow.rounds) > 0)
        .order_by(col(AlertRow.id))
    )
    return [found for found in session.execute(statement).scalars() if found is not None]
