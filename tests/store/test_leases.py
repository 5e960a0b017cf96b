"""One holder at a time, by the database's clock; an earlier holder's late write is refused."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from intake109.clock import SystemClock
from intake109.errors import OvertakenError
from intake109.store import changes, leases, processes
from intake109.store.changes import Topic
from intake109.store.database import Database
from intake109.store.leases import SCHEDULER, Fence, Lease
from intake109.store.processes import Me
from intake109.store.tables import LeaseRow, ProcessRow
from tests.conftest import NOON

LENGTH = timedelta(seconds=10)
SILENCE = timedelta(seconds=5)
PATIENCE_S = 10.0


def take(database: Database, holder: str) -> Lease | None:
    with database.write() as session:
        return leases.take(session, SCHEDULER, holder, LENGTH)


def run_out(database: Database) -> None:
    """Let the holder have been silent for longer than its lease."""
    with database.write() as session:
        session.execute(update(LeaseRow).values(until=leases.database_now(session) - timedelta(seconds=1)))


def told(database: Database) -> int:
    with database.read() as session:
        return changes.last_id(session)


def test_of_two_candidates_one_is_elected_until_its_lease_runs_out(database: Database) -> None:
    first, second = take(database, "a"), take(database, "b")
    run_out(database)

    third = take(database, "b")

    assert first == Lease(SCHEDULER, "a", 1)
    assert (second, third) == (None, Lease(SCHEDULER, "b", 2))


def test_a_lease_runs_by_the_databases_clock_whatever_the_machines_say(database: Database) -> None:
    take(database, "a")

    with database.read() as session:
        row, now = leases.of(session, SCHEDULER), leases.database_now(session)

    assert row is not None
    assert row.until is not None
    assert abs(now - SystemClock().now()) < timedelta(seconds=5)
    assert timedelta(0) < row.until - now <= LENGTH


def test_a_holder_that_hung_renews_nothing_once_another_has_taken_over(database: Database) -> None:
    first = take(database, "a")
    assert first is not None
    run_out(database)

    with database.write() as session:
        before = leases.renew(session, first, LENGTH)  # nobody was quicker: it may go on
    run_out(database)
    take(database, "b")
    with database.write() as session:
        after = leases.renew(session, first, LENGTH)

    assert (before, after) == (True, False)


def test_the_late_write_and_read_of_an_overtaken_holder_are_refused(database: Database) -> None:
    first = take(database, "a")
    assert first is not None
    old = database.fenced(Fence(first, SILENCE))
    with old.write() as session:
        changes.tell(session, Topic.HEALTH, 0, NOON)
    run_out(database)
    second = take(database, "b")
    assert second is not None

    with pytest.raises(OvertakenError), old.write() as session:
        changes.tell(session, Topic.HEALTH, 0, NOON)
    with pytest.raises(OvertakenError), old.read():
        pass
    with database.fenced(Fence(second, SILENCE)).write() as session:
        changes.tell(session, Topic.HEALTH, 0, NOON)

    assert told(database) == 2


def test_giving_up_lets_another_take_over_at_once_and_takes_nothing_from_it(database: Database) -> None:
    first = take(database, "a")
    assert first is not None
    with database.write() as session:
        leases.give_up(session, first)

    second = take(database, "b")
    with database.write() as session:
        leases.give_up(session, first)

    assert second == Lease(SCHEDULER, "b", 2)
    with database.read() as session:
        assert not leases.is_free(session, SCHEDULER)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_taking_over_waits_for_a_write_under_way_and_renewing_does_not(database: Database) -> None:
    first = take(database, "a")
    assert first is not None
    taken: list[Lease | None] = []
    with database.fenced(Fence(first, SILENCE)).write() as session:
        with database.write() as other:
            renewed = leases.renew(other, first, LENGTH)
        run_out(database)
        taking = threading.Thread(target=lambda: taken.append(take(database, "b")))
        taking.start()
        taking.join(0.2)
        waits = taking.is_alive()
        changes.tell(session, Topic.HEALTH, 0, NOON)
    taking.join(PATIENCE_S)

    assert (renewed, waits, told(database)) == (True, True, 1)
    assert taken == [Lease(SCHEDULER, "b", 2)]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_holder_that_hangs_in_the_middle_of_a_write_keeps_nobody_from_taking_over(database: Database) -> None:
    first = take(database, "a")
    assert first is not None
    hung = database.fenced(Fence(first, timedelta(milliseconds=100)))

    with pytest.raises(DBAPIError), hung.write() as session:  # noqa: PT012 - the hung one wakes up inside its write
        changes.tell(session, Topic.HEALTH, 0, NOON)
        run_out(database)
        second = take(database, "b")
        changes.tell(session, Topic.HEALTH, 0, NOON)

    assert second == Lease(SCHEDULER, "b", 2)
    assert told(database) == 0


def test_processes_that_live_are_told_from_the_dead_and_the_gone(database: Database) -> None:
    web, worker = Me("h:1", "web", "h", 1), Me("h:2", "worker", "h", 2)
    with database.write() as session:
        for me, mark in ((web, "mark"), (worker, "other"), (web, "mark")):
            processes.seen(session, me, mark)
    take(database, worker.id)
    with database.read() as session:
        both = processes.cluster(session)
    with database.write() as session:
        died_at = leases.database_now(session) - timedelta(minutes=1)
        session.execute(update(ProcessRow).where(col(ProcessRow.id) == web.id).values(seen_at=died_at))
        processes.gone(session, worker)

    with database.read() as session:
        left = processes.cluster(session)

    assert [(one.row.id, one.is_alive, one.is_elected) for one in both.processes] == [
        ("h:1", True, False),
        ("h:2", True, True),
    ]
    assert (both.elected, both.works, both.folders) == (both.processes[1], True, 2)
    assert [(one.row.id, one.is_alive) for one in left.processes] == [("h:1", False)]
    assert (left.elected, left.works, left.elected_at is None) == (None, False, False)
