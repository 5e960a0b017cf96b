"""Whom to call, and what a key writes down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from intake109.appeals import course
from intake109.appeals.course import Status
from intake109.appeals.voice import calls, satisfaction
from intake109.appeals.voice.calls import Why
from intake109.clock import MovedClock
from intake109.store import appeals
from intake109.store.tables import (
    AppealRow,
    CallAttemptRow,
    CallRow,
    ConversationRow,
    MessageRow,
    ReporterRow,
)
from tests.appeals.cases import SETTING
from tests.review_ui.office import Office, empty_database, open_office

Row = TypeVar("Row", bound=SQLModel)
CALLERS = {"inspector", "supervisor", "quality", "administrator"}


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    yield open_office(database, clock, tmp_path)
    database.close()


def silent(office: Office, key: str = "1", phone: str = "+7 701 123 45 67") -> str:
    """Let an appeal be answered and its citizen be silent until a call is due; return the number."""
    number = office.register(key, "Яма <b>на</b> дороге", address="Абая 10")
    with office.database.write() as session:
        row = appeals.by_number(session, number)
        assert row is not None
        course.move(session, row, Status.ANSWERED, None, office.clock.now())
        satisfaction.ask(session, row, SETTING, office.clock.now())
        [reporter] = appeals.reporters(session, row.id or 0)
        session.get_one(ConversationRow, reporter.conversation_id).phone = phone
        calls.open_call(session, reporter, row, Why.SILENT, office.clock.now())
    return number


def all_of(office: Office, kind: type[Row]) -> list[Row]:
    with office.database.read() as session:
        return list(session.execute(select(kind)).scalars())


def test_the_page_opens_for_those_who_talk_with_citizens(office: Office) -> None:
    statuses = {role: office.desk(role).status("/calls") for role in office.staff}

    assert statuses == {role: 200 if role in CALLERS else 403 for role in office.staff}


def test_nothing_is_logged_from_a_foreign_site(office: Office) -> None:
    silent(office)

    status = office.desk("quality").forge("/calls/1", outcome="solved")

    assert status == 403
    assert all_of(office, CallAttemptRow) == []


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_page_says_whom_to_call_and_what_to_ask(office: Office, language: str) -> None:
    number = silent(office)
    desk = office.desk("quality")
    desk.post("/preferences", language=language)

    page = desk.get("/calls")

    assert 'href="tel:+77011234567"' in page
    assert f"№ {number}" in page
    assert "Яма &lt;b&gt;на&lt;/b&gt; дороге" in page
    assert "Проблема решена?" in page


def test_solved_closes_call_and_appeal_and_keeps_what_was_said(office: Office) -> None:
    silent(office)

    status = office.desk("quality").post("/calls/1", outcome="solved", note="Довольна, спасибо")

    assert status == 303
    assert [row.closed_as for row in all_of(office, AppealRow)] == ["satisfied"]
    assert [(row.result, row.closed_by) for row in all_of(office, CallRow)] == [("solved", office.staff["quality"])]
    assert [row.text for row in all_of(office, MessageRow) if row.role == "voice"] == ["Довольна, спасибо"]


def test_not_solved_opens_the_appeal_again(office: Office) -> None:
    silent(office)

    office.desk("inspector").post("/calls/1", outcome="unsolved", note="Яма на месте")

    assert [(row.status, row.round) for row in all_of(office, AppealRow)] == [("forwarded", 2)]
    assert [row.said for row in all_of(office, ReporterRow)] == ["no"]


def test_in_vain_on_three_days_closes_it_as_unreached(office: Office) -> None:
    silent(office)

    for _ in range(3):
        office.desk("supervisor").post("/calls/1", outcome="no_answer")
        office.clock.advance(timedelta(days=1))

    assert [row.closed_as for row in all_of(office, AppealRow)] == ["unreached"]
    assert len(all_of(office, CallAttemptRow)) == 3


def test_the_second_of_two_who_call_is_told_that_it_is_done(office: Office) -> None:
    silent(office)
    office.desk("quality").post("/calls/1", outcome="solved")

    assert office.desk("inspector").post("/calls/1", outcome="unsolved") == 409
    assert [row.status for row in all_of(office, AppealRow)] == ["closed"]


@pytest.mark.parametrize("outcome", ["", "talked", "maybe"])
def test_only_what_is_on_the_page_can_be_logged(office: Office, outcome: str) -> None:
    silent(office)

    assert office.desk("quality").post("/calls/1", outcome=outcome) == 422
    assert office.desk("quality").post("/calls/99", outcome="solved") == 404


def test_another_call_is_chosen_and_the_next_one_offered(office: Office) -> None:
    first, second = silent(office), silent(office, "2", phone="")

    page = office.desk("quality").get("/calls?call=2")

    assert page.index(f"№ {second}") < page.index(f"№ {first}")
    assert 'href="/calls?call=1" data-key="KeyX"' in page


def test_the_page_of_the_appeal_shows_each_citizens_word(office: Office) -> None:
    number = silent(office)
    desk = office.desk("supervisor")

    asked = desk.get(f"/appeals/{number}")
    desk.post("/calls/1", outcome="solved")

    assert "Спросили" in asked
    assert "говорит: решено" in desk.get(f"/appeals/{number}")
