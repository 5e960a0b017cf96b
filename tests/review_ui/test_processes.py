"""The health page tells which processes there are and who of them is elected; on SQLite there is only one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from intake109.clock import MovedClock, SystemClock
from intake109.store import leases, processes
from intake109.store.database import Database
from intake109.store.processes import Me
from tests.review_ui.office import empty_database, open_office

WORKERS = [Me(f"depot:{pid}:x", "worker", "depot", pid) for pid in (11, 12)]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_health_page_names_the_elected_and_warns_of_folders_apart(database: Database, tmp_path: Path) -> None:
    office = open_office(database, MovedClock(SystemClock().now()), tmp_path)
    desk = office.desk("administrator")
    nobody = desk.get("/health")
    with database.write() as session:
        for me in WORKERS:
            processes.seen(session, me, "one folder")
        leases.take(session, leases.SCHEDULER, WORKERS[1].id, timedelta(seconds=10))
    good = desk.get("/health")
    with database.write() as session:
        processes.seen(session, WORKERS[0], "another folder")

    apart, figures = desk.get("/health"), desk.get("/metrics")

    assert "Каналы никто не опрашивает" in nobody
    assert "Каналы никто не опрашивает" not in good
    assert good.count("выбран: опрашивает каналы") == 1
    assert good.index("depot:11") < good.index("depot:12") < good.index("выбран")
    assert 'intake109_processes{role="worker"} 2.0' in figures
    assert "intake109_elected 1.0" in figures
    assert "intake109_folders 2.0" in figures
    assert ("разные папки" in good, "разные папки" in apart) == (False, True)


def test_on_sqlite_the_page_says_nothing_of_processes(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> None:
    database = empty_database(sqlite_template, tmp_path)
    page = open_office(database, clock, tmp_path).desk("administrator").get("/health")
    database.close()

    assert "Процессы" not in page
