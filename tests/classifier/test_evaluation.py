"""The figures that decide over a model are right to the digit."""

from __future__ import annotations

import pytest

from intake109.classifier.evaluation import alarms, by_sphere, score


def test_suggestions_are_scored_by_rank_label_and_honesty() -> None:
    truths = ["a", "a", "b", "c"]
    suggestions = [
        [("a", 0.9), ("b", 0.1)],
        [("b", 0.5), ("c", 0.3), ("a", 0.2)],
        [("b", 0.7)],
        [],
    ]

    scores = score(truths, suggestions)

    assert (scores.count, scores.accuracy, scores.top3, scores.unsure) == (4, 0.5, 0.75, 0.25)
    assert scores.macro_f1 == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)
    assert scores.weighted_f1 == pytest.approx((2 * 2 / 3 + 2 / 3 + 0) / 4)
    assert scores.calibration_error == pytest.approx((0.1 + 0.5 + 0.3) / 4)


def test_nothing_to_score_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="0 truths"):
        score([], [])


def test_alarms_count_what_was_missed_and_what_was_false() -> None:
    told = alarms([True, True, False, False], [True, False, True, False])

    assert (told.recall, told.precision) == (0.5, 0.5)
    assert alarms([False], [False]).precision == 1.0


def test_services_of_one_sphere_add_up() -> None:
    assert by_sphere([("roads", 0.25), ("yards", 0.25), ("roads", 0.125)]) == [("roads", 0.375), ("yards", 0.25)]
