"""What administrators have written over the catalogue of the files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import document, long_text, maybe_moment, moment


class RevisionRow(SQLModel, table=True):
    """One edit of something of the catalogue: the whole of it as it is from then on. Never changed.

    `number` counts from 1; number 0 is what the files say. The highest id says whether anything is new.
    """

    __tablename__ = "catalogue_revisions"
    __table_args__ = (UniqueConstraint("kind", "code", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    code: str
    number: int
    content: dict[str, Any] = document()
    is_retired: bool = False
    at: datetime = moment()
    user_id: int | None = Field(default=None, foreign_key="users.id")
    note: str = long_text()
    import_id: int | None = Field(default=None, foreign_key="catalogue_imports.id", index=True)


class CatalogueImportRow(SQLModel, table=True):
    """A whole catalogue, or a part of one, that somebody has sent. Nothing of it counts before `saved_at`.

    `content` holds what it would write and what its files lack; `mark` is the newest edit that it was read against.
    `user_id` is empty for one from the command line.
    """

    __tablename__ = "catalogue_imports"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    content: dict[str, Any] = document()
    mark: int
    read_at: datetime = moment()
    user_id: int | None = Field(default=None, foreign_key="users.id")
    note: str = long_text()
    saved_at: datetime | None = maybe_moment()
    undone_at: datetime | None = maybe_moment()
    undone_by: int | None = Field(default=None, foreign_key="users.id")
