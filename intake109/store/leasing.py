"""Rows that are worked on one at a time: taken for a while, with the attempt counted before anything is tried."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import AttachmentRow, LookupRow, OutboxRow, ReplyRow

Row = TypeVar("Row", AttachmentRow, LookupRow, OutboxRow, ReplyRow)


def take(
    session: Session,
    kind: type[Row],
    due: Sequence[ColumnElement[bool]],
    order: Sequence[Any],
    now: datetime,
    length: timedelta,
) -> Row | None:
    """Take the first row that is due and nobody's, and return it with the attempt counted; None if there is none.

    A lease that ran out (its worker died) is taken again. Others that look at the same moment pass the row over.
    """
    statement = (
        select(col(kind.id))
        .where(*due, or_(col(kind.lease_until).is_(None), col(kind.lease_until) <= now))
        .order_by(*order)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row_id = session.execute(statement).scalar()
    if row_id is None:
        return None
    row = session.get(kind, row_id, populate_existing=True)
    assert row is not None
    row.lease_until = now + length
    row.attempts += 1
    session.flush()
    return row
