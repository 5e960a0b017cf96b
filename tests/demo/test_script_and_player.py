"""The day of the demo city is played whole, in order, and in its own time."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from intake109.demo import script
from intake109.demo.player import Player
from intake109.demo.script import ScriptError
from intake109.demo.standin import UnknownActError, World
from intake109.demo.standin.asked import Asked
from intake109.demo.standin.settlers import settle

CITIZENS = '- {id: asel, name: "Асель Т.", language: kk, telegram: {username: asel_demo, language_code: kk}}\n'
DAY = """
- {id: a, at: "08:00:00", channel: telegram, act: message, citizen: asel, text: "Яма", location: [43.2, 76.9]}
- {at: "08:01:00", channel: telegram, act: button, citizen: asel, button: {text: "Нет, не исправлено", data: "no:1"}}
- {at: "08:02:00", channel: telegram, act: edit, citizen: asel, edit_of: a, text: "Яма!"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small city."""
    (tmp_path / "citizens.yaml").write_text(CITIZENS, encoding="utf-8")
    (tmp_path / "places.yaml").write_text("city: {}\n", encoding="utf-8")
    (tmp_path / "day_1.yaml").write_text(DAY, encoding="utf-8")
    return tmp_path


def test_the_city_that_is_shipped_plays_to_the_end() -> None:
    day = script.read()
    world = World()
    settle(world, Asked({"citizens": day.citizens, "places": day.places}))

    played = Player(day, world.act, wait=lambda _seconds: False).play()

    # Buttons are the product's, and there is no product here.
    assert {step.fields["act"] for step, _reason in played.skipped} <= {"button"}
    assert played.done + len(played.skipped) == len(day.steps)


def test_the_expectation_of_a_step_never_enters_the_world() -> None:
    assert not any("expect" in step.fields for step in script.read().steps)


def test_a_pace_of_sixty_makes_a_second_of_a_minute(folder: Path) -> None:
    waited: list[float] = []

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        return False

    Player(script.read(folder), World().act, pace=60, wait=wait).play()

    assert waited[:2] == [1.0, 1.0]


def test_a_place_written_into_a_message_is_sent_right_after_it(folder: Path) -> None:
    world = World()

    Player(script.read(folder), world.act, wait=lambda _seconds: False).play()

    assert [line["act"] for line in world.ledger()] == ["message", "location", "edit"]


def test_a_press_waits_for_the_button_that_the_product_still_owes(folder: Path) -> None:
    tries: list[str] = []

    def do(fields: Mapping[str, object]) -> Mapping[str, object]:
        tries.append(str(fields["act"]))
        if fields["act"] == "button" and tries.count("button") < 3:
            raise UnknownActError("no such button")
        return {"seq": len(tries)}

    played = Player(script.read(folder), do, wait=lambda _seconds: False).play()

    assert tries == ["message", "location", "button", "button", "edit", "button"]
    assert played.skipped == []


def test_stopping_ends_the_day_between_two_steps(folder: Path) -> None:
    world = World()
    player = Player(script.read(folder), world.act)
    player.stop()

    played = player.play(end=timedelta(hours=9))

    assert played.done == 1


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("{}", "must be a list"),
        ('- {at: "08:00:00", channel: telegram}', "lacks act"),
        ("- {at: 8, channel: telegram, act: start, citizen: asel}", "HH:MM:SS"),
        ('- {at: "08:00:00", channel: telegram, act: edit, citizen: asel, edit_of: x}', "none before it"),
        ("- [", "is no YAML"),
    ],
)
def test_a_script_that_cannot_be_played_is_refused_in_one_readable_line(folder: Path, day: str, words: str) -> None:
    (folder / "day_1.yaml").write_text(day, encoding="utf-8")

    with pytest.raises(ScriptError, match=words):
        script.read(folder)
