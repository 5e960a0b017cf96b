"""What citizens said to the question whether it is solved, every time they were asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import AppealRow, ReporterRow, WordRow


def add(
    session: Session, appeal: AppealRow, reporter: ReporterRow, said: str, by_user: int | None, now: datetime
) -> None:
    """Keep a citizen's word with who had done the work: the case may go to somebody else later."""
    assert appeal.id is not None
    assert reporter.id is not None
    session.add(
        WordRow(
            appeal_id=appeal.id,
            round=appeal.round,
            reporter_id=reporter.id,
            conversation_id=reporter.conversation_id,
            said=said,
            at=now,
            by_user=by_user,
            executor=appeal.executor,
            organisation=appeal.organisation,
        )
    )


def of_appeal(session: Session, appeal_id: int) -> list[WordRow]:
    """Return what was said of a case, oldest first."""
    statement = select(WordRow).where(col(WordRow.appeal_id) == appeal_id).order_by(col(WordRow.id))
    return list(session.execute(statement).scalars())
