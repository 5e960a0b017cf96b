"""The catalogue's versions: what administrators have written over the files, one row an edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.catalogue.contents import Kind
from intake109.catalogue.overlay import Entry
from intake109.errors import ConflictError
from intake109.store.database import Database
from intake109.store.rows import insert_new
from intake109.store.tables import RevisionRow


class Revisions:
    """What the holder of the current catalogue asks of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self) -> int:
        """Return the id of the newest edit, 0 before the first."""
        with self._database.read() as session:
            return newest(session)

    def entries(self) -> list[Entry]:
        """Return the latest revision of everything that was edited."""
        with self._database.read() as session:
            return entries(session)


def newest(session: Session) -> int:
    """Return the id of the newest edit, 0 before the first."""
    return session.execute(select(func.max(RevisionRow.id))).scalar() or 0


def entries(session: Session) -> list[Entry]:
    """Return the latest revision of everything that was edited."""
    newest = select(func.max(RevisionRow.id)).group_by(col(RevisionRow.kind), col(RevisionRow.code))
    rows = session.execute(select(RevisionRow).where(col(RevisionRow.id).in_(newest))).scalars()
    return [entry_of(row) for row in rows]


def entry_of(row: RevisionRow) -> Entry:
    """Return what a revision says, as the catalogue reads it."""
    return Entry(Kind(row.kind), row.code, row.content, row.is_retired)


def of(session: Session, kind: Kind, code: str) -> list[RevisionRow]:
    """Return the revisions of one thing, oldest first."""
    statement = (
        select(RevisionRow)
        .where(col(RevisionRow.kind) == kind.value, col(RevisionRow.code) == code)
        .order_by(col(RevisionRow.number))
    )
    return list(session.execute(statement).scalars())


def add(
    session: Session,
    entry: Entry,
    number: int,
    user_id: int | None,
    note: str,
    now: datetime,
    import_id: int | None = None,
) -> None:
    """Write a revision; `import_id` names the whole catalogue it came with.

    Raises:
        ConflictError: somebody has written this number a moment ago.
    """
    values: Mapping[str, Any] = {
        "kind": entry.kind.value,
        "code": entry.code,
        "number": number,
        "content": dict(entry.content),
        "is_retired": entry.is_retired,
        "at": now,
        "user_id": user_id,
        "note": note,
        "import_id": import_id,
    }
    if not insert_new(session, RevisionRow, [dict(values)]):
        raise ConflictError(f"{entry.code} was edited a moment ago by somebody else")
