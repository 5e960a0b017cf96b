"""The room's own lists: ideas told in several languages, and messages of every sphere."""

from __future__ import annotations

from collections import Counter

import pytest

from intake109.catalogue.services import SPHERES
from intake109.catalogue.text import fold
from intake109.classifier.concepts import concept, concepts
from intake109.classifier.features import Features, prepare
from intake109.classifier.word_lists import word_list


@pytest.mark.parametrize(
    ("first", "second"),
    [("нет света", "жарық жоқ"), ("люк открыт", "lyuk ashyq"), ("когда вывезут мусор", "қашан алып кетеді қоқыс")],
)
def test_one_idea_is_the_same_in_every_language(first: str, second: str) -> None:
    told = set(concepts(prepare(first))), set(concepts(prepare(second)))

    assert told[0] == told[1]


def test_a_longer_beginning_wins() -> None:
    assert concept(fold("жол")) != concept(fold("жолдама"))
    assert concept("зззз") == ""


def test_no_word_stands_for_two_ideas() -> None:
    told = [
        (fold(word.rstrip("=")), word.endswith("=")) for line in word_list("concepts").values() for word in line.split()
    ]

    assert [word for word, count in Counter(told).items() if count > 1] == []


@pytest.mark.parametrize("name", ["alarms", "tellings", "keywords"])
def test_every_sphere_has_its_messages_and_no_other_is_named(name: str) -> None:
    assert set(word_list(name)) == set(SPHERES)


@pytest.mark.parametrize("name", ["alarms", "tellings", "danger_or_calm", "danger_told", "calm_near_danger"])
def test_no_message_is_told_twice(name: str) -> None:
    told = Counter(fold(text) for texts in word_list(name).values() for text in texts)

    assert [text for text, count in told.items() if count > 1] == []


def test_ideas_survive_being_kept() -> None:
    features = Features.fit([prepare("нет света"), prepare("открыт люк")], has_ideas=True)

    restored = Features.restore(*features.state())

    assert (restored.rows(["жарик жок"]) != features.rows(["жарик жок"])).nnz == 0
    assert features.rows([prepare("жарық жоқ")]).nnz > 0


def test_no_message_is_told_both_as_danger_and_as_calm() -> None:
    own = word_list("danger_or_calm")
    told = {
        name: {fold(text) for texts in word_list(name).values() for text in texts}
        for name in ("alarms", "tellings", "danger_told", "calm_near_danger")
    }

    danger = {*map(fold, own["danger"])} | told["alarms"] | told["danger_told"]
    calm = {*map(fold, own["calm"])} | told["tellings"] | told["calm_near_danger"]

    assert not danger & calm
