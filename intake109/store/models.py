"""Which model serves, which served before, and what became of every attempt at a new one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.errors import ConflictError, NotFoundError
from intake109.store import audit
from intake109.store.database import take_turns
from intake109.store.tables import ModelRow

LONGEST_TRAINING = timedelta(minutes=30)
"""An attempt that has not ended by then was killed."""
FILES_KEPT = 5


def serving(session: Session) -> ModelRow | None:
    """Return the model that serves; None before the first one was trained."""
    statement = (
        select(ModelRow)
        .where(col(ModelRow.served_at).is_not(None))
        .order_by(col(ModelRow.served_at).desc(), col(ModelRow.id).desc())
        .limit(1)
    )
    return session.execute(statement).scalar()


def newest(session: Session, limit: int) -> list[ModelRow]:
    """Return models and attempts, newest first."""
    return list(session.execute(select(ModelRow).order_by(col(ModelRow.id).desc()).limit(limit)).scalars())


def compared(session: Session, limit: int) -> list[ModelRow]:
    """Return the newest attempts that were compared with the champion, oldest first."""
    statement = (
        select(ModelRow)
        .where(col(ModelRow.outcome).in_(("promoted", "kept")), col(ModelRow.reason) != "")
        .order_by(col(ModelRow.id).desc())
        .limit(limit * 3)
    )
    rows = [row for row in session.execute(statement).scalars() if row.challenger]
    return rows[:limit][::-1]


def previous(session: Session) -> ModelRow | None:
    """Return the model to go back to: the newest older than the one that serves whose file is still there."""
    current = serving(session)
    if current is None:
        return None
    statement = (
        select(ModelRow)
        .where(col(ModelRow.outcome) == "promoted", col(ModelRow.id) < current.id, col(ModelRow.file) != "")
        .order_by(col(ModelRow.id).desc())
        .limit(1)
    )
    return session.execute(statement).scalar()


def begin(session: Session, version: str, catalogue: str, origin: str, now: datetime) -> ModelRow:
    """Begin an attempt; only one at a time, in whatever process.

    Raises:
        ConflictError: another one is under way.
    """
    take_turns(session, "models")
    statement = select(ModelRow).where(col(ModelRow.outcome) == "training")
    for row in session.execute(statement).scalars():
        if now - row.trained_at < LONGEST_TRAINING:
            raise ConflictError("a model is being trained already; wait for it, `intake109 train --list` shows it")
        row.outcome, row.reason = "failed", "killed"
    row = ModelRow(version=version, catalogue=catalogue, origin=origin, trained_at=now, outcome="training")
    session.add(row)
    session.flush()
    return row


def end(session: Session, row: ModelRow) -> None:
    """Write down how an attempt ended; of attempts that had too little to learn only the last is kept."""
    if row.outcome == "too_few":
        session.execute(delete(ModelRow).where(col(ModelRow.outcome) == "too_few"))
    session.merge(row)


def introduce(session: Session, version: str, file: str, now: datetime, instead_of: int | None) -> int:
    """Let a model trained from the catalogue alone serve and return its id; of two processes the first does.

    `instead_of` is the model whose file is lost, None where none serves yet.
    """
    take_turns(session, "models")
    current = serving(session)
    if current is not None and current.id is not None and current.id != instead_of:
        return current.id
    row = ModelRow(
        version=version,
        catalogue=version,
        origin="catalogue",
        trained_at=now,
        outcome="promoted",
        reason="first",
        file=file,
        served_at=now,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def go_back(session: Session, expected_id: int | None, user_id: int | None, now: datetime) -> ModelRow:
    """Let the model before the serving one serve again.

    Args:
        expected_id: the model that was shown as the one before; None takes whatever it is.

    Raises:
        NotFoundError: there is none whose file is still there.
        ConflictError: meanwhile another model serves than was shown.
    """
    take_turns(session, "models")
    row, current = previous(session), serving(session)
    if row is None or row.id is None or current is None:
        raise NotFoundError("there is no earlier model to go back to")
    if expected_id not in (None, row.id):
        raise ConflictError("meanwhile another model serves; look again")
    row.served_at = now
    audit.note(session, now, user_id, "model_back", "model", row.id, instead_of=current.id)
    return row


def drop_old_files(session: Session) -> Sequence[str]:
    """Forget the files of all but the newest models and the serving one, and return their names for removal."""
    current = serving(session)
    statement = (
        select(ModelRow)
        .where(col(ModelRow.outcome) == "promoted", col(ModelRow.file) != "")
        .order_by(col(ModelRow.id).desc())
    )
    rows = list(session.execute(statement).scalars())
    kept = {row.file for row in rows[:FILES_KEPT]} | ({current.file} if current else set())
    dropped = [row for row in rows if row.file not in kept]
    names = [row.file for row in dropped]
    for row in dropped:
        row.file = ""
    return names
