"""A hand-over as it is read: what the kept ids stand for today, and how it was when it was signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.queue.shifts import Left
from intake109.review_ui.desk.rows import Row, rows
from intake109.store import people, spells, tasks
from intake109.store.tables import AppealRow, BlindSpellRow, HandoverRow, OutboxRow


@dataclass(frozen=True, slots=True)
class Contents:
    """What was left, read anew. Lists are cut; `counts` tell how much there was."""

    open: list[Row]
    asked: list[Row]
    incidents: list[AppealRow]
    undelivered: list[OutboxRow]
    blind: list[BlindSpellRow]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Signed:
    """A hand-over with the names of those who signed; `incoming` is empty until somebody has."""

    row: HandoverRow
    outgoing: str
    incoming: str


def contents(session: Session, left: Left, user_id: int, now: datetime, *, most: int) -> Contents:
    """Read what ids stand for, in the order they were kept."""
    found = {task.id: task for task in tasks.by_ids(session, [*left.open[:most], *left.asked[:most]])}
    return Contents(
        open=rows(session, [found[one] for one in left.open[:most] if one in found], user_id, now),
        asked=rows(session, [found[one] for one in left.asked[:most] if one in found], user_id, now),
        incidents=_appeals(session, left.incidents[:most]),
        undelivered=_letters(session, left.undelivered[:most]),
        blind=list(spells.by_ids(session, left.blind).values()),
        counts=left.counts,
    )


def signed(session: Session, found: list[HandoverRow]) -> list[Signed]:
    """Name those who signed."""
    names = people.names(session)
    return [Signed(row, names.get(row.outgoing_id, ""), names.get(row.incoming_id or 0, "")) for row in found]


def _appeals(session: Session, ids: list[int]) -> list[AppealRow]:
    statement = select(AppealRow).where(col(AppealRow.id).in_(ids)).order_by(col(AppealRow.deadline_at))
    return list(session.execute(statement).scalars())


def _letters(session: Session, ids: list[int]) -> list[OutboxRow]:
    statement = select(OutboxRow).where(col(OutboxRow.id).in_(ids)).order_by(col(OutboxRow.id).desc())
    return list(session.execute(statement).scalars())
