"""The chain of sealed days."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import SealRow


def add(session: Session, row: SealRow) -> None:
    """Append a link. That no two follow the same one is the table's own rule."""
    session.add(row)
    session.flush()


def last(session: Session) -> SealRow | None:
    """Return the newest link."""
    return session.execute(select(SealRow).order_by(col(SealRow.id).desc()).limit(1)).scalar()


def of_day(session: Session, day: str) -> list[SealRow]:
    """Return the links of a day, the first first; empty if it is not sealed."""
    statement = select(SealRow).where(col(SealRow.day) == day).order_by(col(SealRow.revision))
    return list(session.execute(statement).scalars())


def last_day(session: Session) -> str | None:
    """Return the latest day that is sealed."""
    found: str | None = session.execute(select(func.max(col(SealRow.day)))).scalar()
    return found


def each(session: Session) -> Iterator[SealRow]:
    """Give all links in the order in which they were made, a few at a time."""
    statement = select(SealRow).order_by(col(SealRow.id)).execution_options(yield_per=50)
    for row in session.execute(statement).scalars():
        yield row
        session.expunge(row)


def by_digest(session: Session, digest: str) -> SealRow | None:
    """Return the link with a digest."""
    return session.execute(select(SealRow).where(col(SealRow.digest) == digest).limit(1)).scalar()


def newest_days(session: Session, limit: int, before: str = "") -> list[SealRow]:
    """Return the last link of each sealed day, the newest day first."""
    newest = select(col(SealRow.day), func.max(col(SealRow.revision)).label("revision")).group_by(col(SealRow.day))
    found = newest.subquery()
    statement = (
        select(SealRow)
        .join(found, (found.c.day == col(SealRow.day)) & (found.c.revision == col(SealRow.revision)))
        .order_by(col(SealRow.day).desc())
        .limit(limit)
    )
    if before:
        statement = statement.where(col(SealRow.day) < before)
    return list(session.execute(statement).scalars())
