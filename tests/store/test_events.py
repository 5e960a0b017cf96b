"""Raw deliveries: stored first, taken once, never lost."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from intake109.clock import MovedClock
from intake109.model import Channel, Event
from intake109.store import events
from intake109.store.database import Database
from intake109.store.tables import CursorRow, EventRow
from tests.race import race


def post(key: str, version: str = "", channel: Channel = Channel.TELEGRAM, payload: str = "{}") -> Event:
    return Event(channel, key, payload, "telegram.poll", version)


def save(database: Database, clock: MovedClock, *batch: Event) -> int:
    with database.write() as session:
        return events.save_batch(session, batch, clock.now())


def ids(database: Database, clock: MovedClock) -> list[int]:
    with database.read() as session:
        return events.waiting(session, clock.now(), 100)


def test_a_redelivery_is_no_second_event(database: Database, clock: MovedClock) -> None:
    first = save(database, clock, post("1"), post("2"))

    again = save(database, clock, post("2"), post("3"), post("3"))

    assert (first, again) == (2, 1)
    assert ids(database, clock) == [1, 2, ids(database, clock)[2]]


def test_the_same_key_in_another_version_or_channel_is_another_event(database: Database, clock: MovedClock) -> None:
    save(database, clock, post("1"))

    stored = save(database, clock, post("1", "edited"), post("1", channel=Channel.WHATSAPP))

    assert stored == 2


def test_a_thousand_events_in_one_batch_are_all_counted(database: Database, clock: MovedClock) -> None:
    batch = [post(str(one)) for one in range(1500)]
    save(database, clock, *batch[:500])

    assert save(database, clock, *batch) == 1000


def test_the_cursor_is_stored_with_its_events_or_not_at_all(database: Database, clock: MovedClock) -> None:
    class PowerCutError(Exception):
        pass

    with pytest.raises(PowerCutError), database.write() as session:  # noqa: PT012
        events.save_batch(session, [post("1")], clock.now(), cursor_name="telegram", cursor="7")
        session.flush()
        raise PowerCutError

    with database.read() as session:
        assert events.cursor(session, "telegram") is None
        assert session.execute(select(func.count()).select_from(EventRow)).scalar() == 0


def test_a_cursor_moves_and_no_cursor_leaves_it_where_it_is(database: Database, clock: MovedClock) -> None:
    for value in ("7", "9", None):
        with database.write() as session:
            events.save_batch(session, [], clock.now(), cursor_name="telegram", cursor=value)

    with database.read() as session:
        assert events.cursor(session, "telegram") == "9"
        assert session.execute(select(func.count()).select_from(CursorRow)).scalar() == 1


def test_what_no_database_can_hold_is_kept_in_its_escaped_form(database: Database, clock: MovedClock) -> None:
    stored = save(database, clock, post("1", payload='{"text": "a\x00b \ud83d"}'), post("2"))

    with database.read() as session:
        row = session.get(EventRow, 1)
    assert stored == 2
    assert row is not None
    assert row.payload == '{"text": "a\\u0000b \\ud83d"}'


def test_an_event_is_taken_once_by_however_many(database: Database, clock: MovedClock) -> None:
    save(database, clock, post("1"))

    def take() -> bool:
        with database.write() as session:
            return list(events.take(session, [1], clock.now())) == [1]

    assert sorted(race([take] * 8)) == [False] * 7 + [True]  # type: ignore[type-var]


def test_a_crash_gives_a_taken_event_back(database: Database, clock: MovedClock) -> None:
    save(database, clock, post("1"))

    with pytest.raises(ZeroDivisionError), database.write() as session:  # noqa: PT012
        assert events.take(session, [1], clock.now())
        raise ZeroDivisionError

    assert ids(database, clock) == [1]


def test_events_wait_in_the_order_of_their_arrival_and_taken_ones_do_not(database: Database, clock: MovedClock) -> None:
    save(database, clock, post("1"), post("2"), post("3"))
    with database.write() as session:
        events.take(session, [2], clock.now())

    assert ids(database, clock) == [1, 3]


def test_a_failure_puts_an_event_off_with_growing_pauses(database: Database, clock: MovedClock) -> None:
    save(database, clock, post("1"))
    pauses = []

    for _ in range(events.MOST_ATTEMPTS - 1):
        with database.write() as session:
            assert not events.put_off(session, 1, "no luck", clock.now())
        assert ids(database, clock) == []
        with database.read() as session:
            row = session.get(EventRow, 1)
            assert row is not None
            assert row.next_attempt_at is not None
            pauses.append(row.next_attempt_at - clock.now())
            clock.advance(row.next_attempt_at - clock.now())
        assert ids(database, clock) == [1]

    assert pauses == sorted(set(pauses))
    assert pauses[0] > timedelta(0)


def test_the_fifth_failure_quarantines(database: Database, clock: MovedClock) -> None:
    save(database, clock, post("1"))

    outcomes = []
    for _ in range(events.MOST_ATTEMPTS):
        with database.write() as session:
            outcomes.append(events.put_off(session, 1, "no luck", clock.now()))

    clock.advance(timedelta(days=1))
    with database.read() as session:
        (row,) = events.quarantined(session, 9)
        assert events.count_quarantined(session) == 1
    assert outcomes == [False] * (events.MOST_ATTEMPTS - 1) + [True]
    assert (row.error, row.attempts) == ("no luck", events.MOST_ATTEMPTS)
    assert ids(database, clock) == []


def test_a_failure_whose_words_cannot_be_stored_is_still_counted(database: Database, clock: MovedClock) -> None:
    save(database, clock, post("1"))

    with database.write() as session:
        events.put_off(session, 1, "bad letter \x00 \ud83d", clock.now())

    with database.read() as session:
        row = session.get(EventRow, 1)
    assert row is not None
    assert row.attempts == 1


def test_a_late_failure_of_a_handled_event_changes_nothing(database: Database, clock: MovedClock) -> None:
    save(database, clock, post("1"))
    with database.write() as session:
        events.take(session, [1], clock.now())

    with database.write() as session:
        assert not events.put_off(session, 1, "too late", clock.now())
        assert not events.put_off(session, 4711, "never was", clock.now())

    with database.read() as session:
        assert events.count_quarantined(session) == 0


@pytest.mark.parametrize(
    ("wanted", "returned"),
    [({"event_id": 1}, [1]), ({"channel": Channel.WHATSAPP}, [2]), ({}, [1, 2])],
)
def test_quarantined_events_are_given_back_one_a_channel_or_all(
    database: Database, clock: MovedClock, wanted: dict[str, object], returned: list[int]
) -> None:
    save(database, clock, post("1"), post("2", channel=Channel.WHATSAPP), post("3"))
    with database.write() as session:
        for event_id in (1, 2, 3):
            row = events.take(session, [event_id], clock.now())[event_id]
            if event_id < 3:
                events.quarantine(row, "unreadable", clock.now())

    with database.write() as session:
        count = events.give_back(session, **wanted)  # type: ignore[arg-type]

    assert (count, ids(database, clock)) == (len(returned), returned)


def test_two_pollers_storing_the_same_events_at_once_store_them_once(database: Database, clock: MovedClock) -> None:
    batch = [post(str(one)) for one in range(50)]

    stored = race([partial(save, database, clock, *batch)] * 4)

    assert sum(one for one in stored if isinstance(one, int)) == 50
