"""The naming convention: without names SQLite migrations could never drop a constraint."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Text
from sqlmodel import Field, SQLModel

from intake109.store.types import UtcDateTime

METADATA = SQLModel.metadata
METADATA.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def moment() -> Any:
    """A column that must hold a moment."""
    return Field(sa_type=UtcDateTime)


def maybe_moment(*, index: bool = False) -> Any:
    """A column that may hold a moment."""
    return Field(default=None, sa_type=UtcDateTime, index=index)


def long_text() -> Any:
    """A column of unlimited text, empty by default."""
    return Field(default="", sa_type=Text)


def document(kind: type[Any] = dict) -> Any:
    """A column of JSON, an empty `kind` by default."""
    return Field(default_factory=kind, sa_type=JSON)
