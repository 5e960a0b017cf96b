"""Databases that need not work out anew how every statement is said: that is half of what a short test would take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.engine import Dialect, Engine

from intake109.store.database import Database

_SPOKEN: dict[str, Dialect] = {}
_SAID: dict[Any, Any] = {}


def practised(url: str) -> Database:
    """Open a database that says a statement as the one before it did, as a process does that has run for an hour.

    SQLAlchemy keeps what it has compiled by engine and dialect, and every test has engines of its own. Connections,
    pools and listeners stay each database's own.
    """
    database = Database(url, fsync=False)
    with database.write() as writing, database.read() as reading:
        engines = [session.get_bind() for session in (writing, reading)]
    for engine in engines:
        assert isinstance(engine, Engine)
        engine.dialect = _spoken_by(engine)
        engine.update_execution_options(compiled_cache=_SAID)
    return database


def copy_of(template: Path, path: Path) -> Database:
    """Open a new SQLite database with the newest schema."""
    path.write_bytes(template.read_bytes())
    return practised(f"sqlite:///{path}")


def _spoken_by(engine: Engine) -> Dialect:
    """Return the dialect of the first engine of this kind, after it has met its server."""
    if engine.name not in _SPOKEN:
        engine.connect().close()
        _SPOKEN[engine.name] = engine.dialect
    return _SPOKEN[engine.name]
