"""Kill −9 at any point loses nothing and doubles nothing. `python -m tests.crash` does it 200 times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake109.store.database import Database
from tests.crash.harness import Harness, Outcome
from tests.crash.keeper import Keeper

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def keeper() -> Iterator[Keeper]:
    with Keeper() as running:
        yield running


def missed(outcome: Outcome) -> list[str]:
    return [death.point.name for death in outcome.deaths if not death.is_hit]


def test_told_to_stop_it_finishes_what_it_does_and_ends(tmp_path: Path, keeper: Keeper) -> None:
    outcome = Harness(tmp_path, 1, keeper).run(kills=0)

    assert outcome.reckoning.problems == ()


def test_killed_eight_times_on_sqlite_it_loses_and_doubles_nothing(tmp_path: Path, keeper: Keeper) -> None:
    outcome = Harness(tmp_path, 109, keeper).run(kills=8)

    assert missed(outcome) == []
    assert outcome.reckoning.problems == ()
    assert outcome.reckoning.automatic > 0, "nothing was left for the machine to register"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_killed_three_times_on_postgresql_it_loses_and_doubles_nothing(
    tmp_path: Path, keeper: Keeper, database: Database
) -> None:
    url = database.url.render_as_string(hide_password=False)

    outcome = Harness(tmp_path, 110, keeper, url).run(kills=3)

    assert missed(outcome) == []
    assert outcome.reckoning.problems == ()
