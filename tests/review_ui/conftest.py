"""The office of the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake109.clock import MovedClock
from tests.review_ui.office import empty_database, open_office
from tests.review_ui.workplace import Workplace


@pytest.fixture
def workplace(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Workplace]:
    database = empty_database(sqlite_template, tmp_path)
    yield Workplace(open_office(database, clock, tmp_path))
    database.close()
