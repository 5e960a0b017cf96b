"""Where one part of an appeal's course meets another: what happens between them must not be lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete

from intake109.appeals import registration, reopening
from intake109.appeals.terms.deadlines import deadline
from intake109.appeals.work import shelving
from intake109.appeals.work.shelving import Folder
from intake109.errors import ConflictError
from intake109.store import appeals
from intake109.store.tables import StepRow
from tests.appeals.cases import MANHOLE, SETTING, appeal, merge, registered, split
from tests.appeals.cases import heard as leave
from tests.appeals.test_rerouting import give_back, reroute
from tests.appeals.voices import answered, owed, say
from tests.appeals.work import EMPTY, answer, see, shelve, undo, wait
from tests.city import ZONE
from tests.desk import Desk

DAY = timedelta(days=1)


def reopen(desk: Desk, number: str) -> None:
    with desk.database.write() as session:
        row = appeals.by_number(session, number)
        assert row is not None
        [first, *_] = appeals.mention_ids(session, row.id or 0)
        reopening.reopen(session, row, first, desk.anna, SETTING, desk.clock.now())


def test_an_appeal_rerouted_in_a_later_round_keeps_the_term_of_that_round(desk: Desk) -> None:
    number = registered(desk)
    answered(desk, number)
    desk.clock.advance(30 * DAY)
    reopen(desk, number)
    before = appeal(desk, number).deadline_at
    give_back(desk, number)

    reroute(desk, number, "HEAT-001", "heat_company")

    after = appeal(desk, number)
    assert after.deadline_at == deadline(after.norm, desk.clock.now(), ZONE, SETTING.calendar) == before


def test_an_appeal_rerouted_after_it_waited_keeps_the_time_it_waited(desk: Desk) -> None:
    number = registered(desk)
    wait(desk, number, days=10)
    desk.clock.advance(7 * DAY)
    with desk.database.write() as session:
        shelving.take_out(session, appeal(desk, number).id or 0, desk.anna, SETTING, desk.clock.now())
    before = appeal(desk, number).deadline_at
    give_back(desk, number)

    reroute(desk, number, "HEAT-001", "heat_company")

    assert appeal(desk, number).deadline_at == before


def test_a_rerouted_case_is_due_with_the_earliest_of_what_lies_in_it(desk: Desk) -> None:
    number = registered(desk)
    desk.clock.advance(DAY)
    danger = registered(desk, "Открытый люк", form=MANHOLE)
    merge(desk, danger, number)
    before = appeal(desk, number)
    give_back(desk, number)

    reroute(desk, number, "HEAT-001", "heat_company")

    after = appeal(desk, number)
    assert (after.deadline_at, after.is_incident) == (before.deadline_at, True)
    split(desk, danger)
    alone = appeal(desk, number)
    assert alone.deadline_at > before.deadline_at
    assert not alone.is_incident


def test_an_answer_that_came_meanwhile_is_not_put_into_the_folder(desk: Desk) -> None:
    number = registered(desk)
    answer(desk, number, EMPTY)

    with pytest.raises(ConflictError, match="is answered"):
        shelve(desk, number, Folder("нет средств", desk.anna, date(2027, 5, 1)))

    assert appeal(desk, number).status == "answered"


def test_a_case_closes_when_the_last_who_is_not_satisfied_leaves_it(desk: Desk) -> None:
    number = registered(desk)
    other = desk.waits("И у нас яма")
    desk.attach(other, number)
    answered(desk, number)
    leave(desk)
    say(desk, 1, is_solved=True)

    with desk.database.write() as session:
        row = appeals.by_number(session, number)
        assert row is not None
        registration.withdraw(session, row, desk.task(other).mention_id, desk.anna, "wrong", desk.clock.now())

    assert appeal(desk, number).status == "closed"


def test_who_is_taken_off_a_case_is_not_asked_of_it(desk: Desk) -> None:
    number = registered(desk)
    answered(desk, number)

    with desk.database.write() as session:
        row = appeals.by_number(session, number)
        assert row is not None
        registration.withdraw(session, row, 1, desk.anna, "no appeal: spam", desk.clock.now())

    assert appeal(desk, number).status == "annulled"
    assert owed(desk, "satisfaction") == []


def test_a_case_closes_when_who_is_not_satisfied_is_split_off(desk: Desk) -> None:
    first, second = registered(desk), registered(desk, "И у нас яма")
    merge(desk, second, first)
    answered(desk, first)
    leave(desk)
    say(desk, 1, is_solved=True)

    split(desk, second)

    assert appeal(desk, first).status == "closed"


def test_a_doubtful_answer_closes_nothing_though_all_were_satisfied_before(desk: Desk) -> None:
    number = registered(desk, "Открытый люк", form=MANHOLE)
    answered(desk, number)
    say(desk, 1, is_solved=True)
    see(desk, number, is_safe=False)
    answer(desk, number, EMPTY)

    see(desk, number, is_safe=True)

    assert appeal(desk, number).status == "answered"


def test_nothing_of_a_case_without_steps_can_be_undone(desk: Desk) -> None:
    number = registered(desk)
    with desk.database.write() as session:
        session.execute(delete(StepRow))

    with pytest.raises(ConflictError):
        undo(desk, number)
