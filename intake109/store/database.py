"""The database: engines for SQLite and PostgreSQL, and the two ways in. `write` is the only place that commits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

_BUSY_TIMEOUT_MS = 30_000


class Database:
    """One database, SQLite or PostgreSQL, safe to use from many threads.

    SQLite gets one writer at a time, queued by a lock in this process: left to itself SQLite's busy handler starves
    waiters under many writers. Reads have an engine of their own, so that pages never wait for the write lock.
    """

    def __init__(self, url: str, *, fsync: bool = True) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer_turn = threading.Lock()
        if self.is_sqlite:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self._writer = _sqlite_engine(self.url, fsync=fsync, read_only=False)
            self._reader = _sqlite_engine(self.url, fsync=fsync, read_only=True)
        else:
            options = {} if fsync else {"options": "-c synchronous_commit=off"}
            self._writer = create_engine(
                self.url,
                pool_size=10,
                max_overflow=20,
                pool_pre_ping=True,
                connect_args=options,
                hide_parameters=True,  # citizens' words never stand in an error or a log
            )
            self._reader = self._writer.execution_options(postgresql_readonly=True)

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations and bulk measurements."""
        return self._writer

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        if self.is_sqlite:
            with self._writer_turn, Session(self._writer, expire_on_commit=False) as session, session.begin():
                yield session
            return
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One view; writing in it is refused by the database."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session
            session.expunge_all()  # what was read stays usable after the view is closed
            session.rollback()

    def close(self) -> None:
        """Give all connections back."""
        self._writer.dispose()
        self._reader.dispose()


def _sqlite_engine(url: URL, *, fsync: bool, read_only: bool) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": _BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
        pool_size=10,
        hide_parameters=True,  # citizens' words never stand in an error or a log
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={'FULL' if fsync else 'OFF'}",
            f"busy_timeout={_BUSY_TIMEOUT_MS}",
            "foreign_keys=ON",
            "cache_size=-32000",
            *(("query_only=ON",) if read_only else ()),
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes later cannot get the lock under plain BEGIN once another wrote.
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def is_reachable(database: Database) -> str:
    """Return an empty text if the database answers, else what it says."""
    try:
        with database.read() as session:
            session.execute(text("SELECT 1"))
    except OperationalError as error:
        return str(error.orig).strip()
    return ""


def take_turns(session: Session, name: str) -> None:
    """Let only one transaction at a time go on for this name; SQLite's writers take turns anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 109))"), {"name": name})
