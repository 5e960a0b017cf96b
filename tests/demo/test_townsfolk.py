"""The demo's people who answer by themselves: what they press, when, and that they leave the rest alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from intake109.demo.standin import UnknownActError
from intake109.demo.townsfolk import Crew, Line, Townsfolk

LINK = "http://127.0.0.1:8109/x/abc.DEF-1_2"


class Street:
    """A city that only remembers: lines to read, and what was done in it."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.done: list[Mapping[str, object]] = []
        self.posted: list[tuple[str, dict[str, str], list[str]]] = []
        self.refuses = False

    def do(self, fields: Mapping[str, object]) -> Mapping[str, object]:
        if self.refuses:
            raise UnknownActError("no such button")
        self.done.append(fields)
        return {}

    def look(self, after: int) -> list[Line]:
        return [line for line in self.lines if int(str(line["seq"])) > after]

    def post(self, address: str, said: dict[str, str], files: dict[str, tuple[str, bytes, str]]) -> None:
        self.posted.append((address, said, list(files)))

    def told(self, citizen: str, text: str = "", number_of_round: int | None = None, thread: str = "private") -> None:
        names = ("yes", "no") if number_of_round is not None else ()
        buttons = [[{"text": name, "data": f"solved:7:{number_of_round}:{name}"} for name in names]]
        self.lines.append(
            {
                "seq": len(self.lines) + 1,
                "direction": "to_citizen",
                "channel": "telegram",
                "citizen": citizen,
                "thread": thread,
                "text": text,
                "buttons": buttons,
            }
        )


def folk(street: Street) -> Townsfolk:
    crew = Crew("lifts", street.post, lambda: date(2026, 11, 22))
    return Townsfolk(street.do, street.look, crew, doubters={"alexey"})


def pressed(street: Street) -> list[object]:
    return [fields["button"] for fields in street.done]


def test_a_doubter_says_no_to_the_first_round_and_yes_to_the_second() -> None:
    street = Street()
    people = folk(street)

    street.told("alexey", number_of_round=1)
    people.step(0)
    people.step(60)
    street.told("alexey", number_of_round=2)
    people.step(61)
    people.step(120)

    assert pressed(street) == [{"data": "solved:7:1:no"}, {"data": "solved:7:2:yes"}]


def test_nobody_presses_before_having_thought_nor_twice() -> None:
    street = Street()
    people = folk(street)
    street.told("alexey", number_of_round=1)

    people.step(0)
    people.step(5)
    early = list(street.done)
    people.step(60)
    people.step(61)

    assert early == []
    assert len(street.done) == 1


def test_a_visitor_answers_without_help() -> None:
    street = Street()
    people = folk(street)

    street.told("guest_1", number_of_round=1)
    street.told("asel", text="Номер 2026-000001")
    people.step(0)
    people.step(60)

    assert street.done == []


def test_a_visitor_who_was_quicker_stops_nobody() -> None:
    street = Street()
    people = folk(street)
    street.told("alexey", number_of_round=1)
    street.refuses = True

    people.step(0)
    people.step(60)

    assert street.done == []


def test_the_crew_takes_what_its_letter_links_to_and_answers_with_day_and_photo() -> None:
    street = Street()
    people = folk(street)

    street.told("lift_crew", text=f"Вам передано обращение.\nОткрыть: {LINK}", thread="lifts")
    people.step(0)
    people.step(15)
    people.step(60)

    (taken, _, _), (answered, said, files) = street.posted
    assert (taken, answered) == (f"{LINK}/take", f"{LINK}/answer")
    assert said["acted_on"] == "2026-11-22"
    assert said["text"]
    assert files == ["files"]


def test_a_link_on_anybody_elses_phone_is_not_opened() -> None:
    street = Street()
    people = folk(street)

    street.told("asel", text=f"Откройте {LINK}")
    people.step(0)
    people.step(90)

    assert street.posted == []
