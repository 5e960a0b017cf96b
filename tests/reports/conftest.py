"""A desk on either database, for the tests of reports."""

from __future__ import annotations

import pytest

from intake109.clock import MovedClock
from intake109.store.database import Database
from tests.desk import Desk


@pytest.fixture
def desk(database: Database, clock: MovedClock) -> Desk:
    return Desk(database, clock)


@pytest.fixture
def small(sqlite: Database, clock: MovedClock) -> Desk:
    """A desk on SQLite alone, for what does not depend on the kind of database."""
    return Desk(sqlite, clock)
