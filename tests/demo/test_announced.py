"""The demo city has an announced outage whose citizens ask about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake109.bootstrap import House, build
from intake109.classifier.place.places import Places
from intake109.clock import MovedClock
from intake109.config import City, Config, Storage
from intake109.demo.announced import announce
from intake109.demo.script import read
from intake109.outages.matching import Asked, Phase, doubt_of, phase
from intake109.store import outages
from tests.city import hire
from tests.outages.neighbourhood import CityJudge

GAZETTEER = Path(__file__).parents[2] / "intake109" / "demo" / "city" / "gazetteer.csv"


@pytest.fixture
def house(tmp_path: Path, clock: MovedClock) -> Iterator[House]:
    config = Config(city=City(gazetteer=GAZETTEER), storage=Storage(folder=tmp_path, fsync=False))
    found = build(config, clock=clock, judge=CityJudge())
    hire(found.database, clock, "supervisor", "supervisor")
    yield found
    found.close()


def test_it_is_entered_once_and_explains_messages_of_the_script(house: House, clock: MovedClock) -> None:
    announce(house)
    announce(house)

    with house.database.read() as session:
        (row,) = outages.running(session, clock.now(), 9)
        places = outages.places(session, [row.id or 0])[row.id or 0]
    find = Places(house.gazetteer).find
    said = [find(str(step.fields.get("text", ""))) for step in read().steps]
    explained = [
        place
        for place in said
        if doubt_of(
            Asked({"HEAT-024": 0.9}, "HEAT-024", place.street_key, place.district_key, place.house), row, places
        )
        == ""
    ]
    assert phase(row, house.config.outages, clock.now()) is Phase.NOW
    assert len(explained) >= 2
