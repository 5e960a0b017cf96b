"""The same migrations bring either database to the schema of this program."""

from __future__ import annotations

import subprocess
import sys

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from intake109.store import migrate
from intake109.store.database import Database
from intake109.store.tables import METADATA


def difference(database: Database) -> list[object]:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = list(compare_metadata(context, METADATA))
        connection.rollback()
    return found


def test_migrating_an_empty_database_gives_exactly_the_tables_of_the_program(bare_database: Database) -> None:
    before = migrate.missing(bare_database)

    migrate.upgrade(bare_database)

    assert before
    assert migrate.missing(bare_database) == []
    assert difference(bare_database) == []


def test_going_down_and_up_again_ends_where_it_began(bare_database: Database) -> None:
    migrate.upgrade(bare_database)

    command.downgrade(migrate.config(bare_database), "base")
    left = set(inspect(bare_database.engine).get_table_names())
    migrate.upgrade(bare_database)

    assert left == {"alembic_version"}
    assert difference(bare_database) == []


def test_processes_that_start_together_migrate_once(bare_database: Database) -> None:
    url = bare_database.url.render_as_string(hide_password=False)

    program = (
        "import sys; from intake109.store import database, migrate; migrate.upgrade(database.Database(sys.argv[1]))"
    )

    started = [subprocess.Popen([sys.executable, "-c", program, url]) for _ in range(2)]

    assert [one.wait(timeout=30) for one in started] == [0, 0]
    assert difference(bare_database) == []
