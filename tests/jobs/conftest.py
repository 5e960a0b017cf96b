"""Threads for jobs, given back after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from intake109.classifier.classifier import Classifier, train
from intake109.jobs.loop import Threads
from tests.classifier.examples import small_catalogue


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    """A classifier of six services."""
    return train(small_catalogue())


@pytest.fixture
def threads() -> Iterator[Threads]:
    found = Threads()
    yield found
    found.close()
