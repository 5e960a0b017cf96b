"""What executors answer, with their pictures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import AnswerFileRow, AnswerRow, AppealRow

_TO_JUDGE = (
    col(AnswerRow.judged_at).is_(None),
    col(AppealRow.status) == "answered",
    col(AppealRow.round) == col(AnswerRow.round),
)


def add(session: Session, row: AnswerRow, files: Sequence[AnswerFileRow] = ()) -> AnswerRow:
    """Keep an answer with its files and return it with its id."""
    session.add(row)
    session.flush()
    for file in files:
        file.answer_id = row.id or 0
        session.add(file)
    session.flush()
    return row


def lock(session: Session, answer_id: int) -> AnswerRow | None:
    """Return an answer as it is now, locked until the transaction ends; None if there is none."""
    return session.get(AnswerRow, answer_id, with_for_update=True, populate_existing=True)


def by_external_key(session: Session, key: str) -> AnswerRow | None:
    """Return the answer that came under this key from outside."""
    return session.execute(select(AnswerRow).where(col(AnswerRow.external_key) == key)).scalar()


def of_appeal(session: Session, appeal_id: int) -> list[AnswerRow]:
    """Return the answers to an appeal, oldest first."""
    statement = select(AnswerRow).where(col(AnswerRow.appeal_id) == appeal_id).order_by(col(AnswerRow.id))
    return list(session.execute(statement).scalars())


def unjudged_of(session: Session, appeal_id: int) -> list[AnswerRow]:
    """Return the answers to an appeal that nobody has judged, oldest first, locked."""
    statement = (
        select(AnswerRow)
        .where(col(AnswerRow.appeal_id) == appeal_id, col(AnswerRow.judged_at).is_(None))
        .order_by(col(AnswerRow.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.execute(statement).scalars())


def files(session: Session, answer_ids: Collection[int]) -> dict[int, list[AnswerFileRow]]:
    """Return the files of answers by the answers' ids."""
    statement = (
        select(AnswerFileRow).where(col(AnswerFileRow.answer_id).in_(answer_ids)).order_by(col(AnswerFileRow.id))
    )
    found: dict[int, list[AnswerFileRow]] = {}
    for row in session.execute(statement).scalars():
        found.setdefault(row.answer_id, []).append(row)
    return found


def file_with_hash(session: Session, sha256: str) -> AnswerFileRow | None:
    """Return a file that came with some answer."""
    return session.execute(select(AnswerFileRow).where(col(AnswerFileRow.sha256) == sha256).limit(1)).scalar()


def earlier_texts(session: Session, executor: str, since: datetime, limit: int = 100) -> list[str]:
    """Return the last texts of an executor since a moment, the newest first."""
    statement = (
        select(col(AnswerRow.text))
        .where(col(AnswerRow.executor) == executor, col(AnswerRow.at) >= since, col(AnswerRow.text) != "")
        .order_by(col(AnswerRow.id).desc())
        .limit(limit)
    )
    return list(session.execute(statement).scalars())


def unjudged(session: Session, limit: int = 100) -> list[AnswerRow]:
    """Return the answers that wait for judgement, those of danger first, then the oldest.

    One whose appeal has gone on meanwhile (merged, put aside, a new round) waits for nobody.
    """
    statement = (
        select(AnswerRow)
        .join(AppealRow, col(AppealRow.id) == col(AnswerRow.appeal_id))
        .where(*_TO_JUDGE)
        .order_by(col(AppealRow.is_incident).desc(), col(AnswerRow.at), col(AnswerRow.id))
        .limit(limit)
    )
    return list(session.execute(statement).scalars())


def count_unjudged(session: Session) -> int:
    """Return how many answers wait for judgement."""
    statement = (
        select(func.count())
        .select_from(AnswerRow)
        .join(AppealRow, col(AppealRow.id) == col(AnswerRow.appeal_id))
        .where(*_TO_JUDGE)
    )
    return session.execute(statement).scalar_one()


def last_of(session: Session, appeal_ids: Collection[int]) -> dict[int, AnswerRow]:
    """Return the last answer to each of several appeals, by the appeals' ids."""
    newest = (
        select(func.max(col(AnswerRow.id)))
        .where(col(AnswerRow.appeal_id).in_(appeal_ids))
        .group_by(col(AnswerRow.appeal_id))
    )
    rows = session.execute(select(AnswerRow).where(col(AnswerRow.id).in_(newest))).scalars()
    return {row.appeal_id: row for row in rows}
