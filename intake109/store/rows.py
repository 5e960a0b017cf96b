"""Writing rows without the unit of work, as both databases understand it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import SQLModel


def insert_new(session: Session, row: type[SQLModel], values: Sequence[dict[str, Any]]) -> int:
    """Insert the rows that break no unique constraint and return how many were new."""
    if not values:
        return 0
    statement = _insertion_of_new(row, session.get_bind().dialect.name)
    return len(session.execute(statement, list(values)).all())


def insert_one(session: Session, row: type[SQLModel], values: Mapping[str, object]) -> int:
    """Insert one row and return its id; what is not given has the column's default.

    A fifth of what the unit of work takes for the same. For rows that come with every event.
    """
    statement, defaults = _insertion(row)
    row_id: int = session.execute(statement, {**defaults, **values}).scalar_one()
    return row_id


@cache
def _insertion_of_new(row: type[SQLModel], dialect: str) -> ReturningInsert[tuple[int]]:
    table: Table = row.__table__  # type: ignore[attr-defined]
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return make(table).on_conflict_do_nothing().returning(table.primary_key.columns[0])


@cache
def _insertion(row: type[SQLModel]) -> tuple[Insert, dict[str, object]]:
    table: Table = row.__table__  # type: ignore[attr-defined]
    key = table.primary_key.columns[0]
    defaults = {
        name: field.get_default(call_default_factory=True, validated_data={})
        for name, field in row.model_fields.items()
        if name != key.name and not field.is_required()
    }
    return insert(table).returning(key), defaults
