"""A problem that has come back: its appeal is taken up again, with its number, its history and a new term."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.queue import returning
from intake109.store.tables import AppealRow, OutboxRow, RoundRow
from tests.appeals.cases import appeal, citizens, close, heard, letters, merge, registered, split
from tests.city import RULES
from tests.desk import MINUTE, PIT, Desk
from tests.race import race

DAY = timedelta(days=1)


def reopen(desk: Desk, task_id: int, number: str, user_id: int = 0) -> AppealRow:
    with desk.database.write() as session:
        return returning.reopen(session, task_id, user_id or desk.anna, number, RULES, desk.clock.now())


def closed(desk: Desk, days: int = 3) -> str:
    """Register an appeal, close it, and let days pass."""
    number = registered(desk)
    heard(desk)
    close(desk, number)
    desk.clock.advance(days * DAY)
    return number


def test_an_appeal_taken_up_again_keeps_number_and_clock_and_gets_a_new_term(desk: Desk) -> None:
    number = closed(desk)
    before = appeal(desk, number)

    reopen(desk, desk.waits(), number)

    again = appeal(desk, number)
    assert (again.status, again.closed_at, again.round) == ("forwarded", None, 2)
    assert again.registered_at == before.registered_at
    assert again.deadline_at > before.deadline_at
    (row,) = desk.rows(RoundRow)
    assert (row.round, row.closed_at, row.deadline_at, row.status) == (
        2,
        before.closed_at,
        before.deadline_at,
        "closed",
    )


def test_the_citizen_becomes_a_reporter_and_is_told_so_in_the_own_language(desk: Desk) -> None:
    number = closed(desk)

    reopen(desk, desk.waits("Жолда үлкен шұңқыр бар"), number)

    assert citizens(desk, number) == [1, 2]
    (told,) = letters(desk, 2)
    assert f"{number} өтініші қайта ашылды" in told
    assert letters(desk, 1) == [f"Ваш номер {number}"]


def test_the_executor_hears_that_it_is_wanted_again(desk: Desk) -> None:
    number = closed(desk)

    reopen(desk, desk.waits(), number)

    (row,) = [row for row in desk.rows(OutboxRow) if row.purpose == "renewal"]
    assert (row.address, number in row.text) == ("road_service", True)


def test_undo_closes_it_again_as_it_was(desk: Desk) -> None:
    number = closed(desk)
    before = appeal(desk, number)
    task = desk.waits()
    reopen(desk, task, number)

    desk.undo(task)

    assert appeal(desk, number).model_dump() == before.model_dump()
    assert citizens(desk, number) == [1]
    assert desk.task(task).decided_at is None
    assert letters(desk, 2) == []
    assert [row.state for row in desk.rows(OutboxRow) if row.purpose == "renewal"] == ["cancelled"]


def test_each_return_is_a_round_of_its_own(desk: Desk) -> None:
    number = closed(desk)
    reopen(desk, desk.waits(), number)
    close(desk, number)
    desk.clock.advance(DAY)

    reopen(desk, desk.waits(), number)

    assert appeal(desk, number).round == 3
    assert [row.round for row in desk.rows(RoundRow)] == [2, 3]


def test_what_is_not_closed_is_attached_to_and_not_reopened(desk: Desk) -> None:
    number = registered(desk)

    with pytest.raises(ConflictError):
        reopen(desk, desk.waits(), number)
    with pytest.raises(NotFoundError):
        reopen(desk, desk.waits(), "2026-999999")


def test_danger_is_a_case_of_its_own(desk: Desk) -> None:
    number = closed(desk)

    with pytest.raises(RefusedError):
        reopen(desk, desk.waits("Открытый люк"), number)


def test_two_who_reopen_at_once_begin_one_round(desk: Desk) -> None:
    number = closed(desk)
    one, two = desk.waits("Яма, Абая"), desk.waits("Опять яма тут")

    done = race(
        [lambda: reopen(desk, one, number, desk.anna), lambda: reopen(desk, two, number, desk.bolat)], ConflictError
    )

    assert sum(isinstance(found, AppealRow) for found in done) == 1
    assert appeal(desk, number).round == 2
    assert len(citizens(desk, number)) == 2


def test_a_merged_number_reopens_the_case_and_a_split_keeps_the_new_term(desk: Desk) -> None:
    first, second = registered(desk), registered(desk)
    merge(desk, second, first)
    heard(desk)
    close(desk, first)
    desk.clock.advance(DAY)

    found = reopen(desk, desk.waits(), second)
    split(desk, second)

    assert found.number == first
    assert appeal(desk, first).round == 2
    assert citizens(desk, first) == [1, 3]
    assert appeal(desk, first).deadline_at == found.deadline_at


def test_a_task_decided_so_cannot_be_taken_twice(desk: Desk) -> None:
    number = closed(desk)
    task = desk.waits()
    desk.register(task, form=PIT)
    desk.clock.advance(MINUTE)

    with pytest.raises(ConflictError):
        reopen(desk, task, number)
