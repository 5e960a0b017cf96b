"""Chores by the clock outlive whoever was at them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta

import pytest

from intake109.clock import MovedClock
from intake109.errors import ConflictError, OvertakenError
from intake109.jobs.chores import Chore, Chores, daily, every
from intake109.jobs.loop import Threads
from intake109.store.database import Database
from intake109.store.tables import HealthRow
from tests.city import ZONE
from tests.conftest import NOON

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AT = time(3, 30)


class Work:
    """Counts how often it was begun and done; `fate` is what happens to it next."""

    def __init__(self) -> None:
        self.begun = self.done = 0
        self.fate: list[BaseException] = []

    async def __call__(self) -> None:
        self.begun += 1
        await asyncio.sleep(0)
        if self.fate:
            raise self.fate.pop(0)
        self.done += 1


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def process(database: Database, clock: MovedClock, threads: Threads) -> Callable[[], Chores]:
    """Start a process that has been elected just now."""
    return lambda: Chores(database, clock, threads)


def look(chores: Chores, chore: Chore, times: int = 1) -> None:
    async def run() -> None:
        found = await asyncio.gather(*(chores.look(chore) for _ in range(times)), return_exceptions=True)
        assert [one for one in found if one is not None and not isinstance(one, asyncio.CancelledError)] == []

    asyncio.run(run())


def nightly(work: Callable[[], Awaitable[None]]) -> Chore:
    return Chore("learn", work, daily(AT, ZONE), waits_first=True)


def line(database: Database, name: str = "job.learn") -> HealthRow:
    with database.read() as session:
        return session.get(HealthRow, name) or HealthRow(name=name, channel="system")


def to_the_night(chores: Chores, chore: Chore, clock: MovedClock) -> None:
    """Let a first look wait for the night, and move to it."""
    look(chores, chore)
    clock.advance(chore.next_after(clock.now()) - clock.now())


def test_it_has_its_time_in_the_citys_day_and_is_done_once(
    process: Callable[[], Chores], work: Work, clock: MovedClock
) -> None:
    chores, chore = process(), nightly(work)
    look(chores, chore)
    clock.advance(daily(AT, ZONE)(NOON) - NOON - MINUTE)
    look(chores, chore)
    early = work.done

    clock.advance(MINUTE)
    for _ in range(3):
        look(chores, chore)
        clock.advance(HOUR)

    assert (early, work.done) == (0, 1)
    assert daily(AT, ZONE)(NOON) == datetime(2026, 11, 20, 22, 30, tzinfo=UTC)


def test_who_is_elected_next_does_what_the_dead_one_was_at(
    process: Callable[[], Chores], work: Work, clock: MovedClock
) -> None:
    first, chore = process(), nightly(work)
    to_the_night(first, chore, clock)
    work.fate = [asyncio.CancelledError()]
    look(first, chore)

    clock.advance(timedelta(seconds=10))
    look(process(), chore)
    look(process(), chore)

    assert (work.begun, work.done) == (2, 1)


def test_a_night_without_any_worker_is_made_up_for(
    process: Callable[[], Chores], work: Work, clock: MovedClock
) -> None:
    chore = nightly(work)
    look(process(), chore)
    clock.advance(timedelta(days=3))

    look(process(), chore)
    look(process(), chore)

    assert work.done == 1


def test_two_looks_at_once_begin_it_once(process: Callable[[], Chores], work: Work, clock: MovedClock) -> None:
    chores, chore = process(), nightly(work)
    to_the_night(chores, chore, clock)

    look(chores, chore, times=3)

    assert work.begun == 1


def test_a_failure_is_shown_and_tried_again_with_growing_pauses(
    process: Callable[[], Chores], work: Work, clock: MovedClock, database: Database
) -> None:
    chores, chore = process(), nightly(work)
    to_the_night(chores, chore, clock)
    work.fate = [KeyError("token"), KeyError("token")]
    begun = []
    for _ in range(6):
        look(chores, chore)
        begun.append(work.begun)
        clock.advance(MINUTE)

    assert begun == [1, 2, 2, 3, 3, 3]
    assert (line(database).errors_in_row, line(database).last_error) == (0, "")


def test_a_failure_stands_on_the_health_page_until_it_is_done(
    process: Callable[[], Chores], work: Work, clock: MovedClock, database: Database
) -> None:
    chores, chore = process(), nightly(work)
    to_the_night(chores, chore, clock)
    work.fate = [KeyError("token")]

    look(chores, chore)

    assert (line(database).errors_in_row, line(database).last_error) == (1, "KeyError: 'token'")


def test_another_at_the_same_is_waited_for_without_alarm(
    process: Callable[[], Chores], work: Work, clock: MovedClock, database: Database
) -> None:
    chores, chore = process(), nightly(work)
    to_the_night(chores, chore, clock)
    work.fate = [ConflictError("being trained already"), OvertakenError("another is elected")]

    look(chores, chore)
    clock.advance(MINUTE)
    look(chores, chore)
    look(process(), chore)

    assert (work.begun, work.done, line(database).errors_in_row) == (3, 1, 0)


def test_a_clock_that_was_put_back_silences_nothing(
    process: Callable[[], Chores], work: Work, clock: MovedClock
) -> None:
    chores, chore = process(), Chore("sweep", work, every(10 * MINUTE))
    look(chores, chore)
    clock.advance(-timedelta(days=300))

    look(chores, chore)
    clock.advance(10 * MINUTE)
    look(chores, chore)

    assert work.done == 2


def test_what_a_restart_may_have_changed_is_looked_at_once_by_each(
    process: Callable[[], Chores], work: Work, clock: MovedClock
) -> None:
    chore = Chore("renew", work, every(24 * HOUR), at_once=True)
    for _ in range(2):
        chores = process()
        look(chores, chore)
        look(chores, chore)

    assert work.done == 2


def test_the_time_of_the_night_holds_through_a_change_of_clocks() -> None:
    times = daily(time(2, 30), ZONE)

    assert times(NOON) > NOON
    assert times(times(NOON)) - times(NOON) == timedelta(days=1)
