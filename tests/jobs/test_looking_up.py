"""Asking for what a delivery only pointed at."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from intake109.clock import MovedClock
from intake109.errors import ChannelError
from intake109.jobs.looking_up import LookingUp
from intake109.jobs.loop import Threads
from intake109.model import Channel, Event, Lookup
from intake109.store import errands, events, lookups
from intake109.store.database import Database
from intake109.store.tables import LookupRow
from tests.jobs.platform import FakeLookups

FOUND = (Event(Channel.INSTAGRAM, "post", "{}", "instagram.tags"),)


@pytest.fixture
def noted(sqlite: Database, clock: MovedClock) -> Database:
    """One thing to be looked up, delivered twice."""
    for _ in range(2):
        with sqlite.write() as session:
            lookups.add(session, Channel.INSTAGRAM, Lookup("mention:1", '{"id": 1}'), clock.now())
    return sqlite


def look(database: Database, clock: MovedClock, threads: Threads, source: FakeLookups | None) -> bool:
    sources = {Channel.INSTAGRAM: source} if source else {}
    return asyncio.run(LookingUp(sources, database, clock, threads).step())


def row(database: Database) -> LookupRow:
    with database.read() as session:
        return session.get_one(LookupRow, 1)


def test_what_is_found_becomes_events_once(noted: Database, clock: MovedClock, threads: Threads) -> None:
    source = FakeLookups(FOUND)

    looked = [look(noted, clock, threads, source) for _ in range(2)]

    with noted.read() as session:
        assert events.waiting(session, clock.now(), 9) == [1]
    assert (looked, source.calls, row(noted).state) == ([True, False], 1, "done")


@pytest.mark.parametrize("source", [FakeLookups(ChannelError("gone", permanent=True)), None])
def test_what_is_gone_is_shown_at_once(
    noted: Database, clock: MovedClock, threads: Threads, source: FakeLookups | None
) -> None:
    look(noted, clock, threads, source)

    with noted.read() as session:
        assert [one.state for one in lookups.failed(session)] == ["failed"]


@pytest.mark.parametrize("error", [ChannelError("503"), KeyError("media")])
def test_an_outage_of_hours_loses_no_appeal(
    noted: Database, clock: MovedClock, threads: Threads, error: Exception
) -> None:
    began = clock.now()
    source = FakeLookups(error)
    while row(noted).state == "waiting":
        look(noted, clock, threads, source)
        clock.advance(max(row(noted).next_attempt_at - clock.now(), timedelta(0)))

    assert timedelta(hours=4) < clock.now() - began < timedelta(days=1)
    assert row(noted).state == "failed"


def test_a_lookup_whose_worker_died_is_taken_up(noted: Database, clock: MovedClock, threads: Threads) -> None:
    with noted.write() as session:
        assert errands.lease(session, LookupRow, clock.now(), timedelta(minutes=2))
    source = FakeLookups(FOUND)

    early = look(noted, clock, threads, source)
    clock.advance(timedelta(minutes=2))
    late = look(noted, clock, threads, source)

    assert (early, late, row(noted).attempts) == (False, True, 2)
