"""Announced interruptions: found for those who ask, listed for the duty person, told of when they change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import (
    AppealRow,
    MentionRow,
    OutageAppealRow,
    OutageChangeRow,
    OutageMatchRow,
    OutagePlaceRow,
    OutageRow,
    ReporterRow,
    TaskRow,
)

_MOST_FOUND = 200
"""Places looked at for one mention: a street with more outages at once is a mistake of an import."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How many asked about an outage, by channel and language."""

    channel: str
    language: str
    count: int


# Asked for every mention, so built once: building and hashing a statement takes longer than running it.
def _at(where: ColumnElement[bool]) -> Select[OutageRow, OutagePlaceRow]:
    return (
        select(OutageRow, OutagePlaceRow)
        .join(OutagePlaceRow, col(OutagePlaceRow.outage_id) == col(OutageRow.id))
        .where(
            where,
            col(OutageRow.begins_at) <= bindparam("begun_by"),
            col(OutageRow.ends_at) >= bindparam("not_over_before"),
            or_(col(OutageRow.over_at).is_(None), col(OutageRow.over_at) >= bindparam("not_over_before")),
            col(OutageRow.is_cancelled).is_(False),
        )
        .order_by(col(OutageRow.ends_at).desc(), col(OutageRow.id))
        .limit(_MOST_FOUND)
    )


_UNDER = col(OutagePlaceRow.key).in_(bindparam("keys", expanding=True))
_AT_KEYS = _at(_UNDER)
_AT_KEYS_OR_AREA = _at(or_(_UNDER, col(OutagePlaceRow.area) == bindparam("area")))


def at_places(
    session: Session, keys: Sequence[str], area: str, begun_by: datetime, not_over_before: datetime
) -> list[tuple[OutageRow, OutagePlaceRow]]:
    """Return outages with their places under these keys, or within an area, that run between two moments.

    An empty area is none: there only the keys count.
    """
    asked: dict[str, object] = {"keys": list(keys), "begun_by": begun_by, "not_over_before": not_over_before}
    found = session.execute(_AT_KEYS_OR_AREA, asked | {"area": area}) if area else session.execute(_AT_KEYS, asked)
    return [(row[0], row[1]) for row in found]


def places(session: Session, outage_ids: Sequence[int]) -> dict[int, list[OutagePlaceRow]]:
    """Return the places of outages, by outage, in the order they were told."""
    statement = (
        select(OutagePlaceRow).where(col(OutagePlaceRow.outage_id).in_(outage_ids)).order_by(col(OutagePlaceRow.id))
    )
    found: dict[int, list[OutagePlaceRow]] = {outage_id: [] for outage_id in outage_ids}
    for row in session.execute(statement).scalars():
        found[row.outage_id].append(row)
    return found


def forget_places(session: Session, outage_id: int) -> None:
    """Take the places off an outage, to be written anew."""
    session.execute(delete(OutagePlaceRow).where(col(OutagePlaceRow.outage_id) == outage_id))


def lock(session: Session, outage_id: int) -> OutageRow | None:
    """Return an outage as it is now; until the transaction ends nobody else changes it."""
    return session.get(OutageRow, outage_id, with_for_update=True, populate_existing=True)


def running(session: Session, now: datetime, limit: int) -> list[OutageRow]:
    """Return what is switched off now, what ends first before the rest; what lapsed unsaid comes before all."""
    statement = select(OutageRow).where(col(OutageRow.over_at).is_(None), col(OutageRow.begins_at) <= now)
    return list(session.execute(statement.order_by(col(OutageRow.ends_at), col(OutageRow.id)).limit(limit)).scalars())


def coming(session: Session, now: datetime, limit: int) -> list[OutageRow]:
    """Return what will be switched off, soonest first."""
    statement = select(OutageRow).where(col(OutageRow.over_at).is_(None), col(OutageRow.begins_at) > now)
    return list(session.execute(statement.order_by(col(OutageRow.begins_at), col(OutageRow.id)).limit(limit)).scalars())


def past(session: Session, before_id: int | None, limit: int) -> list[OutageRow]:
    """Return what is over, newest first."""
    statement = select(OutageRow).where(col(OutageRow.over_at).is_not(None))
    if before_id is not None:
        statement = statement.where(col(OutageRow.id) < before_id)
    return list(session.execute(statement.order_by(col(OutageRow.id).desc()).limit(limit)).scalars())


def count(session: Session, now: datetime) -> dict[str, int]:
    """Return how many run (`now`), come (`soon`), and of those running have lapsed (`lapsed`)."""
    is_open = col(OutageRow.over_at).is_(None)
    statement = select(
        func.count().filter(col(OutageRow.begins_at) <= now),
        func.count().filter(col(OutageRow.begins_at) > now),
        func.count().filter(col(OutageRow.ends_at) <= now),
    ).where(is_open)
    found = session.execute(statement).one()
    return {"now": found[0], "soon": found[1], "lapsed": found[2]}


def history(session: Session, outage_id: int) -> list[OutageChangeRow]:
    """Return what happened to an outage, newest first."""
    statement = (
        select(OutageChangeRow)
        .where(col(OutageChangeRow.outage_id) == outage_id)
        .order_by(col(OutageChangeRow.id).desc())
    )
    return list(session.execute(statement).scalars())


def lapsing(session: Session, now: datetime, limit: int) -> list[int]:
    """Return the outages whose announced end has passed and of which nobody has said anything yet."""
    statement = (
        select(col(OutageRow.id))
        .where(col(OutageRow.over_at).is_(None), col(OutageRow.ends_at) <= now, col(OutageRow.lapsed_at).is_(None))
        .order_by(col(OutageRow.ends_at))
        .limit(limit)
    )
    return [found for found in session.execute(statement).scalars() if found is not None]


