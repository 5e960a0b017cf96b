"""What administrators have written over the texts that citizens and executors read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import document, long_text, moment


class TextVersionRow(SQLModel, table=True):
    """One edit of a text, in all languages, as it is from then on. Never changed.

    `number` counts from 1; number 0 is the shipped one, to which a version with `is_shipped` leads back: its `content`
    is empty. `template` is the name of the approved WhatsApp template that says the same, empty for the configured
    one; `template_buttons` is the set of quick replies it was approved with, empty for none. The highest id says
    whether anything is new.
    """

    __tablename__ = "text_versions"
    __table_args__ = (UniqueConstraint("name", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    number: int
    content: dict[str, Any] = document()
    template: str = ""
    template_buttons: str = ""
    is_shipped: bool = False
    at: datetime = moment()
    user_id: int | None = Field(default=None, foreign_key="users.id")
    note: str = long_text()
