"""A desk on each database."""

from __future__ import annotations

import pytest

from intake109.clock import MovedClock
from intake109.store.database import Database
from tests.desk import Desk


@pytest.fixture
def desk(database: Database, clock: MovedClock) -> Desk:
    return Desk(database, clock)
