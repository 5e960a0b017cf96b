"""A process that hangs gives up what only one may do, says so, and is forgotten when it is gone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from intake109.clock import MovedClock
from intake109.jobs.election import Election
from intake109.jobs.hearts import Watch
from intake109.jobs.loop import Loop, Threads
from intake109.jobs.pulse import Hearts
from intake109.store import leases
from intake109.store.database import Database
from intake109.store.health import WORKERS as LINE
from intake109.store.tables import HealthRow

PATIENCE_S = 15.0
MOMENT = timedelta(milliseconds=50)
LEASE = timedelta(seconds=1)


class Stopwatch:
    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    """Lets go of what hangs when the test is over."""
    found = threading.Event()
    yield found
    found.set()


def line(database: Database) -> HealthRow:
    with database.read() as session:
        return session.get(HealthRow, LINE) or HealthRow(name=LINE, channel="system")


def test_what_has_not_beaten_for_longer_than_it_may_hangs(stopwatch: Stopwatch) -> None:
    hearts = Hearts(stopwatch)
    hearts.beat("polling", timedelta(seconds=9))
    hearts.beat("carrying", timedelta(seconds=5))
    hearts.beat("ended", timedelta(seconds=1))
    hearts.stop("ended")

    stopwatch.s = 5.0
    at_the_limit = hearts.hung()
    stopwatch.s = 9.1

    assert (at_the_limit, hearts.hung()) == ([], ["carrying", "polling"])


def test_a_failing_job_beats_and_one_that_ended_is_not_missed(
    sqlite: Database, clock: MovedClock, threads: Threads, stopwatch: Stopwatch
) -> None:
    hearts = Hearts(stopwatch)
    hung: list[list[str]] = []

    async def step() -> bool:
        hung.append(hearts.hung())
        stopwatch.s += 2.0
        if len(hung) == 3:
            loop.stop()
        if len(hung) == 2:
            raise KeyError("chat_id")
        return True

    loop = Loop("chore", step, sqlite, clock, threads, timedelta(0), hearts, timedelta(seconds=3))
    asyncio.run(asyncio.wait_for(loop.run(), PATIENCE_S))
    stopwatch.s += 99.0

    assert (hung, hearts.hung()) == ([[], [], []], [])


def test_the_elected_gives_its_lease_up_when_a_loop_hangs_and_another_takes_it(
    database: Database, clock: MovedClock, stuck: threading.Event
) -> None:
    hearts, threads = Hearts(), Threads()
    elected: list[str] = []

    async def hang() -> bool:
        await threads.run(lambda: stuck.wait(PATIENCE_S))
        return False

    async def serve(fenced: Database) -> None:
        elected.append("one")
        await Loop("polling", hang, fenced, clock, threads, MOMENT, hearts, MOMENT).run()

    async def serve_too(_: Database) -> None:
        elected.append("two")
        await asyncio.Event().wait()

    async def run() -> None:
        one = asyncio.create_task(Election(database, "one", LEASE, hearts=hearts).run(serve))
        while not elected:
            await asyncio.sleep(0.01)
        two = asyncio.create_task(Election(database, "two", LEASE / 4).run(serve_too))
        while "two" not in elected:
            await asyncio.sleep(0.01)
        for task in (one, two):
            task.cancel()
        await asyncio.gather(one, two, return_exceptions=True)

    asyncio.run(asyncio.wait_for(run(), PATIENCE_S))
    stuck.set()
    threads.close()

    with database.read() as session:
        row = leases.of(session, leases.SCHEDULER)
    assert row is not None
    assert row.holder == "two"


def test_nobody_is_elected_whose_threads_are_all_taken(
    sqlite: Database, clock: MovedClock, stuck: threading.Event
) -> None:
    hearts = Hearts()
    threads = Threads(ThreadPoolExecutor(2))
    watch = Watch(hearts, "one", sqlite, clock, threads, every_s=0.02, longest=MOMENT)
    elected: list[str] = []

    async def serve(_: Database) -> None:
        elected.append("one")
        await asyncio.Event().wait()

    async def run() -> None:
        taken = [asyncio.ensure_future(threads.run(lambda: stuck.wait(PATIENCE_S))) for _ in range(2)]
        watching = asyncio.create_task(watch.run())
        while not line(sqlite).errors_in_row:
            await asyncio.sleep(0.01)
        standing = asyncio.create_task(Election(sqlite, "one", LEASE / 4, hearts=hearts).run(serve))
        await asyncio.sleep(0.3)
        was_elected = bool(elected)
        stuck.set()
        while not elected:
            await asyncio.sleep(0.01)
        assert not was_elected
        for task in (watching, standing):
            task.cancel()
        await asyncio.gather(watching, standing, *taken, return_exceptions=True)

    asyncio.run(asyncio.wait_for(run(), PATIENCE_S))
    threads.close()

    assert "one hangs: threads; restart it" in line(sqlite).last_error


def test_who_hangs_is_told_and_who_is_gone_is_forgotten(sqlite: Database, clock: MovedClock, threads: Threads) -> None:
    one = Watch(Hearts(), "one", sqlite, clock, threads)
    other = Watch(Hearts(), "other", sqlite, clock, threads)

    one.tell(["carrying"])
    clock.advance(timedelta(seconds=59))
    other.tell([])
    early = line(sqlite).errors_in_row
    clock.advance(timedelta(seconds=1))
    other.tell([])

    assert (early, line(sqlite).errors_in_row, line(sqlite).last_error) == (1, 0, "")


def test_a_process_in_which_all_is_well_writes_nothing(sqlite: Database, clock: MovedClock, threads: Threads) -> None:
    Watch(Hearts(), "one", sqlite, clock, threads).tell([])

    with sqlite.read() as session:
        assert session.get(HealthRow, LINE) is None
