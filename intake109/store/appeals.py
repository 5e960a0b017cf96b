"""Appeals, their reporters and their numbers.

A reporter stays with the appeal whose number was told, also when that is merged into another: what is asked of an
appeal is answered for the whole case.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from intake109.errors import ConflictError
from intake109.store.rows import insert_new
from intake109.store.tables import AppealRow, MentionRow, NumberRow, ReporterRow


def next_sequence(session: Session, year: int) -> int:
    """Give the year's next number, 1 first. It counts only if the transaction commits, so there are no gaps."""
    insert_new(session, NumberRow, [{"year": year, "last": 0}])
    statement = (
        update(NumberRow)
        .where(col(NumberRow.year) == year)
        .values(last=col(NumberRow.last) + 1)
        .returning(col(NumberRow.last))
    )
    return session.execute(statement).scalar_one()


def by_number(session: Session, number: str) -> AppealRow | None:
    """Return an appeal by the number citizens quote."""
    return session.execute(select(AppealRow).where(col(AppealRow.number) == number)).scalar()


def newest(session: Session) -> AppealRow | None:
    """Return the appeal that was registered last, None before the first."""
    return session.execute(select(AppealRow).order_by(col(AppealRow.id).desc()).limit(1)).scalar()


def by_ids(session: Session, appeal_ids: Collection[int]) -> dict[int, AppealRow]:
    """Return appeals by their ids."""
    found = session.execute(select(AppealRow).where(col(AppealRow.id).in_(appeal_ids))).scalars()
    return {row.id: row for row in found if row.id is not None}


def lock(session: Session, appeal_id: int) -> AppealRow:
    """Return an appeal as it is now; until the transaction ends nobody else attaches to it or annuls it."""
    return session.get_one(AppealRow, appeal_id, with_for_update=True, populate_existing=True)


def lock_live(session: Session, appeal_id: int) -> AppealRow:
    """Return the case an appeal belongs to now, locked: itself, or what it is merged into.

    Raises:
        ConflictError: somebody merged it this very moment. Waiting for a second lock might wait in a ring.
    """
    into = session.execute(select(col(AppealRow.merged_into)).where(col(AppealRow.id) == appeal_id)).scalar()
    row = lock(session, into or appeal_id)
    if row.merged_into is not None:
        raise ConflictError(f"the appeal {row.number} was merged a moment ago; look again")
    return row


def live(session: Session, appeal: AppealRow) -> AppealRow:
    """Return the case that counts for an appeal: itself, or what it is merged into."""
    return appeal if appeal.merged_into is None else session.get_one(AppealRow, appeal.merged_into)


def lives(session: Session, found: Collection[AppealRow]) -> dict[int, AppealRow]:
    """Return the cases that appeals are merged into, by the ids of the cases."""
    into = {row.merged_into for row in found if row.merged_into is not None}
    return by_ids(session, into) if into else {}


def of_mention(session: Session, mention_id: int) -> list[AppealRow]:
    """Return the case a mention belongs to now (one, unless something is wrong)."""
    told = aliased(AppealRow)
    statement = (
        select(AppealRow)
        .join(told, col(AppealRow.id) == func.coalesce(told.merged_into, told.id))
        .join(ReporterRow, col(ReporterRow.appeal_id) == told.id)
        .where(col(ReporterRow.mention_id) == mention_id, col(ReporterRow.removed_at).is_(None))
    )
    return list(session.execute(statement).scalars())


def numbers_of(session: Session, mention_id: int) -> set[str]:
    """Return the numbers a mention's citizen was told, and those they lead to now."""
    told, case = aliased(AppealRow), aliased(AppealRow)
    statement = (
        select(col(told.number), col(case.number))
        .join(ReporterRow, col(ReporterRow.appeal_id) == col(told.id))
        .join(case, col(case.id) == func.coalesce(col(told.merged_into), col(told.id)))
        .where(col(ReporterRow.mention_id) == mention_id, col(ReporterRow.removed_at).is_(None))
    )
    return {number for pair in session.execute(statement) for number in pair}


