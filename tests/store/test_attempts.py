"""Attempts are counted once for all processes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from intake109.clock import MovedClock
from intake109.store import attempts
from intake109.store.database import Database

HOUR = timedelta(hours=1)


def take(database: Database, clock: MovedClock, key: str = "form:a") -> timedelta:
    with database.write() as session:
        return attempts.take(session, key, 2, HOUR, clock.now())


def test_the_limit_holds_for_a_key_and_slides(database: Database, clock: MovedClock) -> None:
    first = take(database, clock)
    clock.advance(timedelta(minutes=20))
    second, third, other = take(database, clock), take(database, clock), take(database, clock, "form:b")
    clock.advance(timedelta(minutes=40))
    fourth, fifth = take(database, clock), take(database, clock)

    assert (first, second, third) == (timedelta(0), timedelta(0), timedelta(minutes=40))
    assert other == timedelta(0)
    assert (fourth, fifth) == (timedelta(0), timedelta(minutes=20))


def test_two_processes_at_once_let_no_more_through_than_one(database: Database, clock: MovedClock) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: take(database, clock), range(8)))

    assert waits.count(timedelta(0)) == 2


def test_what_no_limit_looks_at_is_swept(database: Database, clock: MovedClock) -> None:
    take(database, clock)
    clock.advance(HOUR + timedelta(seconds=1))

    with database.write() as session:
        attempts.sweep(session, clock.now())

    with database.read() as session:
        assert not attempts.is_known(session, "form:a")
