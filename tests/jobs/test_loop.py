"""A job that runs for ever."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from intake109.clock import MovedClock
from intake109.jobs.loop import Loop, Threads
from intake109.store import health
from intake109.store.database import Database
from intake109.store.tables import HealthRow


def line(database: Database) -> HealthRow:
    with database.read() as session:
        return health.of(session, "job.chore", "system")


def run(loop: Loop) -> None:
    asyncio.run(asyncio.wait_for(loop.run(), 20))


def test_a_failing_step_is_reported_and_never_ends_the_job(
    sqlite: Database, clock: MovedClock, threads: Threads
) -> None:
    seen: list[HealthRow] = []
    steps = 0

    async def step() -> bool:
        nonlocal steps
        steps += 1
        if steps == 1:
            raise KeyError("chat_id")
        if steps == 2:
            seen.append(line(sqlite))
            return True
        loop.stop()
        return True

    loop = Loop("chore", step, sqlite, clock, threads, timedelta(0))
    run(loop)

    assert [(row.errors_in_row, row.last_error) for row in seen] == [(1, "KeyError: 'chat_id'")]
    assert (line(sqlite).errors_in_row, line(sqlite).last_error, line(sqlite).last_good_at) == (0, "", clock.now())


def test_a_database_that_is_gone_does_not_end_the_job(clock: MovedClock, threads: Threads) -> None:
    nowhere = Database("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1")
    steps = 0

    async def step() -> bool:
        nonlocal steps
        steps += 1
        if steps == 2:
            loop.stop()
            return True
        raise KeyError("chat_id")

    loop = Loop("chore", step, nowhere, clock, threads, timedelta(0))
    run(loop)
    nowhere.close()

    assert steps == 2


def test_a_long_pause_ends_when_the_job_is_stopped(sqlite: Database, clock: MovedClock, threads: Threads) -> None:
    async def step() -> bool:
        asyncio.get_running_loop().call_soon(loop.stop)
        return False

    loop = Loop("chore", step, sqlite, clock, threads, timedelta(hours=1))

    run(loop)
