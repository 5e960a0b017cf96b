"""What people decided, for those who learn from it: decisions of the queue, and a centre's own history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.rows import insert_new
from intake109.store.tables import AppealRow, ExampleRow, HistoryRow, TaskRow

_BATCH = 500
_MOST = 40_000


@dataclass(frozen=True, slots=True)
class Correction:
    """The machine suggested one service, people chose another, so many times."""

    suggested: str
    chosen: str
    count: int


def learnable(session: Session) -> list[ExampleRow]:
    """Return decisions that teach, oldest first: not withdrawn, the appeal not annulled, the last of each task.

    Of very many the newest forty thousand: a year's.
    """
    statement = (
        select(ExampleRow)
        .join(TaskRow, col(TaskRow.id) == col(ExampleRow.task_id))
        .outerjoin(AppealRow, col(AppealRow.id) == col(TaskRow.appeal_id))
        .where(col(ExampleRow.withdrawn_at).is_(None), col(AppealRow.annulled_at).is_(None))
        .order_by(col(ExampleRow.decided_at).desc(), col(ExampleRow.id).desc())
        .limit(_MOST)
    )
    last: dict[int, ExampleRow] = {}
    for row in session.execute(statement).scalars():
        last.setdefault(row.task_id, row)
    return list(last.values())[::-1]


def history(session: Session) -> list[HistoryRow]:
    """Return the centre's own history in the order in which it was read in."""
    return list(session.execute(select(HistoryRow).order_by(col(HistoryRow.id))).scalars())


def count_decisions(session: Session, since: datetime | None = None) -> int:
    """Return how many decisions have been kept, after `since` where it is given."""
    statement = select(func.count()).select_from(ExampleRow).where(col(ExampleRow.withdrawn_at).is_(None))
    if since is not None:
        statement = statement.where(col(ExampleRow.decided_at) > since)
    return session.execute(statement).scalar_one()


def count_history(session: Session) -> int:
    """Return how many texts of the centre's own history are kept."""
    return session.execute(select(func.count()).select_from(HistoryRow)).scalar_one()


def keep_history(session: Session, source: str, rows: Iterable[tuple[str, str, str, str]], now: datetime) -> int:
    """Keep (key, text, service, sphere) of a file and return how many are new; what was read in before stays once."""
    values = [
        {"source": source, "key": key, "text": text, "service": service, "sphere": sphere, "added_at": now}
        for key, text, service, sphere in rows
    ]
    return sum(insert_new(session, HistoryRow, values[at : at + _BATCH]) for at in range(0, len(values), _BATCH))


def forget_history(session: Session, source: str) -> int:
    """Erase what a file has taught and return how many texts that were."""
    gone = session.execute(delete(HistoryRow).where(col(HistoryRow.source) == source).returning(col(HistoryRow.id)))
    return len(gone.all())


def corrections(session: Session, since: datetime, limit: int = 5000) -> list[Correction]:
    """Return where people chose another service than was suggested, most often first."""
    suggested = col(ExampleRow.said)["service"].as_string()
    statement = (
        select(suggested, col(ExampleRow.service), func.count())
        .where(_suggested_and_chosen(since), suggested != col(ExampleRow.service))
        .group_by(suggested, col(ExampleRow.service))
        .order_by(func.count().desc(), suggested, col(ExampleRow.service))
        .limit(limit)
    )
    return [Correction(*row) for row in session.execute(statement)]


def chosen(session: Session, since: datetime) -> dict[str, int]:
    """Return how often each service was chosen where one had been suggested."""
    statement = (
        select(col(ExampleRow.service), func.count())
        .where(_suggested_and_chosen(since))
        .group_by(col(ExampleRow.service))
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _suggested_and_chosen(since: datetime) -> ColumnElement[bool]:
    """Match decisions that chose a service where the machine had suggested one."""
    return and_(
        col(ExampleRow.withdrawn_at).is_(None),
        col(ExampleRow.decided_at) > since,
        col(ExampleRow.service) != "",
        col(ExampleRow.said)["service"].as_string() != "",
    )
