"""What administrators have written over the catalogue of the files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import document, long_text, moment


class RevisionRow(SQLModel, table=True):
    """One edit of a service, group, executor or curator: the whole of it as it is from then on. Never changed.

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
