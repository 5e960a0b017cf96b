"""Reports of a range that somebody asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import ReportOrderRow


def add(session: Session, first: str, last: str, user_id: int, now: datetime) -> int:
    """Ask for a report and return the order's id."""
    row = ReportOrderRow(first=first, last=last, asked_by=user_id, asked_at=now)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def has_waiting(session: Session, now: datetime) -> bool:
    """Say whether there is something to take; to be asked often."""
    return session.execute(select(col(ReportOrderRow.id)).where(*_free(now)).limit(1)).first() is not None


def take(session: Session, now: datetime, length: timedelta) -> ReportOrderRow | None:
    """Take the oldest order nobody is at, with the attempt counted; None if there is none."""
    statement = select(col(ReportOrderRow.id)).where(*_free(now)).order_by(col(ReportOrderRow.id)).limit(1)
    order_id = session.execute(statement.with_for_update(skip_locked=True)).scalar()
    if order_id is None:
        return None
    row = session.get_one(ReportOrderRow, order_id, populate_existing=True)
    row.lease_until, row.attempts, row.share = now + length, row.attempts + 1, 0.0
    return row


def tell(session: Session, order_id: int, attempt: int, share: float, until: datetime) -> None:
    """Note how far it is; that renews the lease."""
    _change(session, order_id, attempt, share=share, lease_until=until)


def finish(
    session: Session, order_id: int, attempt: int, now: datetime, *, content: str = "", problem: str = ""
) -> None:
    """End an order, with its figures or with what went wrong."""
    _change(session, order_id, attempt, done_at=now, lease_until=None, share=1.0, content=content, problem=problem)


def sweep(session: Session, before: datetime) -> None:
    """Forget what was asked for before a moment: it can be made again."""
    session.execute(delete(ReportOrderRow).where(col(ReportOrderRow.asked_at) < before))


def by_id(session: Session, order_id: int) -> ReportOrderRow | None:
    return session.get(ReportOrderRow, order_id)


def newest(session: Session, limit: int) -> list[ReportOrderRow]:
    """Return the last orders, the newest first."""
    return list(session.execute(select(ReportOrderRow).order_by(col(ReportOrderRow.id).desc()).limit(limit)).scalars())


def _free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    lease = col(ReportOrderRow.lease_until)
    return col(ReportOrderRow.done_at).is_(None), or_(lease.is_(None), lease <= now)


def _change(session: Session, order_id: int, attempt: int, **values: object) -> None:
    """Change an order, unless another attempt has begun since."""
    session.execute(
        update(ReportOrderRow)
        .where(
            col(ReportOrderRow.id) == order_id,
            col(ReportOrderRow.attempts) == attempt,
            col(ReportOrderRow.done_at).is_(None),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
