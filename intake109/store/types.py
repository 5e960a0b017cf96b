"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator

from intake109.clock import require_aware


def storable(text: str) -> str:
    """Return `text` with what no database takes as text (a NUL, half a surrogate pair) written as JSON would escape it.

    One such letter in one event would otherwise refuse its whole batch, again at every poll.
    """
    return text.replace("\x00", "\\u0000").encode("utf-8", "backslashreplace").decode()


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment. SQLite forgets zones, so every value is stored as UTC and given its zone back when read.

    Raises:
        ValueError: a naive moment is written.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = require_aware(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
