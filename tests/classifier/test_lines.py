"""The classifier on a pipe."""

from __future__ import annotations

import json

import pytest

from intake109.classifier.classifier import Classifier
from intake109.classifier.lines import classify_lines
from intake109.errors import PayloadError
from tests.classifier.examples import small_catalogue


def test_lines_and_json_lines_are_answered_in_order(classifier: Classifier) -> None:
    catalogue = small_catalogue()

    answers = [
        json.loads(line) for line in classify_lines(classifier, catalogue, ["яма на дороге\n", '{"text": ""}\n'])
    ]

    assert [answer["kind"] for answer in answers] == ["appeal", "appeal"]
    assert answers[0]["services"][0]["sphere"] == "roads"
    assert set(answers[0]) == {"kind", "kind_probability", "services", "incident", "language", "place"}


def test_the_first_service_says_which_words_spoke_for_it_when_asked(classifier: Classifier) -> None:
    catalogue = small_catalogue()

    (line,) = classify_lines(classifier, catalogue, ["большая яма на дороге"], explain=True)

    first, *others = json.loads(line)["services"]
    assert "яма" in first["because"]
    assert "на" not in first["because"]
    assert all("because" not in other for other in others)


@pytest.mark.parametrize("line", ["{", '{"words": 1}', '{"text": 1}'])
def test_a_broken_line_is_named_after_what_stood_before_it_is_answered(classifier: Classifier, line: str) -> None:
    catalogue = small_catalogue()

    answers = classify_lines(classifier, catalogue, ["яма\n", line])

    assert json.loads(next(answers))["kind"] == "appeal"
    with pytest.raises(PayloadError, match="line 2"):
        next(answers)
