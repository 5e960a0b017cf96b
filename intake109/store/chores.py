"""When each chore by the clock was last done, for whoever is elected next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake109.store.tables import ChoreRow


def done_at(session: Session, name: str) -> datetime | None:
    """Return when a chore was last done; None if it never was."""
    row = session.get(ChoreRow, name)
    return row.done_at if row else None


def done(session: Session, name: str, now: datetime) -> None:
    """Note that a chore is done."""
    session.merge(ChoreRow(name=name, done_at=now))
