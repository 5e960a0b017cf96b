"""What belongs to the round that is over does not stay on an appeal that is in work again."""

from __future__ import annotations

from datetime import timedelta

from intake109.appeals import reopening
from intake109.appeals.terms import ageing
from intake109.queue import decisions, returning
from intake109.store import ageing as ages
from intake109.store import appeals
from tests.appeals.cases import SETTING, appeal, registered
from tests.appeals.cases import heard as leave
from tests.appeals.voices import answered, owed, say
from tests.city import RULES
from tests.desk import Desk


def reopen(desk: Desk, number: str) -> None:
    with desk.database.write() as session:
        row = appeals.by_number(session, number)
        assert row is not None
        [first, *_] = appeals.mention_ids(session, row.id or 0)
        reopening.reopen(session, row, first, desk.anna, SETTING, desk.clock.now())


def come_back(desk: Desk, number: str, text: str = "Яма опять") -> int:
    """Let a citizen report a closed appeal again."""
    task = desk.waits(text)
    with desk.database.write() as session:
        returning.reopen(session, task, desk.anna, number, RULES, desk.clock.now())
    return task


def test_a_question_that_has_not_left_is_not_put_after_the_case_was_taken_up_again(desk: Desk) -> None:
    number = registered(desk)
    answered(desk, number)

    reopen(desk, number)

    assert owed(desk, "satisfaction") == []


def test_who_answered_before_the_question_left_is_not_asked(desk: Desk) -> None:
    number = registered(desk)
    desk.attach(desk.waits("И у нас яма"), number)
    answered(desk, number)

    say(desk, 1, is_solved=True)

    assert [row.idempotency_key for row in owed(desk, "satisfaction")] == ["ask:2:1"]


def test_who_has_not_heard_the_question_hears_nothing_of_its_end(desk: Desk) -> None:
    number = registered(desk)
    desk.attach(desk.waits("И у нас яма"), number)
    answered(desk, number)

    say(desk, 1, is_solved=False)

    assert owed(desk, "satisfaction") == []
    assert [row.idempotency_key for row in owed(desk, "news")] == ["heard:1:1:no"]


def test_work_of_an_earlier_round_is_not_work_of_this_one(desk: Desk) -> None:
    number = registered(desk)
    answered(desk, number)
    say(desk, 1, is_solved=True)
    assert appeal(desk, number).executed_at is not None

    reopen(desk, number)

    row = appeal(desk, number)
    assert (row.executed_at, row.closed_as, row.satisfied_at) == (None, "", None)


def test_a_silent_citizen_makes_no_round_late_that_was_done_in_time(desk: Desk) -> None:
    number = registered(desk)
    answered(desk, number)
    desk.clock.advance(timedelta(days=60))
    say(desk, 1, is_solved=True)
    assert not ageing.was_late(appeal(desk, number))

    reopen(desk, number)

    with desk.database.read() as session:
        assert ages.late_rounds(session, [appeal(desk, number).id or 0]) == set()


def test_a_reopening_taken_back_leaves_the_case_closed_as_it_was(desk: Desk) -> None:
    number = registered(desk)
    answered(desk, number)
    desk.clock.advance(timedelta(hours=2))
    say(desk, 1, is_solved=True)
    before = appeal(desk, number)
    task = come_back(desk, number)

    with desk.database.write() as session:
        decisions.undo(session, task, desk.anna, desk.clock.now())

    after = appeal(desk, number)
    for name in ("status", "round", "closed_at", "closed_as", "executed_at", "satisfied_at", "deadline_at", "warn_at"):
        assert getattr(after, name) == getattr(before, name), name


def test_a_reopening_taken_back_puts_the_question_again(desk: Desk) -> None:
    number = registered(desk)
    answered(desk, number)
    task = come_back(desk, number)

    with desk.database.write() as session:
        decisions.undo(session, task, desk.anna, desk.clock.now())

    row = appeal(desk, number)
    assert (row.status, row.executed_at is not None) == ("answered", True)
    assert [one.idempotency_key for one in owed(desk, "satisfaction")] == ["ask:1:1"]


def test_what_the_staff_took_up_again_is_closed_by_none_of_the_old_yeses(desk: Desk) -> None:
    number = registered(desk)
    answered(desk, number)
    leave(desk)
    say(desk, 1, is_solved=True)
    reopen(desk, number)

    answered(desk, number)

    assert appeal(desk, number).status == "answered"
    assert [row.idempotency_key for row in owed(desk, "satisfaction")] == ["ask:1:1", "ask:1:2"]
    say(desk, 1, is_solved=True, number_of_round=2)
    assert appeal(desk, number).closed_as == "satisfied"
