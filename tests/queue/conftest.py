"""A desk on each database, and who keeps its promise."""

from __future__ import annotations

import pytest

from intake109.clock import MovedClock
from intake109.store.database import Database
from tests.desk import Desk
from tests.promise import Keeper


@pytest.fixture
def desk(database: Database, clock: MovedClock) -> Desk:
    return Desk(database, clock)


@pytest.fixture
def keeper(desk: Desk, clock: MovedClock) -> Keeper:
    return Keeper(desk.database, clock)
