"""The demo city's gazetteer is one a centre could copy: it is sound, and it knows what the demo's citizens talk of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intake109 import config as configuration
from intake109.classifier.place.gazetteer import Gazetteer, read
from intake109.classifier.place.places import Places
from intake109.demo import script
from intake109.demo.show import config_text, secrets_of

_ADDRESSES = {
    "bot_token": "1:x", "whatsapp_token": "x", "app_secret": "x", "verify_token": "x", "instagram_token": "x",
    "phone_number_id": "1", "instagram_id": "1", "instagram_username": "city109",
}  # fmt: skip


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    path: Path = tmp_path_factory.mktemp("demo") / "config.yaml"
    text = config_text(path.parent, 8109, "http://127.0.0.1:8110", _ADDRESSES)
    path.write_text(json.dumps(json.loads(text)), encoding="utf-8")
    return read(configuration.load(path, secrets_of(_ADDRESSES)).city.gazetteer)


def test_the_demo_knows_every_kind_of_place(gazetteer: Gazetteer) -> None:
    assert list(gazetteer.counts()) == ["street", "microdistrict", "village", "landmark"]


def test_every_street_and_district_of_the_demo_is_known_by_its_name_alone(gazetteer: Gazetteer) -> None:
    places, city = Places(gazetteer), script.read().places["city"]
    assert isinstance(city, dict)
    canonical = {one.canonical for one in gazetteer.names}

    streets = {name: places.find(f"{name} 5").street for name in city["streets"]}
    districts = {name: places.find(f"{name}, 5").district for name in city["microdistricts"]}

    assert {name: found for name, found in (streets | districts).items() if found not in canonical} == {}


def test_a_street_renamed_in_the_demo_is_one_street(gazetteer: Gazetteer) -> None:
    places = Places(gazetteer)

    assert places.find("Ленина 5").key == places.find("Бұқар жырау көшесі, 5 үй").key
