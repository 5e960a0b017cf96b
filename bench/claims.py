"""Claims per second while 100,000 tasks wait, with 1, 8 and 32 who claim at once: `python -m bench.claims`.

The product's own claim-next, each claim in a transaction of its own, as a click makes it; nobody gives anything back.
The rival is procrastinate, a queue on PostgreSQL: 100,000 jobs on the same server, fetched by its own way. Its fetch is
one statement, the product's looks also for what was given to this person, for a broken promise's turn and for storms,
and tells open screens.
"""

from __future__ import annotations

import asyncio
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field

import procrastinate
from procrastinate.types import JSONValue
from sqlalchemy import event, select
from sqlmodel import col

from bench.databases import fresh
from bench.product import judge, log_in
from bench.report import Line, noise, percentile, progress, show
from bench.waiting import backlog, fill, verdicts
from intake109.clock import SystemClock
from intake109.config import Promise
from intake109.queue import claims
from intake109.store.database import Database
from intake109.store.tables import TaskRow

WAITING = 100_000
CLAIMERS = (1, 8, 32)
CLAIMED = 640
"""In each round, by all who claim together."""
_P99_MS = 100.0


@dataclass(slots=True)
class Round:
    """What so many claimers got: seconds of every claim, whose each task is, and the time it all took."""

    claimers: int
    seconds: list[float] = field(default_factory=list)
    got: list[tuple[int, int]] = field(default_factory=list)
    took_s: float = 0.0

    @property
    def doubled(self) -> int:
        """How many claims gave what another had given."""
        return len(self.got) - len({task_id for task_id, _ in self.got})

    def lines(self, name: str, *, is_ours: bool = True) -> list[Line]:
        what, claimed = f"{name}, {self.claimers} at once", len(self.got)
        p99 = 1000 * percentile(self.seconds, 0.99)
        return [
            Line(f"{what}: claims", claimed / self.took_s, "/s", note=f"{claimed} claims"),
            Line(f"{what}: p50", 1000 * percentile(self.seconds, 0.5), "ms"),
            Line(f"{what}: p99", p99, "ms", _P99_MS if is_ours else None, "lower"),
            Line(f"{what}: longest", 1000 * max(self.seconds), "ms"),
            Line(f"{what}: claimed twice", self.doubled, "", 0, "lower"),
        ]


def claim_at_once(database: Database, users: list[int]) -> Round:
    """Let each of the users claim in a thread of their own, all at the same time."""
    done, lock, ready = Round(len(users)), threading.Lock(), threading.Barrier(len(users) + 1)
    clock, promise = SystemClock(), Promise(lease_idle_seconds=3600)

    def work(user_id: int) -> None:
        seconds, got = [], []
        ready.wait()
        for _ in range(CLAIMED // len(users)):
            started = time.perf_counter()
            task_id = None
            while task_id is None:  # somebody else was first: the page would ask again
                with database.write() as session:
                    task_id = claims.claim_next(session, user_id, promise, clock.now())
            seconds.append(time.perf_counter() - started)
            got.append((task_id, user_id))
        with lock:
            done.seconds += seconds
            done.got += got

    threads = [threading.Thread(target=work, args=(one,)) for one in users]
    for thread in threads:
        thread.start()
    ready.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    done.took_s = time.perf_counter() - started
    return done


def _is_kept(database: Database, got: list[tuple[int, int]]) -> bool:
    """Say whether the database names for every task the one who got it, and for no other task anybody."""
    with database.read() as session:
        statement = select(col(TaskRow.id), col(TaskRow.claimed_by)).where(col(TaskRow.claimed_by).is_not(None))
        return {row[0]: row[1] for row in session.execute(statement)} == dict(got)


def _ours(database: Database) -> list[Line]:
    name, now = database.url.get_backend_name(), SystemClock().now()
    progress(f"{WAITING:,} waiting tasks, {name}")
    fill(database, backlog(verdicts(judge()), WAITING, now))
    users = list(range(1, max(CLAIMERS) + 1))
    lines: list[Line] = []
    with database.write() as session:
        for number in users:
            log_in(session, number, now)
    rounds, seen = [], [0]
    event.listen(database.engine, "before_cursor_execute", _counting(seen))
    for count in CLAIMERS:
        progress(f"{count} at once, {name}")
        rounds.append(claim_at_once(database, users[:count]))
        if count == 1:
            lines.append(Line(f"{name}: statements of a claim", seen[0] / CLAIMED, ""))
        lines += rounds[-1].lines(name)
    everything = Round(0, got=[one for done in rounds for one in done.got])
    is_proven = everything.doubled == 0 and _is_kept(database, everything.got)
    told = f"{len(everything.got)} claims, each the database's own word" if is_proven else "THE DATABASE SAYS OTHERWISE"
    lines.append(Line(f"{name}: claimed twice, all rounds together", everything.doubled, "", 0, "lower", told))
    return lines


def _counting(seen: list[int]) -> Callable[..., None]:
    def count(*_: object) -> None:
        seen[0] += 1

    return count


async def _rival(database: Database) -> list[Line]:
    """Fetch procrastinate's jobs as its worker does."""
    conninfo = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    lines = []
    connector = procrastinate.PsycopgConnector(conninfo=conninfo, min_size=4, max_size=max(CLAIMERS))
    app = procrastinate.App(connector=connector)
    job = app.task(name="mention")(_nothing)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        progress(f"{WAITING:,} waiting jobs, procrastinate")
        for first in range(0, WAITING, 5_000):
            jobs: list[dict[str, JSONValue]] = [{"number": number} for number in range(first, first + 5_000)]
            await job.batch_defer_async(*jobs)
        await connector.execute_query_async("ANALYZE")
        worker = await app.job_manager.register_worker()
        for count in CLAIMERS:
            progress(f"{count} at once, procrastinate")
            lines += (await _fetch_at_once(app, worker, count)).lines("rival procrastinate", is_ours=False)
    return lines


async def _fetch_at_once(app: procrastinate.App, worker: int, count: int) -> Round:
    done = Round(count)

    async def work(user_id: int) -> None:
        for _ in range(CLAIMED // count):
            started = time.perf_counter()
            job = await app.job_manager.fetch_job(queues=None, worker_id=worker)
            done.seconds.append(time.perf_counter() - started)
            assert job is not None
            assert job.id is not None
            done.got.append((job.id, user_id))

    started = time.perf_counter()
    await asyncio.gather(*(work(number) for number in range(count)))
    done.took_s = time.perf_counter() - started
    return done


def _nothing(number: int) -> None:
    """Stand for a job; it is never run."""


def main() -> None:
    """Measure, print and write."""
    progress("the machine itself")
    lines = noise()
    with fresh() as databases:
        for database in databases:
            lines += _ours(database)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            lines += asyncio.run(_rival(databases[1]))
    show("claims", lines)


if __name__ == "__main__":
    main()
