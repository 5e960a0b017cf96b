"""Bulk writing that both databases understand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlmodel import SQLModel


def insert_new(session: Session, row: type[SQLModel], values: Sequence[dict[str, Any]]) -> int:
    """Insert the rows that break no unique constraint and return how many were new."""
    if not values:
        return 0
    table: Table = row.__table__  # type: ignore[attr-defined]
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = make(table).on_conflict_do_nothing().returning(table.primary_key.columns[0])
    return len(session.execute(statement, list(values)).all())
