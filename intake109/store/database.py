"""The database: engines for SQLite and PostgreSQL, and the two ways in. `write` is the only place that commits."""

from __future__ import annotations

import copy
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

_BUSY_TIMEOUT_MS = 30_000
_BUSY_PAUSE_MS = 20
_REMOTE = {
    "connect_timeout": 5,
    # A machine that has vanished says nothing: without these a query would wait for it for hours.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
_LONGEST_SILENCE_MS = 20_000
"""A process that hangs in the middle of a transaction loses it: what it has locked would hold up all others."""

_TURNS = text(
    "SELECT count(pg_advisory_xact_lock(hashtextextended(name, 109)))"
    " FROM (SELECT name FROM unnest(CAST(:names AS text[])) AS name ORDER BY name OFFSET 0) AS ordered"
)


class Fence(Protocol):
    """Stands before every transaction of somebody who may have been overtaken; raises what refuses it."""

    def before_read(self, session: Session) -> None: ...

    def before_write(self, session: Session) -> None: ...


class Database:
    """One database, SQLite or PostgreSQL, safe to use from many threads.

    SQLite gets one writer at a time, queued by a lock in this process: left to itself SQLite's busy handler starves
    waiters under many writers. Reads have an engine of their own, so that pages never wait for the write lock.
    """

    def __init__(self, url: str, *, fsync: bool = True) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer_turn = threading.Lock()
        self._fence: Fence | None = None
        if self.is_sqlite:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self._writer = _sqlite_engine(self.url, fsync=fsync, read_only=False)
            self._reader = _sqlite_engine(self.url, fsync=fsync, read_only=True)
        else:
            options = f"-c idle_in_transaction_session_timeout={_LONGEST_SILENCE_MS}"
            if not fsync:
                options += " -c synchronous_commit=off"
            self._writer = create_engine(
                self.url,
                pool_size=10,
                max_overflow=20,
                pool_pre_ping=True,
                connect_args={**_REMOTE, "options": options},
                hide_parameters=True,  # citizens' words never stand in an error or a log
            )
            self._reader = self._writer.execution_options(postgresql_readonly=True)

    @classmethod
    def existing(cls, url: str) -> Database | None:
        """Open a database only if it may be there; looking must not leave an empty SQLite file behind."""
        found = make_url(url)
        if found.get_backend_name() == "sqlite" and not Path(found.database or "").is_file():
            return None
        return cls(url)

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations and bulk measurements."""
        return self._writer

    def fenced(self, fence: Fence) -> Database:
        """Return the same database for somebody whose every transaction is checked first."""
        found = copy.copy(self)
        found._fence = fence
        return found

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        if self.is_sqlite:
            with self._writer_turn, self._writing() as session:
                yield session
            return
        with self._writing() as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            if self._fence is not None:
                self._fence.before_write(session)
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One view; writing in it is refused by the database."""
        with Session(self._reader, expire_on_commit=False) as session:
            if self._fence is not None:
                self._fence.before_read(session)
            yield session
            session.expunge_all()  # what was read stays usable after the view is closed
            session.commit()  # of nothing: upon a ROLLBACK psycopg forgets every statement it has prepared

    def close(self) -> None:
        """Give all connections back; one that a thread still holds is closed as soon as that thread returns it."""
        for engine in (self._writer, self._reader):
            event.listen(engine.pool, "checkin", _close_returned)  # or it would lie open in a pool nobody knows
            engine.dispose()


def _close_returned(_connection: object, entry: ConnectionPoolEntry) -> None:
    entry.close()


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
        _write_ahead(cursor)
        for pragma in (
            f"synchronous={'FULL' if fsync else 'OFF'}",
            f"busy_timeout={_BUSY_TIMEOUT_MS}",
            "foreign_keys=ON",
            "cache_size=-8000",
            *(("query_only=ON",) if read_only else ()),
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes later cannot get the lock under plain BEGIN once another wrote.
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Let SQLite log ahead. Two processes that begin a new file collide, and for this it does not wait by itself."""
    for tries_left in reversed(range(_BUSY_TIMEOUT_MS // _BUSY_PAUSE_MS)):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if not tries_left:
                raise
            time.sleep(_BUSY_PAUSE_MS / 1000)
        else:
            return


def is_reachable(database: Database) -> str:
    """Return an empty text if the database answers, else what it says."""
    try:
        with database.read() as session:
            session.execute(text("SELECT 1"))
    except OperationalError as error:
        return str(error.orig).strip()
    return ""


def take_turns(session: Session, *names: str) -> None:
    """Let only one transaction at a time go on for each of these names; SQLite's writers take turns anyway.

    Always in the same order, or two who want the same names could wait for each other.
    """
    if names and session.get_bind().dialect.name == "postgresql":
        session.execute(_TURNS, {"names": list(dict.fromkeys(names))})
