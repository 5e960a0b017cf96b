"""Merges of appeals that stand, their letters, and the rounds of appeals that were taken up again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store import tasks
from intake109.store.tables import AppealRow, CallRow, MergeRow, ReporterRow, RoundRow, TaskRow, WordRow


def standing(session: Session, appeal_id: int) -> MergeRow | None:
    """Return the merge by which an appeal lies in another one, None if it stands by itself."""
    statement = select(MergeRow).where(col(MergeRow.appeal_id) == appeal_id, col(MergeRow.split_at).is_(None))
    return session.execute(statement).scalar()


def members(session: Session, appeal_id: int) -> list[AppealRow]:
    """Return the appeals that lie in one now, in the order of their ids."""
    statement = select(AppealRow).where(col(AppealRow.merged_into) == appeal_id).order_by(col(AppealRow.id))
    return list(session.execute(statement.execution_options(populate_existing=True)).scalars())


def standing_before(session: Session, root_id: int, moment: datetime) -> set[int]:
    """Return the ids of the appeals that lie in a case since before a moment."""
    statement = (
        select(col(MergeRow.appeal_id))
        .join(AppealRow, col(AppealRow.id) == col(MergeRow.appeal_id))
        .where(
            col(AppealRow.merged_into) == root_id, col(MergeRow.split_at).is_(None), col(MergeRow.merged_at) < moment
        )
    )
    return set(session.execute(statement).scalars())


def brought(session: Session, appeal_id: int, root_id: int) -> list[int]:
    """Return the ids of those that lie in a case because they were merged into this appeal, or into one of those."""
    statement = (
        select(col(MergeRow.appeal_id), col(MergeRow.into_id))
        .join(AppealRow, col(AppealRow.id) == col(MergeRow.appeal_id))
        .where(col(AppealRow.merged_into) == root_id, col(MergeRow.split_at).is_(None))
    )
    into = {row[0]: row[1] for row in session.execute(statement)}
    found = [appeal_id]
    for one in found:
        found += [other for other, target in into.items() if target == one]
    return found[1:]


def point(session: Session, appeal_ids: Sequence[int], into_id: int) -> None:
    """Let appeals lie in another case."""
    session.execute(
        update(AppealRow)
        .where(col(AppealRow.id).in_(appeal_ids))
        .values(merged_into=into_id)
        .execution_options(synchronize_session="fetch")
    )


def of_appeals(session: Session, appeal_ids: Sequence[int]) -> list[ReporterRow]:
    """Return the citizens who quote the numbers of these appeals, first reporter first."""
    statement = (
        select(ReporterRow)
        .where(col(ReporterRow.appeal_id).in_(appeal_ids), col(ReporterRow.removed_at).is_(None))
        .order_by(col(ReporterRow.id))
    )
    return list(session.execute(statement).scalars())


def forget(session: Session, appeal_id: int, joining: Sequence[ReporterRow]) -> None:
    """Forget that citizens once stood at an appeal and were taken off: they come back to it, with what they said."""
    comes = {one.mention_id: one.id for one in joining}
    statement = select(ReporterRow).where(
        col(ReporterRow.appeal_id) == appeal_id, col(ReporterRow.mention_id).in_(comes)
    )
    for row in session.execute(statement).scalars():
        for said in (CallRow, WordRow):
            session.execute(
                update(said).where(col(said.reporter_id) == row.id).values(reporter_id=comes[row.mention_id])
            )
        session.delete(row)
    session.flush()


def lock_tasks(session: Session, reporter_ids: Sequence[int]) -> dict[int, TaskRow]:
    """Lock the tasks of reporters, by their mentions; before the appeals, as every decision does."""
    rows = [session.get(ReporterRow, one) for one in reporter_ids]
    found = tasks.of_mentions(session, [row.mention_id for row in rows if row is not None])
    ids = sorted(task.id for task in found.values() if task.id is not None)
    locked = (tasks.lock(session, one) for one in ids)
    return {task.mention_id: task for task in locked}


def has_unchecked(session: Session, appeal_ids: Sequence[int]) -> bool:
    """Say whether the machine registered one of these and nobody has checked that."""
    statement = select(col(TaskRow.id)).where(
        col(TaskRow.appeal_id).in_(appeal_ids), col(TaskRow.outcome) == "automatic", col(TaskRow.checked_at).is_(None)
    )
    return session.execute(statement.limit(1)).first() is not None


def of_case(session: Session, appeal_id: int) -> list[MergeRow]:
    """Return all merges of an appeal and into it, also those that were split, oldest first."""
    statement = select(MergeRow).where(or_(col(MergeRow.appeal_id) == appeal_id, col(MergeRow.into_id) == appeal_id))
    return list(session.execute(statement.order_by(col(MergeRow.id))).scalars())


def last_round(session: Session, appeal_id: int) -> RoundRow | None:
    """Return how an appeal was last taken up again, None if it never was."""
    statement = select(RoundRow).where(col(RoundRow.appeal_id) == appeal_id, col(RoundRow.undone_at).is_(None))
    return session.execute(statement.order_by(col(RoundRow.id).desc()).limit(1)).scalar()