def to_tell(session: Session, now: datetime) -> int | None:
    """Return the oldest change that those who asked are to be told now, None if there is none."""
    statement = (
        select(col(OutageChangeRow.id))
        .where(col(OutageChangeRow.tell_at).is_not(None), col(OutageChangeRow.tell_at) <= now)
        .order_by(col(OutageChangeRow.tell_at), col(OutageChangeRow.id))
        .limit(1)
    )
    return session.execute(statement).scalar()


def link(session: Session, outage_id: int, appeal_id: int, now: datetime) -> None:
    """Note that an appeal was answered with an outage."""
    session.add(OutageAppealRow(appeal_id=appeal_id, outage_id=outage_id, linked_at=now))


def of_appeal(session: Session, appeal_id: int) -> OutageRow | None:
    """Return the outage an appeal was answered with."""
    statement = (
        select(OutageRow)
        .join(OutageAppealRow, col(OutageAppealRow.outage_id) == col(OutageRow.id))
        .where(col(OutageAppealRow.appeal_id) == appeal_id)
    )
    return session.execute(statement).scalar()


def asked_after(
    session: Session, outage_id: int, after_id: int, until: datetime, limit: int
) -> list[tuple[ReporterRow, MentionRow, AppealRow]]:
    """Return those who asked until a moment, each with the mention and the appeal, from a reporter on."""
    statement = (
        select(ReporterRow, MentionRow, AppealRow)
        .join(OutageAppealRow, col(OutageAppealRow.appeal_id) == col(ReporterRow.appeal_id))
        .join(MentionRow, col(MentionRow.id) == col(ReporterRow.mention_id))
        .join(AppealRow, col(AppealRow.id) == col(ReporterRow.appeal_id))
        .where(
            col(OutageAppealRow.outage_id) == outage_id,
            col(ReporterRow.removed_at).is_(None),
            col(ReporterRow.id) > after_id,
            col(ReporterRow.added_at) <= until,
        )
        .order_by(col(ReporterRow.id))
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(statement)]


def asking(session: Session, outage_id: int) -> list[Asking]:
    """Return how many asked about an outage, by channel and language, most first."""
    statement = (
        select(col(MentionRow.channel), col(ReporterRow.language), func.count())
        .select_from(ReporterRow)
        .join(OutageAppealRow, col(OutageAppealRow.appeal_id) == col(ReporterRow.appeal_id))
        .join(MentionRow, col(MentionRow.id) == col(ReporterRow.mention_id))
        .where(col(OutageAppealRow.outage_id) == outage_id, col(ReporterRow.removed_at).is_(None))
        .group_by(col(MentionRow.channel), col(ReporterRow.language))
        .order_by(func.count().desc(), col(MentionRow.channel))
    )
    return [Asking(*row) for row in session.execute(statement)]


def count_asking(session: Session, outage_ids: Sequence[int]) -> dict[int, int]:
    """Return how many asked about each outage."""
    statement = (
        select(col(OutageAppealRow.outage_id), func.count())
        .join(ReporterRow, col(ReporterRow.appeal_id) == col(OutageAppealRow.appeal_id))
        .where(col(OutageAppealRow.outage_id).in_(outage_ids), col(ReporterRow.removed_at).is_(None))
        .group_by(col(OutageAppealRow.outage_id))
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def forget_matches(session: Session, *, task_id: int | None = None, outage_id: int | None = None) -> None:
    """Take back what a task or an outage was matched with."""
    statement = delete(OutageMatchRow)
    if task_id is not None:
        statement = statement.where(col(OutageMatchRow.task_id) == task_id)
    if outage_id is not None:
        statement = statement.where(col(OutageMatchRow.outage_id) == outage_id)
    session.execute(statement)


def matches(session: Session, task_id: int) -> list[tuple[OutageRow, str]]:
    """Return the outages that may explain a task, the surest first, then what ends last; each with its doubt."""
    statement = (
        select(OutageRow, col(OutageMatchRow.doubt))
        .join(OutageMatchRow, col(OutageMatchRow.outage_id) == col(OutageRow.id))
        .where(col(OutageMatchRow.task_id) == task_id)
        .order_by(func.length(col(OutageMatchRow.doubt)), col(OutageRow.ends_at).desc(), col(OutageRow.id))
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def count_waiting(session: Session, outage_ids: Sequence[int]) -> dict[int, int]:
    """Return how many open tasks each outage may explain."""
    statement = (
        select(col(OutageMatchRow.outage_id), func.count())
        .join(TaskRow, col(TaskRow.id) == col(OutageMatchRow.task_id))
        .where(col(OutageMatchRow.outage_id).in_(outage_ids), col(TaskRow.decided_at).is_(None))
        .group_by(col(OutageMatchRow.outage_id))
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def open_tasks(session: Session, spheres: Sequence[str], after_id: int, limit: int) -> list[tuple[TaskRow, MentionRow]]:
    """Return open tasks of some spheres, danger left out, by id from one on."""
    statement = (
        select(TaskRow, MentionRow)
        .join(MentionRow, col(MentionRow.id) == col(TaskRow.mention_id))
        .where(
            col(TaskRow.decided_at).is_(None),
            col(TaskRow.is_incident).is_(False),
            col(TaskRow.sphere).in_(spheres),
            col(TaskRow.id) > after_id,
        )
        .order_by(col(TaskRow.id))
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def advance(session: Session, change_id: int, told_until: int, *, is_done: bool) -> None:
    """Note how far those who asked have been told of a change."""
    values: dict[str, object] = {"told_until": told_until} | ({"tell_at": None} if is_done else {})
    session.execute(
        update(OutageChangeRow)
        .where(col(OutageChangeRow.id) == change_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
