"""Private organisations are written to again and again, and only the citizen's yes closes what they have done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake109.appeals.executors import private
from intake109.appeals.voice import calls, satisfaction, unheard
from intake109.appeals.work import answers, judging
from intake109.appeals.work.answers import Said
from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.store import appeals, shelves
from intake109.store import private as store
from intake109.store.tables import AppealRow, OutboxRow, ReporterRow
from tests.appeals.cases import SETTING, registered
from tests.desk import Desk
from tests.organisations import city_wide

WEEK = timedelta(days=7)


def letters(desk: Desk) -> list[OutboxRow]:
    return [row for row in desk.rows(OutboxRow) if row.purpose == "letter"]


def due(desk: Desk) -> int:
    with desk.database.write() as session:
        return private.write_due(session, WEEK, SETTING, desk.clock.now())


def appeal(desk: Desk, number: str) -> AppealRow:
    with desk.database.read() as session:
        row = appeals.by_number(session, number)
    assert row is not None
    return row


def test_a_private_organisation_is_written_to_every_week_until_it_answers(desk: Desk) -> None:
    city_wide(desk.database, desk.clock, is_private=True, way="email", address="a@b.kz")
    number = registered(desk, "Яма у новостройки")

    written = []
    for _ in range(3):
        written.append(due(desk))
        written.append(due(desk))
        desk.clock.advance(WEEK)
    answer(desk, number)
    written.append(due(desk))

    assert written == [0, 0, 1, 0, 1, 0, 0]
    assert [row.channel for row in letters(desk)] == ["email", "email"]
    assert "Яма у новостройки" in letters(desk)[0].text
    assert "Письмо № 2" in letters(desk)[0].text
    assert "Письмо № 3" in letters(desk)[1].text


def test_none_waits_behind_older_ones_that_were_written_to(desk: Desk) -> None:
    city_wide(desk.database, desk.clock, is_private=True, way="email", address="a@b.kz")
    numbers = [registered(desk), registered(desk, "Ещё яма")]
    desk.clock.advance(WEEK)

    for _ in range(3):
        with desk.database.write() as session:
            private.write_due(session, WEEK, SETTING, desk.clock.now(), limit=1)

    assert [row.appeal_id for row in letters(desk)] == [appeal(desk, one).id for one in numbers]


def test_others_are_not_on_the_list_and_get_no_such_letter(desk: Desk) -> None:
    city_wide(desk.database, desk.clock, way="email", address="a@b.kz")
    number = registered(desk)
    desk.clock.advance(WEEK)

    assert due(desk) == 0
    with desk.database.read() as session:
        assert private.owing(session, WEEK) == []
        with pytest.raises(NotFoundError):
            private.letter(session, appeal(desk, number), "ru", SETTING)


@pytest.mark.parametrize(("is_private", "status"), [(False, "closed"), (True, "answered")])
def test_silence_of_the_citizen_closes_no_work_of_a_private_organisation(
    desk: Desk, is_private: bool, status: str
) -> None:
    city_wide(desk.database, desk.clock, is_private=is_private)
    number = registered(desk)
    answer(desk, number)

    nobody_answers(desk, number)

    assert appeal(desk, number).status == status
    if is_private:
        with desk.database.write() as session:
            satisfaction.hear(session, desk.rows(ReporterRow)[0].id or 0, True, SETTING, desk.clock.now())
        assert appeal(desk, number).closed_as == "satisfied"


def answer(desk: Desk, number: str) -> None:
    with desk.database.write() as session:
        said = Said("Заделали яму асфальтом 20 ноября, работы закончены", acted_on=desk.clock.now().date())
        row = answers.receive(session, appeal(desk, number).id or 0, said, SETTING, desk.clock.now())
    if row.judged_at is None:
        with desk.database.write() as session:
            judging.judge(session, row.id or 0, answers.Judgement.ACCEPTED, desk.anna, SETTING, desk.clock.now())


def nobody_answers(desk: Desk, number: str) -> None:
    """Let the citizen be called in vain as often as it takes."""
    (reporter,) = desk.rows(ReporterRow)
    with desk.database.write() as session:
        row = calls.open_call(session, reporter, appeal(desk, number), calls.Why.SILENT, desk.clock.now())
        assert row is not None
        call_id = row.id or 0
    for _ in range(SETTING.voice.call_attempts):
        desk.clock.advance(timedelta(days=1))
        with desk.database.write() as session:
            outcome = calls.Outcome.NO_ANSWER
            satisfaction.not_reached(session, call_id, outcome, "", desk.anna, SETTING, desk.clock.now())


def in_vain(desk: Desk) -> str:
    """Return a case of a private organisation whose citizen nobody reached."""
    city_wide(desk.database, desk.clock, is_private=True)
    number = registered(desk)
    answer(desk, number)
    nobody_answers(desk, number)
    return number


def shelf(desk: Desk) -> list[str]:
    with desk.database.read() as session:
        return [row.number for row in shelves.page(session, store.unheard(), "deadline_at", 9)]


def close(desk: Desk, number: str, why: str = "Дом сдан, телефон не отвечает") -> AppealRow:
    with desk.database.write() as session:
        return unheard.close(session, appeal(desk, number).id or 0, why, desk.anna, desk.clock.now())


def call_again(desk: Desk, number: str) -> None:
    with desk.database.write() as session:
        unheard.call_again(session, appeal(desk, number).id or 0, desk.anna, desk.clock.now())


def test_a_case_nobody_could_be_reached_about_lies_where_somebody_looks(desk: Desk) -> None:
    number = in_vain(desk)

    assert shelf(desk) == [number]


def test_who_is_still_asked_or_called_is_not_there(desk: Desk) -> None:
    city_wide(desk.database, desk.clock, is_private=True)
    number = registered(desk)
    answer(desk, number)
    asked = shelf(desk)
    desk.attach(desk.waits("И у нас яма"), number)
    desk.clock.advance(timedelta(seconds=1))

    assert (asked, shelf(desk)) == ([], [])


def test_one_of_two_who_is_silent_still_is_waited_for(desk: Desk) -> None:
    number = in_vain(desk)
    desk.attach(desk.waits("И у нас яма"), number)

    assert shelf(desk) == []


def test_a_supervisor_closes_it_with_a_reason_and_apart(desk: Desk) -> None:
    number = in_vain(desk)

    row = close(desk, number)

    assert (row.status, row.closed_as, row.closed_why) == ("closed", "unheard", "Дом сдан, телефон не отвечает")
    assert shelf(desk) == []
    with pytest.raises(ConflictError):
        close(desk, number)


def test_without_a_reason_it_stays(desk: Desk) -> None:
    number = in_vain(desk)

    with pytest.raises(RefusedError):
        close(desk, number, " ")

    assert shelf(desk) == [number]


def test_called_again_in_vain_it_comes_back_after_one_more_try(desk: Desk) -> None:
    number = in_vain(desk)
    call_again(desk, number)
    between = shelf(desk)

    with desk.database.write() as session:
        no_answer = calls.Outcome.NO_ANSWER
        is_last = satisfaction.not_reached(session, 1, no_answer, "", desk.anna, SETTING, desk.clock.now())

    assert (between, is_last, shelf(desk)) == ([], True, [number])
    with pytest.raises(ConflictError):
        call_again(desk, registered(desk))


def test_a_no_after_that_opens_it_again(desk: Desk) -> None:
    number = in_vain(desk)
    close(desk, number)

    with desk.database.write() as session:
        satisfaction.hear(session, 1, False, SETTING, desk.clock.now())

    row = appeal(desk, number)
    assert (row.status, row.closed_as, row.closed_why, row.round) == ("forwarded", "", "", 2)
