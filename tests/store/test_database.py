"""The two ways into the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from intake109.clock import MovedClock
from intake109.store import events, health
from intake109.store.database import Database, is_reachable
from intake109.store.tables import CursorRow, UserRow
from tests.city import hire
from tests.race import race


def test_reading_never_writes(database: Database, clock: MovedClock) -> None:
    with pytest.raises(DBAPIError), database.read() as session:  # noqa: PT012
        session.add(CursorRow(name="a", value="1", updated_at=clock.now()))
        session.flush()

    with database.write() as session:
        session.add(CursorRow(name="a", value="1", updated_at=clock.now()))
    with database.read() as session:
        assert events.cursor(session, "a") == "1"


def test_what_was_read_stays_usable_after_the_view_is_closed(database: Database, clock: MovedClock) -> None:
    hire(database, clock)

    with database.read() as session:
        (user,) = session.execute(select(UserRow)).scalars()

    assert user.login == "inspector"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_view_that_is_closed_leaves_the_statements_prepared(database: Database) -> None:
    for _ in range(8):
        with database.read() as session:
            events.cursor(session, "a")

    with database.read() as session:
        prepared = session.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar_one()

    assert prepared == 1


def test_a_moment_comes_back_aware_whatever_zone_it_went_in(database: Database) -> None:
    noon_in_the_city = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5)))

    with database.write() as session:
        session.add(CursorRow(name="a", value="1", updated_at=noon_in_the_city))

    with database.read() as session:
        row = session.get(CursorRow, "a")
    assert row is not None
    assert row.updated_at == noon_in_the_city
    assert row.updated_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError), database.write() as session:
        session.add(CursorRow(name="a", value="1", updated_at=datetime(2026, 11, 20)))  # noqa: DTZ001


def test_errors_of_the_database_never_repeat_what_a_citizen_wrote(database: Database, clock: MovedClock) -> None:
    hire(database, clock)

    with pytest.raises(IntegrityError) as failure, database.write() as session:
        session.add(UserRow(login="inspector", name="Тайна", password_hash="x", role="", created_at=clock.now()))

    assert "Тайна" not in str(failure.value)


def test_writers_at_once_lose_no_update(database: Database, clock: MovedClock) -> None:
    with database.write() as session:
        health.of(session, "telegram", "telegram")

    def reject() -> None:
        for _ in range(5):
            with database.write() as session:
                health.count_rejected(session, "telegram", "telegram", clock.now())

    race([reject] * 8)

    with database.read() as session:
        assert health.of(session, "telegram", "telegram").rejected == 40


def test_a_new_line_of_health_is_made_once(database: Database, clock: MovedClock) -> None:
    def hear() -> None:
        with database.write() as session:
            health.heard(session, "telegram", "telegram", clock.now())

    race([hear] * 8)

    with database.read() as session:
        assert [row.name for row in health.all_of(session)] == ["telegram"]


def test_a_database_that_answers_is_reachable_and_one_that_does_not_says_why(database: Database) -> None:
    assert is_reachable(database) == ""

    nowhere = Database("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1")
    try:
        assert is_reachable(nowhere) != ""
    finally:
        nowhere.close()


def test_a_connection_in_use_while_all_is_given_back_is_closed_once_it_is_returned(database: Database) -> None:
    with database.write() as session:
        raw = session.connection().connection.dbapi_connection
        database.close()
    assert raw is not None

    with pytest.raises(Exception, match="closed"):
        raw.cursor().execute("SELECT 1")


def test_foreign_keys_are_kept(database: Database, clock: MovedClock) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(text("INSERT INTO drafts VALUES (1, 1, '{}', '2026-01-01')"))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_process_that_hangs_in_a_transaction_keeps_its_locks_for_twenty_seconds_at_most(database: Database) -> None:
    with database.write() as session:
        writing = session.execute(text("SHOW idle_in_transaction_session_timeout")).scalar()
    with database.read() as session:
        reading = session.execute(text("SHOW idle_in_transaction_session_timeout")).scalar()

    assert (writing, reading) == ("20s", "20s")
