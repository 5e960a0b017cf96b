"""Cases that are answered, and citizens who are asked whether it is solved."""

from __future__ import annotations

from intake109.appeals import course
from intake109.appeals.course import Status
from intake109.appeals.voice import satisfaction
from intake109.appeals.voice.satisfaction import Heard
from intake109.store import appeals
from intake109.store.tables import AnswerRow, AppealRow, OutboxRow, ReporterRow
from tests.appeals.cases import SETTING
from tests.desk import Desk


def answered(desk: Desk, number: str, said: str = "Яма заделана 19 ноября") -> AppealRow:
    """Let the executor answer and the answer be accepted: everybody is asked."""
    with desk.database.write() as session:
        row = appeals.by_number(session, number)
        assert row is not None
        now = desk.clock.now()
        session.add(
            AnswerRow(
                appeal_id=row.id or 0,
                round=row.round,
                at=now,
                via="desk",
                executor=row.executor,
                text=said,
                judgement="accepted",
                judged_at=now,
            )
        )
        course.move(session, row, Status.ANSWERED, None, now)
        row.executed_at = now
        satisfaction.ask(session, row, SETTING, now)
        return row


def reporters(desk: Desk) -> list[ReporterRow]:
    return desk.rows(ReporterRow)


def say(desk: Desk, reporter_id: int, *, is_solved: bool, **more: object) -> Heard:
    with desk.database.write() as session:
        return satisfaction.hear(session, reporter_id, is_solved, SETTING, desk.clock.now(), **more)  # type: ignore[arg-type]


def owed(desk: Desk, purpose: str) -> list[OutboxRow]:
    return [row for row in desk.rows(OutboxRow) if row.purpose == purpose and row.state != "cancelled"]
