"""Among several processes one is elected; one that dies, hangs or loses the database is replaced and fenced off."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from intake109.errors import OvertakenError
from intake109.jobs.election import Election
from intake109.store import changes, leases
from intake109.store.changes import Topic
from intake109.store.database import Database
from tests.conftest import NOON

LEASE = timedelta(seconds=1)
"""Long enough that a busy machine does not look like a database that is away."""
PATIENCE_S = 15.0
T = TypeVar("T")


class Candidate:
    """A process that stands for election, in a thread with an event loop of its own."""

    def __init__(self, name: str, database: Database) -> None:
        self.is_elected = threading.Event()
        self.is_over = threading.Event()
        self.databases: list[Database] = []
        self.hangs = threading.Event()
        self.may_wake = threading.Event()
        self._election = Election(database, name, LEASE)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        standing = asyncio.create_task(self._election.run(self._serve))
        await self._stopping.wait()
        standing.cancel()
        await asyncio.gather(standing, return_exceptions=True)

    async def _serve(self, database: Database) -> None:
        self.databases.append(database)
        self.is_elected.set()
        try:
            while not self.hangs.is_set():
                await asyncio.sleep(0.01)
            self.may_wake.wait(PATIENCE_S)  # blocks the loop: the whole process hangs
            await asyncio.Event().wait()
        finally:
            self.is_elected.clear()
            self.is_over.set()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.may_wake.set()
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(PATIENCE_S)


@contextmanager
def standing(*candidates: Candidate) -> Iterator[None]:
    for one in candidates:
        one.start()
    try:
        yield
    finally:
        for one in candidates:
            one.stop()


def write(database: Database) -> None:
    with database.write() as session:
        changes.tell(session, Topic.HEALTH, 0, NOON)


def elected_of(*candidates: Candidate) -> Candidate:
    """Wait until one is elected and return it."""
    assert candidates[0].is_elected.wait(PATIENCE_S)
    return candidates[0]


def test_the_other_takes_over_when_the_elected_is_told_to_stop(database: Database) -> None:
    one, two = Candidate("one", database), Candidate("two", database)
    with standing(one):
        elected_of(one)
        with standing(two):
            had_to_wait = not two.is_elected.wait(LEASE.total_seconds() * 2)
            one.stop()
            elected_of(two)
            write(two.databases[0])
            with database.read() as session:
                row = leases.of(session, leases.SCHEDULER)

    assert had_to_wait
    assert row is not None
    assert (row.holder, row.token) == ("two", 2)


def test_one_that_hangs_is_overtaken_and_its_late_write_is_refused(database: Database) -> None:
    one, two = Candidate("one", database), Candidate("two", database)
    with standing(one):
        elected_of(one)
        write(one.databases[0])
        with standing(two):
            one.hangs.set()
            elected_of(two)

            with pytest.raises(OvertakenError):
                write(one.databases[0])
            write(two.databases[0])
            one.may_wake.set()
            woke_and_left = one.is_over.wait(PATIENCE_S)
            is_two_still = two.is_elected.is_set()

    with database.read() as session:
        assert changes.last_id(session) == 2
    assert (woke_and_left, is_two_still) == (True, True)


class Shaky(Database):
    """A database that is away while a test wants it to be."""

    is_away = threading.Event()

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        if self.is_away.is_set():
            raise OperationalError("SELECT 1", {}, ConnectionError("server closed the connection"))
        with super()._writing() as session:
            yield session


def test_without_the_database_nobody_serves_and_afterwards_one_serves_again(database: Database) -> None:
    shaky = Shaky(database.url.render_as_string(hide_password=False), fsync=False)
    one = Candidate("one", shaky)
    with standing(one):
        elected_of(one)
        shaky.is_away.set()

        has_left = one.is_over.wait(PATIENCE_S)
        shaky.is_away.clear()
        elected_of(one)
        write(one.databases[-1])
    shaky.close()

    assert has_left
    assert len(one.databases) == 2


def test_a_short_absence_of_the_database_costs_no_election(database: Database) -> None:
    answers = iter([True, False, True, True])
    calls = threading.Event()

    class Hiccup(Database):
        @contextmanager
        def _writing(self) -> Iterator[Session]:
            answer = next(answers, None)
            if answer is None:
                calls.set()
            elif not answer:
                raise OperationalError("SELECT 1", {}, ConnectionError("a moment"))
            with super()._writing() as session:
                yield session

    hiccup = Hiccup(database.url.render_as_string(hide_password=False), fsync=False)
    one = Candidate("one", hiccup)
    with standing(one):
        elected_of(one)
        assert calls.wait(PATIENCE_S)
        stayed = not one.is_over.is_set()
    hiccup.close()

    assert stayed


def test_work_that_breaks_ends_the_term_and_is_begun_anew(sqlite: Database) -> None:
    begun: list[Database] = []
    is_back = asyncio.Event()

    async def serve(database: Database) -> None:
        begun.append(database)
        if len(begun) == 1:
            raise KeyError("a fault of ours")
        is_back.set()
        await asyncio.Event().wait()

    run_until(lambda: Election(sqlite, "one", LEASE).run(serve), is_back)

    assert len(begun) == 2


def test_being_told_to_stop_while_a_renewal_ends_is_not_forgotten(sqlite: Database) -> None:
    """`asyncio.wait_for` of Python 3.11 drops a cancellation that comes with the answer: it went on for ever."""
    loop = Prompt()

    async def serve(_database: Database) -> None:
        loop.afterwards = election.cancel
        await asyncio.Event().wait()

    election = loop.create_task(Election(sqlite, "one", LEASE).run(serve))
    loop.run_until_complete(asyncio.wait([election], timeout=PATIENCE_S))
    was_told = election.cancelled()
    election.cancel()
    loop.run_until_complete(asyncio.gather(election, return_exceptions=True))
    loop.close()

    assert was_told


class Prompt(asyncio.SelectorEventLoop):
    """A loop whose threads have done their work before anybody can wait for it, and then something happens once."""

    afterwards: Callable[[], object] = staticmethod(lambda: None)

    def run_in_executor(self, _executor: object, work: Callable[..., T], *more: object) -> asyncio.Future[T]:
        done: asyncio.Future[T] = self.create_future()
        done.set_result(work(*more))
        happens, self.afterwards = self.afterwards, lambda: None
        happens()
        return done


def run_until(start: Callable[[], Awaitable[None]], event: asyncio.Event) -> None:
    async def run() -> None:
        task = asyncio.ensure_future(start())
        await asyncio.wait_for(event.wait(), PATIENCE_S)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())
