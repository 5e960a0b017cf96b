"""Where simulated days are kept: a SQLite file, or a database of their own on a PostgreSQL server."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError

from intake109.errors import IntakeError


@contextmanager
def ground(url: str) -> Iterator[str]:
    """Make a database for one simulation and drop it afterwards; nothing that is on the server is touched.

    An empty address means SQLite and is given back as it is.

    Raises:
        IntakeError: the server is none of PostgreSQL's, cannot be reached, or does not let this account make databases.
    """
    if not url:
        yield ""
        return
    server = _server(url)
    name = f"intake109_simulate_{uuid.uuid4().hex[:12]}"
    _administer(server, f"CREATE DATABASE {name}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _server(url: str) -> URL:
    try:
        server = make_url(url)
    except ArgumentError as error:
        raise IntakeError("--url: write postgresql://user:password@host/database") from error
    if server.get_backend_name() != "postgresql":
        raise IntakeError("--url: only PostgreSQL has one; without it the days are kept in a SQLite file")
    return server.set(drivername="postgresql+psycopg")


def _administer(server: URL, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    except (OperationalError, ProgrammingError) as error:
        said = str(error.orig).strip().splitlines()[0]
        raise IntakeError(f"--url: {said}; the account must be allowed to create databases") from error
    finally:
        engine.dispose()
