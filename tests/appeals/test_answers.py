"""Executors' answers: one delivery is one answer, a promise is no work, and doubts wait for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake109.appeals.work import answers
from intake109.appeals.work.answers import Judgement
from intake109.errors import ConflictError, RefusedError
from intake109.store import answers as store
from intake109.store.tables import AnswerFileRow, AnswerRow, OutboxRow
from tests.appeals.cases import appeal, heard, merge, registered
from tests.appeals.voices import owed, say
from tests.appeals.work import DONE, EMPTY, PHOTO, PROMISE, TODAY, answer, course_of, judge, undo
from tests.desk import Desk


def test_work_nobody_doubts_is_put_to_the_citizens_at_once(desk: Desk) -> None:
    number = registered(desk)

    row = answer(desk, number)

    assert (row.judgement, row.doubts, row.judged_by) == ("accepted", [], None)
    assert appeal(desk, number).status == "answered"
    assert appeal(desk, number).executed_at == desk.clock.now()
    assert len(owed(desk, "satisfaction")) == 1
    assert [file.sha256 for file in desk.rows(AnswerFileRow)] == [PHOTO.sha256]


def test_what_is_doubted_waits_and_nobody_is_asked(desk: Desk) -> None:
    number = registered(desk)

    row = answer(desk, number, EMPTY)

    assert (row.judgement, row.judged_at) == ("", None)
    assert {"no_action", "no_date", "no_proof"} <= set(row.doubts)
    assert appeal(desk, number).status == "answered"
    assert owed(desk, "satisfaction") == []


def test_an_answer_that_comes_twice_is_one(desk: Desk) -> None:
    number = registered(desk)
    said = replace(DONE, external_key="registry:1")

    first, second = answer(desk, number, said), answer(desk, number, said)

    assert first.id == second.id
    assert len(desk.rows(AnswerRow)) == len(owed(desk, "satisfaction")) == 1


def test_a_promise_without_work_stays_in_work_with_its_day(desk: Desk) -> None:
    number = registered(desk)

    row = answer(desk, number, PROMISE)

    found = appeal(desk, number)
    assert (row.judgement, found.status) == ("promised", "in_work")
    assert found.promised_at == datetime(2026, 11, 24, 18, 59, 59, tzinfo=UTC)
    assert found.executed_at is None
    assert owed(desk, "satisfaction") == []


def test_a_day_named_in_the_words_is_a_promise_too(desk: Desk) -> None:
    number = registered(desk)

    row = answer(desk, number, replace(EMPTY, text="Яма будет устранена 27.11.2026"))

    assert (row.promised_on, appeal(desk, number).status) == ("2026-11-27", "in_work")


def test_a_second_answer_takes_the_place_of_one_nobody_judged(desk: Desk) -> None:
    number = registered(desk)
    answer(desk, number, EMPTY)

    answer(desk, number)

    assert [row.judgement for row in desk.rows(AnswerRow)] == ["replaced", "accepted"]
    assert len(owed(desk, "satisfaction")) == 1


def test_what_comes_after_the_citizens_were_asked_is_kept_and_changes_nothing(desk: Desk) -> None:
    number = registered(desk)
    answer(desk, number)

    late = answer(desk, number, PROMISE)
    say(desk, 1, is_solved=True)
    later = answer(desk, number, replace(DONE, text="И бордюр заменён вчера, акт № 5"))

    assert (late.judgement, later.judgement) == ("noted", "noted")
    assert appeal(desk, number).status == "closed"


def test_the_answer_to_a_merged_number_is_the_case_s(desk: Desk) -> None:
    first, second = registered(desk), registered(desk, "Ещё яма")
    merge(desk, second, first)

    row = answer(desk, second)

    assert row.appeal_id == appeal(desk, first).id
    assert appeal(desk, first).status == "answered"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (replace(EMPTY, text="  "), "text"),
        (replace(DONE, acted_on=TODAY + timedelta(days=1)), "acted_on"),
        (replace(PROMISE, promised_on=TODAY - timedelta(days=1)), "promised_on"),
    ],
)
def test_what_cannot_be_is_refused(desk: Desk, said: answers.Said, field: str) -> None:
    number = registered(desk)

    with pytest.raises(RefusedError) as refused:
        answer(desk, number, said)

    assert refused.value.field == field


def test_taking_twice_is_one_step_and_giving_back_keeps_the_reason(desk: Desk) -> None:
    number = registered(desk)
    appeal_id = appeal(desk, number).id or 0
    for _ in range(2):
        with desk.database.write() as session:
            answers.take(session, appeal_id, None, desk.clock.now())

    with desk.database.write() as session:
        row = answers.give_back(session, appeal_id, "это водоканал", None, desk.clock.now())

    assert course_of(desk, number) == ["forwarded", "in_work", "returned"]
    assert (row.judgement, row.text) == ("returned", "это водоканал")


def test_who_gave_it_back_may_still_say_that_it_is_done(desk: Desk) -> None:
    number = registered(desk)
    with desk.database.write() as session:
        answers.give_back(session, appeal(desk, number).id or 0, "не наше", None, desk.clock.now())

    answer(desk, number)

    assert course_of(desk, number)[-3:] == ["returned", "forwarded", "answered"]


def test_a_formal_reply_goes_back_with_the_reason_and_closes_nothing(desk: Desk) -> None:
    number = registered(desk)
    row = answer(desk, number, EMPTY)

    judge(desk, row, Judgement.FORMAL, "что и когда сделано?")

    found, letter = appeal(desk, number), owed(desk, "renewal")[-1]
    assert (found.status, found.executed_at, found.closed_at) == ("forwarded", None, None)
    assert "что и когда сделано? Обращение снова у вас" in letter.text
    assert owed(desk, "satisfaction") == []


def test_an_accepted_answer_asks_the_citizens_though_it_was_doubted(desk: Desk) -> None:
    number = registered(desk)
    row = answer(desk, number, EMPTY)

    judge(desk, row, Judgement.ACCEPTED)

    assert len(owed(desk, "satisfaction")) == 1


def test_an_answer_is_judged_once(desk: Desk) -> None:
    row = answer(desk, registered(desk), EMPTY)
    judge(desk, row, Judgement.FORMAL)

    with pytest.raises(ConflictError, match="judged this answer already"):
        judge(desk, row, Judgement.ACCEPTED, user_id=desk.bolat)


def test_an_answer_of_a_number_that_was_merged_waits_for_nobody(desk: Desk) -> None:
    first, second = registered(desk), registered(desk, "Ещё яма")
    answer(desk, second, EMPTY)
    with desk.database.read() as session:
        before = store.count_unjudged(session)

    merge(desk, second, first)

    with desk.database.read() as session:
        assert (before, store.count_unjudged(session), store.unjudged(session)) == (1, 0, [])


def test_a_formal_reply_needs_a_reason(desk: Desk) -> None:
    row = answer(desk, registered(desk), EMPTY)

    with pytest.raises(RefusedError, match="what is missing"):
        judge(desk, row, Judgement.FORMAL, " ")


def test_a_judgement_is_taken_back_while_nobody_has_heard_of_it(desk: Desk) -> None:
    number = registered(desk)
    row = answer(desk, number, EMPTY)
    judge(desk, row, Judgement.FORMAL)
    desk.clock.advance(timedelta(seconds=9))

    undo(desk, number)

    assert appeal(desk, number).status == "answered"
    assert [(one.judgement, one.judged_why) for one in desk.rows(AnswerRow)] == [("", "")]
    assert owed(desk, "renewal") == []
    judge(desk, row, Judgement.FORMAL)
    assert len(owed(desk, "renewal")) == 1


def test_accepting_is_taken_back_too_and_may_be_done_again(desk: Desk) -> None:
    number = registered(desk)
    row = answer(desk, number, EMPTY)
    desk.clock.advance(timedelta(minutes=1))
    judge(desk, row, Judgement.ACCEPTED)
    desk.clock.advance(timedelta(seconds=9))

    undo(desk, number)
    nobody = owed(desk, "satisfaction")
    judge(desk, row, Judgement.ACCEPTED)

    assert nobody == []
    assert len(owed(desk, "satisfaction")) == 1
    assert appeal(desk, number).status == "answered"


@pytest.mark.parametrize("seconds", [10, 11])
def test_after_ten_seconds_it_stands(desk: Desk, seconds: int) -> None:
    number = registered(desk)
    judge(desk, answer(desk, number, EMPTY), Judgement.FORMAL)
    desk.clock.advance(timedelta(seconds=seconds))

    with pytest.raises(ConflictError, match="too late"):
        undo(desk, number)


def test_a_letter_that_left_is_not_taken_back(desk: Desk) -> None:
    number = registered(desk)
    judge(desk, answer(desk, number, EMPTY), Judgement.FORMAL)
    heard(desk)
    desk.clock.advance(-timedelta(seconds=5))

    with pytest.raises(ConflictError, match="left already"):
        undo(desk, number)

    assert any(row.state == "sent" for row in desk.rows(OutboxRow) if row.purpose == "renewal")
