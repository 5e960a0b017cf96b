"""From a rung's moment until it is done and committed, with 10,000 tasks open: `python -m bench.ladder`.

The product runs as a process of its own; half of what is due alerts the inspectors, half is registered by the machine.
Beside it the database is asked every few milliseconds what has been done.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from bench.databases import fresh
from bench.product import judge, running
from bench.report import Line, noise, percentile, progress, show
from bench.waiting import Waiting, verdicts
from intake109.clock import SystemClock
from intake109.config import City, Promise
from intake109.queue.ladder import Rung
from intake109.store.database import Database
from intake109.store.tables import AlertRow, TaskRow

OPEN = 10_000
DUE = 600
LEAD = timedelta(seconds=60)
"""Until the first moment: the queue is filled and the product started meanwhile."""
WINDOW = timedelta(seconds=30)
ACTED_WITHIN_MS = 2_000.0
_LOOK_S = 0.01
_LATEST_S = 60.0


def due(now: datetime) -> dict[int, tuple[Rung, datetime]]:
    """Return what is due by the task's number: the rung and its moment, evenly over the window."""
    step = WINDOW / DUE
    rungs = (Rung.ALERT, Rung.REGISTER)
    return {number: (rungs[number % 2], now + LEAD + number * step) for number in range(1, DUE + 1)}


def open_tasks(moments: dict[int, tuple[Rung, datetime]], now: datetime) -> Iterator[Waiting]:
    """Return the open tasks: those that are due, and others whose first rung is minutes away."""
    said, promise = verdicts(judge()), Promise()
    is_night = promise.ladder.night.holds(now, City().zone)
    alert = promise.ladder.night.alert if is_night else promise.ladder.ordinary.alert
    after = {Rung.ALERT: alert, Rung.REGISTER: promise.automatic_minutes}
    for number in range(1, OPEN + 1):
        verdict = said[number % len(said)]
        rung, at = moments.get(number, (Rung.REMIND, now + timedelta(minutes=min(alert, 5), milliseconds=number)))
        mentioned_at = at - timedelta(minutes=after.get(rung, min(alert, 5)))
        yield Waiting(number, verdict, mentioned_at, rung, at)


def watch(database: Database, moments: dict[int, tuple[Rung, datetime]]) -> dict[Rung, list[float]]:
    """Return for every rung how many seconds after its moment each was seen to be done."""
    delays: dict[Rung, list[float]] = {Rung.ALERT: [], Rung.REGISTER: []}
    left, clock = dict(moments), SystemClock()
    until = clock.now() + LEAD + WINDOW + timedelta(seconds=_LATEST_S)
    while left and clock.now() < until:
        seen = _done(database)
        now = clock.now()
        for number in seen & left.keys():
            rung, at = left.pop(number)
            delays[rung].append((now - at).total_seconds())
        time.sleep(_LOOK_S)
    return delays


def _done(database: Database) -> set[int]:
    with database.read() as session:
        alerted = session.execute(select(col(AlertRow.task_id))).scalars().all()
        decided = session.execute(select(col(TaskRow.id)).where(col(TaskRow.decided_at).is_not(None))).scalars().all()
    return {one for one in (*alerted, *decided) if one is not None}


def _measured(database: Database) -> list[Line]:
    name = database.url.get_backend_name()
    now = SystemClock().now()
    moments = due(now)
    progress(f"{OPEN:,} open tasks, {name}")
    url = database.url.render_as_string(hide_password=False)
    with running(open_tasks(moments, now), 0, url):
        early = SystemClock().now() < now + LEAD
        progress(f"{DUE} rungs in {WINDOW.total_seconds():.0f} s, {name}")
        delays = watch(database, moments)
    lines = []
    for rung, seconds in delays.items():
        what = f"{name}: {rung.name.lower()}"
        values = [1000 * one for one in seconds]
        lines += [
            Line(f"{what}, p50", percentile(values, 0.5), "ms", note=f"{len(values)} times"),
            Line(f"{what}, p99", percentile(values, 0.99), "ms", ACTED_WITHIN_MS, "lower"),
            Line(f"{what}, longest", max(values), "ms"),
        ]
    missing = DUE - sum(len(one) for one in delays.values())
    note = "" if early else "the product was ready only after the first moment"
    return [*lines, Line(f"{name}: not done at all", missing, "", 0, "lower", note)]


def main() -> None:
    """Measure, print and write."""
    progress("the machine itself")
    lines = noise()
    with fresh() as databases:
        for database in databases:
            lines += _measured(database)
    show("ladder", lines)


if __name__ == "__main__":
    main()
