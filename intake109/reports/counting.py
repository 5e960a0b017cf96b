"""What all themes count by: conditions as columns of 0 and 1, seconds between moments."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Integer, case, cast, extract, func
from sqlalchemy.sql.elements import SQLCoreOperations

from intake109.reports.period import Period

GIVEN = ("registered", "automatic", "answered")
"""Outcomes of a task by which a number was given."""


def flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Return 1 where a condition holds and 0 where not; unknown is not."""
    return case((condition, 1), else_=0)


def total(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Count the rows for which a condition holds; 0 where there are none."""
    return func.coalesce(func.sum(flag(condition)), 0)


def epoch(moment: SQLCoreOperations[object]) -> ColumnElement[int]:
    """Return a moment in whole seconds, on both databases."""
    return cast(func.floor(extract("epoch", moment)), Integer)


def within(moment: SQLCoreOperations[object], period: Period) -> ColumnElement[bool]:
    """Say whether a moment lies in a period; its end does not."""
    found: ColumnElement[bool] = (moment >= period.begins_at) & (moment < period.ends_at)
    return found
