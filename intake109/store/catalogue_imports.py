"""Whole catalogues that were sent: what each would write, and what it wrote."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.catalogue.contents import Kind
from intake109.catalogue.overlay import Entry
from intake109.errors import NotFoundError
from intake109.store.tables import CatalogueImportRow, RevisionRow

_KEPT = timedelta(days=7)
Thing = tuple[Kind, str]


def add(session: Session, name: str, content: dict[str, Any], mark: int, user_id: int | None, now: datetime) -> int:
    """Keep what was read and return its id; what nobody has saved for a week is forgotten."""
    row = CatalogueImportRow(name=name[:200], content=content, mark=mark, user_id=user_id, read_at=now)
    session.add(row)
    session.flush()
    # Only now: SQLite gives the highest id anew once its row is gone, and somebody may still look at that page.
    is_old = col(CatalogueImportRow.read_at) < now - _KEPT
    session.execute(delete(CatalogueImportRow).where(is_old, col(CatalogueImportRow.saved_at).is_(None)))
    assert row.id is not None
    return row.id


def get(session: Session, import_id: int) -> CatalogueImportRow:
    """Return an import.

    Raises:
        NotFoundError: there is none, or it was forgotten.
    """
    row = session.get(CatalogueImportRow, import_id)
    if row is None:
        raise NotFoundError(f"there is no import {import_id} of the catalogue")
    return row


def saved(session: Session, limit: int) -> list[CatalogueImportRow]:
    """Return the newest imports that were saved."""
    statement = (
        select(CatalogueImportRow)
        .where(col(CatalogueImportRow.saved_at).is_not(None))
        .order_by(col(CatalogueImportRow.saved_at).desc(), col(CatalogueImportRow.id).desc())
        .limit(limit)
    )
    return list(session.execute(statement).scalars())


def names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Return the files' names of imports by their ids."""
    wanted = col(CatalogueImportRow.id).in_(list(ids))
    rows = session.execute(select(col(CatalogueImportRow.id), col(CatalogueImportRow.name)).where(wanted))
    return {import_id: name for import_id, name in rows if import_id is not None}


def revisions_of(session: Session, import_id: int) -> list[RevisionRow]:
    """Return the versions an import wrote, in the order in which it wrote them."""
    statement = select(RevisionRow).where(col(RevisionRow.import_id) == import_id).order_by(col(RevisionRow.id))
    return list(session.execute(statement).scalars())


def edited_since(session: Session, mark: int) -> set[Thing]:
    """Return what was edited after the edit with this id."""
    statement = select(col(RevisionRow.kind), col(RevisionRow.code)).where(col(RevisionRow.id) > mark).distinct()
    return {(Kind(kind), code) for kind, code in session.execute(statement)}


def numbers(session: Session) -> dict[Thing, int]:
    """Return the number of the latest version of everything that was edited."""
    kind_and_code = col(RevisionRow.kind), col(RevisionRow.code)
    statement = select(*kind_and_code, func.max(RevisionRow.number)).group_by(*kind_and_code)
    return {(Kind(kind), code): number for kind, code, number in session.execute(statement)}


def before(session: Session, import_id: int) -> dict[Thing, Entry]:
    """Return the versions just before those that an import wrote; what had none is left out."""
    after = {(row.kind, row.code): row.number for row in revisions_of(session, import_id)}
    codes = {code for _, code in after}
    rows = session.execute(select(RevisionRow).where(col(RevisionRow.code).in_(codes))).scalars()
    return {
        (Kind(row.kind), row.code): Entry(Kind(row.kind), row.code, row.content, row.is_retired)
        for row in rows
        if row.number == after.get((row.kind, row.code), 0) - 1
    }
