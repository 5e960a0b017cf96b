"""The chore that brings back what was put aside."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from intake109.clock import MovedClock
from intake109.jobs.loop import Threads
from intake109.jobs.shelves import Shelves
from intake109.store.database import Database
from tests.appeals.cases import SETTING, appeal, registered
from tests.appeals.work import wait
from tests.desk import Desk


def test_all_that_is_due_comes_back_once(sqlite: Database, clock: MovedClock, threads: Threads) -> None:
    desk = Desk(sqlite, clock)
    numbers = [registered(desk) for _ in range(2)]
    for number in numbers:
        wait(desk, number, days=1)
    later = registered(desk)
    wait(desk, later, days=9)
    clock.advance(timedelta(days=5))
    chore = Shelves(lambda: SETTING, sqlite, clock, threads)

    asyncio.run(chore.look())

    assert [appeal(desk, number).status for number in (*numbers, later)] == ["forwarded", "forwarded", "waiting"]
    assert chore.bring_back() == 0
