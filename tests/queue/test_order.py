"""Whose turn it is: soonest due while the desk keeps up; once it does not, the newest, and the uncertain among them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlmodel import col

from intake109.clock import MovedClock
from intake109.queue.order import in_order, is_behind, out_of_order
from intake109.store import tasks
from intake109.store.database import Database
from intake109.store.tables import TaskRow
from tests.city import PROMISE
from tests.desk import MINUTE, SECOND, Desk
from tests.promise import Keeper

NOON = datetime(2026, 11, 20, 7, tzinfo=UTC)
moments = st.timedeltas(timedelta(0), timedelta(days=3650)).map(lambda after: NOON + after)


@pytest.fixture
def desk(database: Database, clock: MovedClock) -> Desk:
    return Desk(database, clock)


def listed(desk: Desk) -> list[int | None]:
    with desk.database.read() as session:
        return [task.id for task in tasks.open_page(session, "queue")]


def behind(desk: Desk) -> bool:
    with desk.database.read() as session:
        return is_behind(session, PROMISE, desk.clock.now())


@given(first=moments, second=moments)
def test_whoever_writes_while_the_desk_is_behind_goes_before_all_in_order(first: datetime, second: datetime) -> None:
    assert out_of_order(first, is_certain=False) < out_of_order(second, is_certain=True) < 0 <= in_order(first)


@given(first=moments, later=st.timedeltas(SECOND, timedelta(days=9)))
def test_of_those_in_order_the_sooner_is_first_and_of_the_others_the_newer(first: datetime, later: timedelta) -> None:
    assert in_order(first) < in_order(first + later)
    for is_certain in (True, False):
        assert out_of_order(first + later, is_certain=is_certain) < out_of_order(first, is_certain=is_certain)


def test_while_the_desk_keeps_up_who_is_due_soonest_comes_first(desk: Desk) -> None:
    first = desk.waits()
    desk.clock.advance(10.9 * MINUTE)
    second = desk.waits()

    assert listed(desk) == [first, second]


def test_once_somebody_has_waited_in_vain_the_newest_come_first_and_then_the_old_ones_in_order(desk: Desk) -> None:
    old = [desk.waits(), desk.waits()]
    desk.clock.advance(11 * MINUTE)
    new = [desk.waits()]
    desk.clock.advance(SECOND)
    new.append(desk.waits())

    assert listed(desk) == [new[1], new[0], *old]
    assert desk.claim_next() == new[1]


def test_danger_is_first_whatever_happens_and_never_passed_over(desk: Desk) -> None:
    desk.waits()
    desk.clock.advance(11 * MINUTE)
    first = desk.waits("Открытый люк")
    desk.clock.advance(SECOND)
    second = desk.waits("Открытый люк во дворе")
    desk.waits()

    assert listed(desk)[:2] == [first, second]


def test_a_task_somebody_works_on_or_that_waits_for_an_answer_is_no_backlog(desk: Desk) -> None:
    asked = desk.waits()
    held = desk.waits()
    desk.ask(asked)
    desk.clock.advance(11 * MINUTE)
    desk.claim(held)

    assert not behind(desk)


def test_what_reached_us_late_is_no_backlog_of_the_desk(desk: Desk) -> None:
    task_id = desk.waits()
    with desk.database.write() as session:
        earlier = desk.clock.now() - 30 * MINUTE
        session.execute(
            update(TaskRow)
            .where(col(TaskRow.id) == task_id)
            .values(mentioned_at=earlier, promise_at=earlier + PROMISE.promise)
        )

    assert not behind(desk)


def test_the_desk_keeps_up_again_as_soon_as_nobody_waits_so_long(desk: Desk) -> None:
    old = desk.waits()
    desk.clock.advance(11 * MINUTE)
    before = behind(desk)
    desk.register(old)

    assert (before, behind(desk)) == (True, False)


def test_who_is_passed_over_is_registered_within_the_promise_all_the_same(desk: Desk) -> None:
    keeper = Keeper(desk.database, desk.clock)
    passed = desk.waits()
    keeper.at(11)
    desk.waits()
    keeper.at(17)

    with desk.database.read() as session:
        task = session.execute(select(TaskRow).where(col(TaskRow.id) == passed)).scalar_one()
    assert task.outcome == "automatic"
    assert task.decided_at is not None
    assert task.decided_at < task.promise_at


def test_a_broken_promise_has_its_turn_also_among_the_newest(desk: Desk) -> None:
    old = desk.waits()
    desk.clock.advance(21 * MINUTE)
    desk.waits()

    assert desk.claim_next() == old


def test_what_the_machine_places_well_goes_behind_what_it_cannot_place() -> None:
    now = NOON
    certain, newer_certain = out_of_order(now, is_certain=True), out_of_order(now + MINUTE, is_certain=True)
    uncertain = out_of_order(now - 10 * MINUTE, is_certain=False)

    assert sorted([certain, newer_certain, uncertain]) == [uncertain, newer_certain, certain]


def test_the_patience_is_the_ladders(desk: Desk) -> None:
    desk.waits()
    desk.clock.advance(9 * MINUTE)
    ordinary = PROMISE.ladder.ordinary.model_copy(update={"alert": 9})
    sooner = PROMISE.model_copy(update={"ladder": PROMISE.ladder.model_copy(update={"ordinary": ordinary})})

    with desk.database.read() as session:
        found = is_behind(session, sooner, desk.clock.now())
    assert (behind(desk), found) == (False, True)
