"""Citizens hear what changes for them; who is silent or cannot be written to is called."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake109.appeals import course
from intake109.appeals.course import Status
from intake109.appeals.voice import calls, satisfaction
from intake109.appeals.voice.calls import Outcome
from intake109.clock import MovedClock
from intake109.errors import ConflictError
from intake109.jobs.loop import Threads
from intake109.jobs.voice import Voices
from intake109.store import appeals
from intake109.store.database import Database
from intake109.store.tables import CallRow, OutboxRow
from tests.appeals.cases import SETTING, appeal, merge, registered
from tests.appeals.voices import answered, owed, say
from tests.desk import Desk

DAY = timedelta(days=1)


@pytest.fixture
def desk(database: Database, clock: MovedClock) -> Desk:
    return Desk(database, clock)


@pytest.fixture
def voices(desk: Desk) -> Voices:
    found = Voices(lambda: SETTING, desk.database, desk.clock, Threads())
    found.tell()
    return found


def move(desk: Desk, number: str, after: Status, **more: object) -> None:
    with desk.database.write() as session:
        row = appeals.by_number(session, number)
        assert row is not None
        course.move(session, row, after, desk.anna, desk.clock.now())
        for name, value in more.items():
            setattr(row, name, value)
    desk.clock.advance(timedelta(minutes=1))


def attempt(desk: Desk, outcome: Outcome = Outcome.NO_ANSWER, call_id: int = 1) -> CallRow:
    with desk.database.write() as session:
        row = calls.log_attempt(session, call_id, outcome, "", desk.anna, SETTING, desk.clock.now())
        satisfaction.settle(session, appeals.lock(session, row.appeal_id), desk.clock.now())
        return row


def news(desk: Desk) -> list[str]:
    return [row.text for row in owed(desk, "news")]


def test_citizens_hear_that_the_executor_has_begun_and_by_when(desk: Desk, voices: Voices) -> None:
    number = registered(desk)
    move(desk, number, Status.IN_WORK, promised_at=desk.clock.now() + DAY)

    voices.tell()

    [told] = news(desk)
    assert number in told
    assert "обещает закончить до 21.11.2026" in told


def test_news_are_told_once_to_each_talk_of_a_case(desk: Desk, voices: Voices) -> None:
    first, second = registered(desk, author="asel"), registered(desk, "Ещё яма", author="asel")
    third = registered(desk, "И тут яма", author="berik")
    merge(desk, second, first)
    merge(desk, third, first)
    move(desk, first, Status.IN_WORK)

    for _ in range(3):
        voices.tell()

    assert len(news(desk)) == 2
    assert third in news(desk)[1]


def test_inner_steps_and_what_is_over_already_are_not_told(desk: Desk, voices: Voices) -> None:
    number = registered(desk)
    move(desk, number, Status.IN_WORK)
    move(desk, number, Status.FORWARDED)

    voices.tell()

    assert news(desk) == []


def test_what_may_still_be_taken_back_is_not_told_yet(desk: Desk, voices: Voices) -> None:
    number = registered(desk)
    desk.clock.advance(DAY)
    with desk.database.write() as session:
        row = appeals.by_number(session, number)
        assert row is not None
        course.move(session, row, Status.IN_WORK, desk.anna, desk.clock.now())

    voices.tell()
    at_once = news(desk)
    desk.clock.advance(timedelta(seconds=10))
    voices.tell()

    assert at_once == []
    assert len(news(desk)) == 1


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([Status.RETURNED, Status.FORWARDED], "передано другому исполнителю"),
        ([Status.LONG_TERM], "Мы вернёмся к нему 20.11.2026"),
        ([Status.LONG_TERM, Status.IN_WORK], "снова в работе"),
    ],
)
def test_citizens_hear_where_their_appeal_has_gone(desk: Desk, voices: Voices, steps: list[Status], said: str) -> None:
    number = registered(desk)
    for step in steps:
        move(desk, number, step, shelved_until=desk.clock.now() if step is Status.LONG_TERM else None)

    voices.tell()

    assert said in news(desk)[-1]


def test_the_steps_before_the_first_look_are_not_told(desk: Desk) -> None:
    number = registered(desk)
    move(desk, number, Status.IN_WORK)
    voices = Voices(lambda: SETTING, desk.database, desk.clock, Threads())

    voices.tell()
    voices.tell()

    assert news(desk) == []


def test_in_the_morning_only_what_still_holds_is_told(desk: Desk, voices: Voices) -> None:
    number = registered(desk)
    desk.clock.advance(timedelta(hours=11))
    move(desk, number, Status.IN_WORK)
    voices.tell()

    answered(desk, number)

    assert news(desk) == []
    assert len(owed(desk, "satisfaction")) == 1


def test_silence_becomes_one_call_after_the_days(desk: Desk, voices: Voices) -> None:
    answered(desk, registered(desk))

    desk.clock.advance(3 * DAY - timedelta(seconds=1))
    voices.keep()
    too_soon = desk.rows(CallRow)
    desk.clock.advance(timedelta(seconds=1))
    for _ in range(3):
        voices.keep()

    assert too_soon == []
    assert [(row.why, row.reporter_id) for row in desk.rows(CallRow)] == [("silent", 1)]


@pytest.mark.parametrize("state", ["by_hand", "failed", "unknown"])
def test_a_question_that_did_not_arrive_becomes_a_call_at_once(desk: Desk, voices: Voices, state: str) -> None:
    answered(desk, registered(desk))
    with desk.database.write() as session:
        [question] = owed(desk, "satisfaction")
        session.get_one(OutboxRow, question.id).state = state

    voices.keep()
    voices.keep()

    assert [row.why for row in desk.rows(CallRow)] == ["unreachable"]
    assert owed(desk, "satisfaction") == []


def test_who_joined_since_the_others_were_asked_is_asked_too(desk: Desk, voices: Voices) -> None:
    number = registered(desk)
    answered(desk, number)
    desk.attach(desk.waits("И у нас яма"), number)

    voices.keep()

    assert len(owed(desk, "satisfaction")) == 2


def test_three_days_of_calling_in_vain_close_the_case_as_unreached(desk: Desk, voices: Voices) -> None:
    number = registered(desk)
    answered(desk, number)
    desk.clock.advance(3 * DAY)
    voices.keep()

    for _ in range(3):
        attempt(desk)
        attempt(desk, Outcome.WRONG_NUMBER) if desk.rows(CallRow)[0].closed_at is None else None
        desk.clock.advance(DAY)

    row = appeal(desk, number)
    assert (row.status, row.closed_as) == ("closed", "unreached")
    assert row.satisfied_at is None
    assert desk.rows(CallRow)[0].result == "unreached"


def test_nobody_logs_an_attempt_of_a_closed_call(desk: Desk, voices: Voices) -> None:
    answered(desk, registered(desk))
    desk.clock.advance(3 * DAY)
    voices.keep()

    say(desk, 1, is_solved=True)

    assert desk.rows(CallRow)[0].result == "solved"
    with pytest.raises(ConflictError):
        attempt(desk)


def test_a_no_on_the_telephone_opens_the_case_and_writes_nothing_to_who_said_it(desk: Desk, voices: Voices) -> None:
    number = registered(desk)
    answered(desk, number)
    desk.clock.advance(3 * DAY)
    voices.keep()

    say(desk, 1, is_solved=False, by_user=desk.anna)

    assert appeal(desk, number).round == 2
    assert news(desk) == []
    assert (desk.rows(CallRow)[0].result, desk.rows(CallRow)[0].closed_by) == ("unsolved", desk.anna)
