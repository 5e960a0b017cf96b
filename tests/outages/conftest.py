"""A neighbourhood on each database."""

from __future__ import annotations

import pytest

from intake109.clock import MovedClock
from intake109.store.database import Database
from tests.outages.neighbourhood import Neighbourhood


@pytest.fixture
def quarter(database: Database, clock: MovedClock) -> Neighbourhood:
    return Neighbourhood(database, clock)
