"""The classifier's models, one after another, and what a centre's own history teaches them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import document, long_text, maybe_moment, moment


class ModelRow(SQLModel, table=True):
    """A model, or an attempt at one. The one with the newest `served_at` is the champion that serves.

    `outcome` is `training`, `promoted`, `kept` (the champion stayed), `too_few` or `failed`; `reason` says why, as a
    code, with its figures in `detail`. `champion` and `challenger` hold the figures of both on the same held-out
    decisions, empty where nothing was compared. `seen_until` is the newest decision the model has learnt.
    """

    __tablename__ = "models"

    id: int | None = Field(default=None, primary_key=True)
    version: str
    catalogue: str
    origin: str
    trained_at: datetime = moment()
    examples: int = 0
    seen_until: datetime | None = maybe_moment()
    champion: dict[str, Any] = document()
    challenger: dict[str, Any] = document()
    outcome: str
    reason: str = ""
    detail: dict[str, Any] = document()
    file: str = ""
    served_at: datetime | None = maybe_moment(index=True)


class HistoryRow(SQLModel, table=True):
    """A text of a centre's own history and the service (or only the sphere) its people gave it.

    `key` recognises a copy, so that a file may be read in again; `source` is the name of the file.
    """

    __tablename__ = "history"
    __table_args__ = (UniqueConstraint("source", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    source: str
    key: str
    text: str = long_text()
    service: str = ""
    sphere: str = ""
    added_at: datetime = moment()
