"""The days before a demo: lived with the product's own code, they leave figures, open work and nothing that waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import httpx
import pytest

from intake109 import config as configuration
from intake109.bootstrap import House, build
from intake109.clock import MovedClock
from intake109.demo import life, script
from intake109.demo.life import Remembered
from intake109.demo.past.days import Volume
from intake109.demo.show import config_text, secrets_of
from intake109.demo.standin import City, World
from intake109.demo.standin.people import telegram_user
from intake109.reports import archive, seal
from intake109.store import tasks
from tests.city import RuleJudge

NOW = datetime(2026, 11, 18, 3, tzinfo=UTC)
YESTERDAY = date(2026, 11, 17)
FEW = Volume(days=0, quiet=0.0, yesterday=0.035, today=0.01)


@dataclass(frozen=True, slots=True)
class Lived:
    """A house after its last days."""

    house: House
    left: Remembered


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """A house of the demo city, after few days with little to do: living them takes seconds."""
    folder = tmp_path_factory.mktemp("past")
    addresses = World().addresses()
    path = folder / "config.yaml"
    path.write_text(config_text(folder, 8109, "http://127.0.0.1:8110", addresses), encoding="utf-8")
    config = configuration.load(path, secrets_of(addresses))
    house = build(config, clock=MovedClock(NOW), judge=RuleJudge())
    yield Lived(house, _live(house))
    house.close()


def _live(house: House) -> Remembered:
    return life.live_through(house.config, house, script.read(), lambda _what, _share: None, FEW)


def test_yesterday_is_sealed_with_something_under_every_heading_and_nothing_waits(lived: Lived) -> None:
    with lived.house.database.read() as session:
        found = archive.sealed(session, YESTERDAY.isoformat())
        faults = list(seal.verify(session))
        waiting = tasks.counts(session, NOW)["queue"]

    assert found is not None
    figures, _ = found
    assert (faults, waiting) == ([], 0)
    assert figures.flow.mentions > 10
    assert figures.kept.by_person > 0
    assert figures.kept.by_machine > 0
    assert {one.channel for one in figures.lateness.blind} == {"telegram", "whatsapp", "instagram"}
    assert figures.course.answered > 0
    assert figures.executors
    assert figures.staff.work


def test_what_stands_on_the_phones_was_written_by_citizens_of_the_city_and_to_them(lived: Lived) -> None:
    known = {str(one["id"]) for one in script.read().citizens}

    told = {str(line["citizen"]) for line in lived.left.lines}

    assert told
    assert told <= known - {"lift_crew", "shift_109"}
    assert {line["direction"] for line in lived.left.lines} == {"from_citizen", "to_citizen"}


def test_the_last_danger_is_left_to_the_executors_of_the_demos_day(lived: Lived) -> None:
    assert any(one["is_incident"] for one in lived.left.with_registry)


def test_a_database_on_which_somebody_has_worked_is_only_remembered(lived: Lived) -> None:
    assert _live(lived.house) == lived.left


def test_a_citizen_of_the_last_days_may_be_written_to_and_presses_what_was_asked_then(city: City) -> None:
    asked = [{"text": "Да", "data": "solved:7:1:yes"}]
    lines = [_line("from_citizen", "Яма"), _line("to_citizen", "Решено?") | {"buttons": asked}]

    httpx.post(f"{city.url}/_city/past", json={"lines": lines}, trust_env=False).raise_for_status()

    city.act(channel="telegram", act="button", citizen="asel", button={"data": "solved:7:1:yes"})
    sent = httpx.post(
        f"{city.url}/bot{city.world.ground.centre.bot_token}/sendMessage",
        json={"chat_id": telegram_user("asel", None, "kk").user_id, "text": "Рахмет"},
        trust_env=False,
    )
    assert sent.status_code == httpx.codes.OK


def _line(direction: str, text: str) -> dict[str, object]:
    at = "2026-11-17T09:00:00+00:00"
    return {
        "at": at,
        "direction": direction,
        "channel": "telegram",
        "citizen": "asel",
        "key": f"1:{len(text)}",
        "text": text,
    }
