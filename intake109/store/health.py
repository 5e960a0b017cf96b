"""How each collector is, as the health page and everybody's banner show it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.rows import insert_new
from intake109.store.tables import HealthRow

WORKERS = "job.worker"
"""The line that tells of processes that hang."""


def of(session: Session, name: str, channel: str) -> HealthRow:
    """Return the health of a collector, a new line if it has none yet."""
    row = session.get(HealthRow, name)
    if row is None:
        insert_new(session, HealthRow, [_blank(name, channel)])
        row = session.get(HealthRow, name)
        assert row is not None
    return row


def known(session: Session, name: str) -> HealthRow | None:
    """Return the health of a collector or job; None if nothing was ever written of it."""
    return session.get(HealthRow, name)


def _blank(name: str, channel: str) -> dict[str, object]:
    return {
        "name": name,
        "channel": channel,
        "last_error": "",
        "backoff": "",
        "errors_in_row": 0,
        "lag_s": 0.0,
        "rejected": 0,
        "rhythm_s": 0.0,
    }


def all_of(session: Session) -> list[HealthRow]:
    """Return every collector's health by name."""
    return list(session.execute(select(HealthRow).order_by(col(HealthRow.name))).scalars())


def count_rejected(session: Session, name: str, channel: str, now: datetime) -> None:
    """Count a delivery whose signature was wrong."""
    of(session, name, channel)
    session.execute(
        update(HealthRow)
        .where(col(HealthRow.name) == name)
        .values(rejected=col(HealthRow.rejected) + 1, last_rejected_at=now)
    )


def heard(session: Session, name: str, channel: str, now: datetime, lag_s: float | None = None) -> None:
    """Note that a delivery arrived."""
    row = of(session, name, channel)
    row.last_event_at = row.last_good_at = now
    row.errors_in_row = 0
    row.backoff = row.last_error = ""
    row.retry_at = None
    if lag_s is not None:
        row.lag_s = lag_s
