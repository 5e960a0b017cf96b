"""Bring a database to the schema this program needs. The same migrations serve SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from intake109.store.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"


def config(database: Database) -> Config:
    """Return Alembic's configuration for a database."""
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(_FOLDER))
    found.set_main_option("path_separator", "os")
    found.attributes["engine"] = database.engine
    return found


def upgrade(database: Database) -> None:
    """Run the missing migrations. Processes that start together take turns."""
    from alembic import command

    command.upgrade(config(database), "head")


def missing(database: Database) -> list[str]:
    """Return the ids of migrations this database has not seen, oldest first; empty when it is up to date."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(config(database))
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
    todo = []
    for revision in script.walk_revisions():
        if revision.revision == current:
            break
        todo.append(revision.revision)
    return todo[::-1]
