"""Links that open the board in the hall without an account."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from intake109.store.tables.base import maybe_moment, moment


class BoardLinkRow(SQLModel, table=True):
    """A link for one screen, named after where it hangs. Only a hash of its key is kept: it is shown once.

    `seen_at` is when the screen last looked, told to the minute.
    """

    __tablename__ = "board_links"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    language: str
    token_hash: str = Field(unique=True)
    created_at: datetime = moment()
    created_by: int = Field(foreign_key="users.id")
    revoked_at: datetime | None = maybe_moment()
    seen_at: datetime | None = maybe_moment()
