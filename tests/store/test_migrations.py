"""The same migrations bring either database to the schema of this program."""

from __future__ import annotations

import subprocess
import sys

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from intake109.clock import MovedClock
from intake109.store import migrate
from intake109.store.database import Database
from intake109.store.tables import METADATA, ReporterRow, WordRow
from tests.appeals.cases import registered
from tests.appeals.voices import answered, say
from tests.conftest import NOON
from tests.desk import MINUTE, Desk


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


def test_what_citizens_said_before_there_was_a_place_for_it_is_found_in_the_audit(bare_database: Database) -> None:
    migrate.upgrade(bare_database)
    desk = Desk(bare_database, MovedClock(NOON))
    number = registered(desk)
    answered(desk, number)
    say(desk, 1, is_solved=False)
    desk.clock.advance(MINUTE)
    answered(desk, number, "Яма заделана ещё раз 19 ноября")
    desk.clock.advance(MINUTE)
    say(desk, 1, is_solved=True)
    before = [row.model_dump() for row in desk.rows(WordRow)]

    command.downgrade(migrate.config(bare_database), "0022")
    migrate.upgrade(bare_database)

    assert [row.model_dump() for row in desk.rows(WordRow)] == before
    assert [(row["round"], row["said"]) for row in before] == [(1, "no"), (2, "yes")]
    assert [row.asked_of for row in desk.rows(ReporterRow)] == [1]
