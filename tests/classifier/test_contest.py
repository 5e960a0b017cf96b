"""Champion against challenger: what is held out, and what better means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import pytest

from intake109.classifier.contest import FEWEST, Why, decide, held_out
from intake109.classifier.examples import Example
from intake109.model import IncidentSign, Kind, Language, Place, ServiceGuess, Verdict
from tests.city import ZONE
from tests.conftest import NOON

HOUR = timedelta(hours=1)


class Parrot:
    """Says of a text what it was told to say; `danger` are the texts it takes for incidents."""

    def __init__(self, codes: Mapping[str, str], *, danger: Sequence[str] = (), kind: Kind = Kind.APPEAL) -> None:
        self._codes = codes
        self._danger = danger
        self._kind = kind

    def classify_many(self, texts: Sequence[str]) -> list[Verdict]:
        return [self._verdict(text) for text in texts]

    def _verdict(self, text: str) -> Verdict:
        code = self._codes.get(text, "NONE-001")
        services = (ServiceGuess(code, code[:4], 0.8),)
        sign = IncidentSign(text in self._danger, 1.0 if text in self._danger else 0.0)
        return Verdict(self._kind, 0.9, 0.9, services, sign, Language.RU, Place(), text)


def decided(count: int, *, until: datetime = NOON, every: timedelta = HOUR) -> list[Example]:
    return [
        Example(f"текст {number}", "appeal", "ROAD-001", "ROAD", False, until - (count - number) * every)
        for number in range(count)
    ]


def day_of(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def test_whole_newest_days_are_held_out() -> None:
    decisions = decided(1000)

    learnt, test = held_out(decisions, None, day_of)

    first = test[0].decided_at
    assert first is not None
    assert first.astimezone(ZONE).hour == 0
    assert learnt + test == decisions
    assert 200 <= len(test) <= 224


def test_only_what_the_champion_has_not_learnt_is_held_out() -> None:
    decisions = decided(1000)
    seen_until = decisions[699].decided_at

    _, test = held_out(decisions, seen_until, day_of)

    assert test
    assert all(one.decided_at and seen_until and one.decided_at > seen_until for one in test)
    assert len(test) <= 150


def test_a_day_too_large_is_cut() -> None:
    decisions = decided(600, every=timedelta(seconds=10))

    learnt, test = held_out(decisions, None, day_of)

    assert (len(learnt), len(test)) == (480, 120)


def test_nothing_is_held_out_of_too_few() -> None:
    decisions = decided(2 * FEWEST - 1)

    assert held_out(decisions, None, day_of) == (decisions, [])


def test_copies_of_what_is_learnt_are_not_held_out() -> None:
    decisions = decided(300)
    copy = Example("Текст 0", "appeal", "ROAD-001", "ROAD", False, NOON)

    learnt, test = held_out([*decisions, copy], None, day_of)

    assert copy not in test
    assert decisions[0] in learnt


@pytest.mark.parametrize(
    ("right_before", "right_after", "why"),
    [(50, 70, Why.BETTER), (50, 50, Why.NOT_BETTER), (70, 50, Why.NOT_BETTER)],
)
def test_the_challenger_must_be_right_more_often(right_before: int, right_after: int, why: Why) -> None:
    test = decided(100)
    champion = Parrot({one.text: "ROAD-001" for one in test[:right_before]})
    challenger = Parrot({one.text: "ROAD-001" for one in test[:right_after]})

    ruling = decide(champion, challenger, test)

    assert ruling.why is why
    assert (ruling.champion.first, ruling.challenger.first) == (right_before / 100, right_after / 100)


def test_luck_is_not_better() -> None:
    test = decided(100)
    champion = Parrot({one.text: "ROAD-001" for one in test[:50]})
    challenger = Parrot({one.text: "ROAD-001" for one in test[10:61]})

    ruling = decide(champion, challenger, test)

    assert (ruling.won, ruling.lost, ruling.why) == (11, 10, Why.NOT_BETTER)


def test_who_misses_an_incident_more_does_not_serve_however_right_otherwise() -> None:
    test = [*decided(99), Example("люк", "appeal", "ROAD-001", "ROAD", True, NOON)]
    champion = Parrot({}, danger=["люк"])
    challenger = Parrot({one.text: "ROAD-001" for one in test})

    ruling = decide(champion, challenger, test)

    assert ruling.why is Why.INCIDENTS_MISSED
    assert (ruling.champion.incident_recall, ruling.challenger.incident_recall) == (1.0, 0.0)


def test_who_takes_appeals_for_chat_does_not_serve() -> None:
    test = decided(100)

    ruling = decide(Parrot({}), Parrot({one.text: "ROAD-001" for one in test}, kind=Kind.CHAT), test)

    assert ruling.why is Why.KIND_WORSE