def of_case(appeal_id: int) -> Select[Any]:
    """Select the ids of an appeal and of all that are merged into it."""
    return select(col(AppealRow.id)).where(or_(col(AppealRow.id) == appeal_id, col(AppealRow.merged_into) == appeal_id))


def reporters(session: Session, appeal_id: int) -> list[ReporterRow]:
    """Return the citizens of an appeal now, also of those merged into it, first reporter first."""
    statement = (
        select(ReporterRow)
        .where(col(ReporterRow.appeal_id).in_(of_case(appeal_id)), col(ReporterRow.removed_at).is_(None))
        .order_by(col(ReporterRow.id))
    )
    return list(session.execute(statement).scalars())


def count_reporters(session: Session, appeal_ids: list[int]) -> dict[int, int]:
    """Return how many citizens each appeal has, with those merged into it; none for one that is merged itself."""
    case = func.coalesce(col(AppealRow.merged_into), col(AppealRow.id))
    is_of_one = or_(col(AppealRow.id).in_(appeal_ids), col(AppealRow.merged_into).in_(appeal_ids))
    statement = (
        select(case, func.count())
        .join(ReporterRow, col(ReporterRow.appeal_id) == col(AppealRow.id))
        .where(is_of_one, col(ReporterRow.removed_at).is_(None))
        .group_by(case)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def mention_ids(session: Session, appeal_id: int) -> list[int]:
    """Return the mentions of an appeal, first reporter's first."""
    statement = (
        select(col(MentionRow.id))
        .join(ReporterRow, col(ReporterRow.mention_id) == col(MentionRow.id))
        .where(col(ReporterRow.appeal_id).in_(of_case(appeal_id)), col(ReporterRow.removed_at).is_(None))
        .order_by(col(ReporterRow.id))
    )
    return [found for found in session.execute(statement).scalars() if found is not None]


def restore_reporter(session: Session, appeal_id: int, mention_id: int, now: datetime) -> None:
    """Attach again a citizen whose attachment had been undone."""
    session.execute(
        update(ReporterRow)
        .where(col(ReporterRow.appeal_id) == appeal_id, col(ReporterRow.mention_id) == mention_id)
        .values(removed_at=None, added_at=now)
        .execution_options(synchronize_session=False)
    )


def of_citizen(session: Session, conversation_ids: list[int], limit: int = 20) -> list[AppealRow]:
    """Return a citizen's earlier appeals, newest first."""
    statement = (
        select(AppealRow)
        .join(ReporterRow, col(ReporterRow.appeal_id) == col(AppealRow.id))
        .where(col(ReporterRow.conversation_id).in_(conversation_ids), col(ReporterRow.removed_at).is_(None))
        .order_by(col(AppealRow.id).desc())
        .limit(limit)
    )
    return list(session.execute(statement).scalars())


def under_parent(session: Session, channel: str, parent_key: str, but_mention_id: int) -> list[AppealRow]:
    """Return live appeals that other citizens made under the same post, newest first; empty for an empty key."""
    if not parent_key:
        return []
    told = aliased(AppealRow)
    statement = (
        select(AppealRow)
        .join(told, col(AppealRow.id) == func.coalesce(told.merged_into, told.id))
        .join(ReporterRow, col(ReporterRow.appeal_id) == told.id)
        .join(MentionRow, col(MentionRow.id) == col(ReporterRow.mention_id))
        .where(
            col(MentionRow.channel) == channel,
            col(MentionRow.parent_key) == parent_key,
            col(MentionRow.id) != but_mention_id,
            col(ReporterRow.removed_at).is_(None),
            col(AppealRow.annulled_at).is_(None),
        )
        .order_by(col(AppealRow.id).desc())
        .limit(10)
    )
    return list(dict.fromkeys(session.execute(statement).scalars()))
