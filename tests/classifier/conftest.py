from __future__ import annotations

import pytest

from intake109.classifier.classifier import Classifier, train
from tests.classifier.examples import small_catalogue


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    return train(small_catalogue())
