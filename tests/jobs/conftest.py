"""Threads for jobs, given back after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from intake109.jobs.loop import Threads


@pytest.fixture
def threads() -> Iterator[Threads]:
    found = Threads()
    yield found
    found.close()
