"""Asking a platform, and what happens when it does not answer."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from intake109.clock import MovedClock
from intake109.collectors.breaker import OPEN_AFTER
from intake109.errors import Backoff, ChannelError
from intake109.jobs.loop import Threads
from intake109.jobs.polling import Polling
from intake109.model import Batch, Channel, Event
from intake109.queue import blindness
from intake109.store import changes, events, health, spells
from intake109.store.database import Database
from intake109.store.tables import HealthRow
from tests.city import hire
from tests.jobs.platform import FakePoller

FIRST = Batch((Event(Channel.TELEGRAM, "1", "{}", "telegram.poll"),), "2")
SECOND = Batch((Event(Channel.TELEGRAM, "2", "{}", "telegram.poll"),), "3")
EMPTY = Batch()


def ask(polling: Polling) -> bool:
    return asyncio.run(polling.step())


def stored(database: Database, clock: MovedClock) -> tuple[int, str | None]:
    with database.read() as session:
        return len(events.waiting(session, clock.now() + timedelta(days=1), 99)), events.cursor(session, "telegram")


def line(database: Database) -> HealthRow:
    with database.read() as session:
        return health.of(session, "telegram", "telegram")


def test_each_poll_confirms_only_what_is_stored(database: Database, clock: MovedClock, threads: Threads) -> None:
    poller = FakePoller(FIRST, SECOND, EMPTY)
    polling = Polling(poller, database, clock, threads)

    goes_on = [ask(polling) for _ in range(3)]

    assert poller.cursors == [None, "2", "3"]
    assert goes_on == [True] * 3
    assert stored(database, clock) == (2, "3")


def test_a_crash_between_asking_and_storing_asks_for_the_same_again(
    database: Database, clock: MovedClock, threads: Threads
) -> None:
    class PowerCutError(Exception):
        pass

    class BrokenDatabase(Database):
        def write(self) -> None:  # type: ignore[override]
            raise PowerCutError

    poller = FakePoller(FIRST)
    broken = BrokenDatabase(database.url.render_as_string(hide_password=False))
    with pytest.raises(PowerCutError):
        ask(Polling(poller, broken, clock, threads))
    broken.close()
    before = stored(database, clock)

    ask(Polling(poller, database, clock, threads))

    assert (before, poller.cursors) == ((0, None), [None, None])
    assert stored(database, clock) == (1, "2")


def test_the_same_batch_delivered_twice_is_stored_once(database: Database, clock: MovedClock, threads: Threads) -> None:
    polling = Polling(FakePoller(FIRST), database, clock, threads)

    for _ in range(2):
        ask(polling)

    assert stored(database, clock) == (1, "2")


def test_a_pause_is_kept_between_good_polls(sqlite: Database, clock: MovedClock, threads: Threads) -> None:
    poller = FakePoller(EMPTY, pause=timedelta(minutes=2))
    polling = Polling(poller, sqlite, clock, threads)

    first = ask(polling)
    clock.advance(timedelta(minutes=2) - timedelta(microseconds=1))
    ask(polling)
    early = poller.calls
    clock.advance(timedelta(microseconds=1))
    ask(polling)

    assert (first, early, poller.calls) == (False, 1, 2)


def test_whoever_takes_over_keeps_the_pace_of_the_one_before(
    sqlite: Database, clock: MovedClock, threads: Threads
) -> None:
    before, after = (FakePoller(EMPTY, pause=timedelta(minutes=20)) for _ in range(2))
    ask(Polling(before, sqlite, clock, threads))
    clock.advance(timedelta(minutes=20) - timedelta(microseconds=1))
    polling = Polling(after, sqlite, clock, threads)

    ask(polling)
    early = after.calls
    clock.advance(timedelta(microseconds=1))
    ask(polling)

    assert (before.calls, early, after.calls) == (1, 0, 1)


def test_whoever_takes_over_respects_a_limit_but_tries_a_mended_token_at_once(
    sqlite: Database, clock: MovedClock, threads: Threads
) -> None:
    limited = ChannelError("429", backoff=Backoff.RATE_LIMITED, retry_after=timedelta(minutes=10))
    calls = []
    for error in (limited, ChannelError("token revoked", backoff=Backoff.AUTH_LOST)):
        ask(Polling(FakePoller(error), sqlite, clock, threads))
        after = FakePoller(EMPTY)
        ask(Polling(after, sqlite, clock, threads))
        calls.append(after.calls)
        clock.advance(timedelta(minutes=10))

    assert calls == [0, 1]


def test_a_clock_put_back_does_not_silence_a_channel(sqlite: Database, clock: MovedClock, threads: Threads) -> None:
    poller = FakePoller(FIRST, SECOND, pause=timedelta(minutes=2))
    polling = Polling(poller, sqlite, clock, threads)
    ask(polling)

    clock.advance(-timedelta(hours=3))
    ask(polling)

    assert poller.cursors == [None, "2"]


def test_health_tells_of_a_failure_and_of_its_end(database: Database, clock: MovedClock, threads: Threads) -> None:
    error = ChannelError("token revoked", backoff=Backoff.AUTH_LOST)
    polling = Polling(FakePoller(EMPTY, error, FIRST), database, clock, threads)
    ask(polling)
    good_at = clock.now()
    clock.advance(timedelta(seconds=30))

    assert not ask(polling)
    bad = line(database)
    clock.advance(timedelta(minutes=1))
    ask(polling)
    well = line(database)

    assert (bad.errors_in_row, bad.backoff, bad.last_error, bad.last_good_at) == (
        1,
        "auth_lost",
        "token revoked",
        good_at,
    )
    assert bad.retry_at == bad.last_error_at + timedelta(minutes=1) if bad.last_error_at else False
    assert (well.errors_in_row, well.backoff, well.last_error, well.retry_at) == (0, "", "", None)
    assert well.last_good_at == well.last_event_at == clock.now()
    with database.read() as session:
        assert {one.topic for one in changes.since(session, 0)} == {"health"}


def test_a_platform_in_trouble_is_left_alone_until_it_is_time(
    sqlite: Database, clock: MovedClock, threads: Threads
) -> None:
    poller = FakePoller(ChannelError("503"))
    polling = Polling(poller, sqlite, clock, threads)
    pauses = []
    for _ in range(OPEN_AFTER + 4):
        ask(polling)
        ask(polling)
        retry_at = line(sqlite).retry_at
        assert retry_at is not None
        pauses.append((retry_at - clock.now()).total_seconds())
        clock.advance(retry_at - clock.now())

    assert poller.calls == OPEN_AFTER + 4
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_fault_of_ours_is_no_green_light_on_a_dead_collector(
    sqlite: Database, clock: MovedClock, threads: Threads
) -> None:
    polling = Polling(FakePoller(KeyError("result")), sqlite, clock, threads)

    with pytest.raises(KeyError):
        ask(polling)

    assert line(sqlite).errors_in_row == 1
    assert "KeyError" in line(sqlite).last_error


def test_events_remember_the_last_good_poll_before_them(sqlite: Database, clock: MovedClock, threads: Threads) -> None:
    polling = Polling(FakePoller(EMPTY, FIRST), sqlite, clock, threads)
    ask(polling)
    good_at = clock.now()
    clock.advance(timedelta(minutes=2))

    ask(polling)

    with sqlite.write() as session:
        row = events.take(session, [1], clock.now())[1]
    assert row.previous_poll_at == good_at


def test_a_paused_channel_is_not_asked_until_it_goes_on(
    database: Database, clock: MovedClock, threads: Threads
) -> None:
    poller = FakePoller(FIRST, EMPTY)
    polling = Polling(poller, database, clock, threads)
    bolat = hire(database, clock, "bolat", "supervisor")
    with database.write() as session:
        blindness.pause(session, "telegram", "ремонт", bolat, clock.now())

    ask(polling)
    paused = poller.calls
    with database.write() as session:
        blindness.resume(session, "telegram", bolat, clock.now())
    clock.advance(timedelta(seconds=1))
    ask(polling)

    assert (paused, poller.calls) == (0, 1)


def test_what_a_poll_after_a_silence_brings_is_known_to_have_been_hidden(
    database: Database, clock: MovedClock, threads: Threads
) -> None:
    polling = Polling(FakePoller(EMPTY, FIRST), database, clock, threads)
    ask(polling)
    began = clock.now()
    clock.advance(timedelta(minutes=30))

    ask(polling)

    with database.read() as session:
        assert spells.hiding(session, "telegram", began + timedelta(minutes=1), clock.now()) is not None
