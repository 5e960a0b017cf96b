"""What is near a place: open tasks, appeals, and what their citizens tell of where a street lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import AppealRow, MentionRow, TaskRow

_MOST = 40
# Asked for every mention, so built once: building and hashing a statement takes longer than running it.
_ON_STREET = (
    col(TaskRow.decided_at).is_(None),
    sql("street_key <> ''"),
    col(TaskRow.street_key) == bindparam("street_key"),
)
_AREAS = select(col(TaskRow.area_key)).where(*_ON_STREET, func.length(col(TaskRow.area_key)) > 0).distinct().limit(2)
_WITHOUT_AREA = select(TaskRow).where(*_ON_STREET, col(TaskRow.area_key) == "").limit(_MOST)


@dataclass(frozen=True, slots=True)
class Near:
    """An open task near a place, with the point its citizen's telephone told."""

    task: TaskRow
    latitude: float | None
    longitude: float | None


def area_of_street(session: Session, street_key: str) -> str:
    """Return where a street lies by what open tasks tell; empty if they tell nothing, or not the same."""
    areas = list(session.execute(_AREAS, {"street_key": street_key}).scalars())
    return areas[0] if len(areas) == 1 else ""


def without_area(session: Session, street_key: str) -> list[TaskRow]:
    """Return open tasks that name a street and not where it lies."""
    return list(session.execute(_WITHOUT_AREA, {"street_key": street_key}).scalars())


def open_near(
    session: Session, keys: Mapping[str, Sequence[str]], since: datetime, but_id: int, limit: int = _MOST
) -> list[Near]:
    """Return open tasks near a place, the newest of each kind of nearness; `keys` are values by column.

    Asked column by column: each has an index of its own, and one with thousands must not hide the house's own.
    """
    found: dict[int | None, Near] = {}
    for column, values in keys.items():
        statement = (
            select(TaskRow, col(MentionRow.latitude), col(MentionRow.longitude))
            .join(MentionRow, col(MentionRow.id) == col(TaskRow.mention_id))
            .where(
                col(TaskRow.decided_at).is_(None),
                sql(f"tasks.{column} <> ''"),
                TaskRow.__table__.c[column].in_(values),  # type: ignore[attr-defined]
                col(TaskRow.shelf) != "joined",
                col(TaskRow.id) != but_id,
                col(TaskRow.mentioned_at) >= since,
            )
            .order_by(col(TaskRow.id).desc())
            .limit(limit)
        )
        found |= {row[0].id: Near(row[0], row[1], row[2]) for row in session.execute(statement)}
    return list(found.values())


def closed_near(
    session: Session, keys: Mapping[str, Sequence[str]], since: datetime, limit: int = _MOST
) -> list[AppealRow]:
    """Return appeals near a place that were closed since a moment, the last closed of each kind of nearness."""
    found: dict[int | None, AppealRow] = {}
    for column, values in keys.items():
        statement = (
            select(AppealRow)
            .where(
                AppealRow.__table__.c[column].in_(values),  # type: ignore[attr-defined]
                col(AppealRow.closed_at) >= since,
                col(AppealRow.annulled_at).is_(None),
                col(AppealRow.merged_into).is_(None),
            )
            .order_by(col(AppealRow.closed_at).desc())
            .limit(limit)
        )
        found |= {row.id: row for row in session.execute(statement).scalars()}
    return list(found.values())


def appeals_near(
    session: Session, keys: Mapping[str, Sequence[str]], since: datetime, limit: int = _MOST
) -> list[AppealRow]:
    """Return appeals near a place registered since a moment, the newest of each kind of nearness.

    Closed ones only of the very house: the problem may have come back.
    """
    found: dict[int | None, AppealRow] = {}
    for column, values in keys.items():
        statement = (
            select(AppealRow)
            .where(
                AppealRow.__table__.c[column].in_(values),  # type: ignore[attr-defined]
                col(AppealRow.annulled_at).is_(None),
                col(AppealRow.merged_into).is_(None),
                col(AppealRow.registered_at) >= since,
            )
            .order_by(col(AppealRow.registered_at).desc())
            .limit(limit)
        )
        if column != "place_key":
            statement = statement.where(col(AppealRow.closed_at).is_(None))
        found |= {row.id: row for row in session.execute(statement).scalars()}
    return list(found.values())
