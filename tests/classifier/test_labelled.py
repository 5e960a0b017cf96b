"""The classifier of a centre's own labels."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from intake109.classifier import regression
from intake109.classifier.evaluation import score
from intake109.classifier.labelled import LabelsError, train

WORDS = {
    "roads": "яма выбоина асфальт дорога бордюр колея",
    "light": "фонарь свет лампа столб темно провод",
    "water": "вода кран труба напор течь колодец",
    "pets": "собака кошка стая лай щенки отлов",
}


def _history(count: int, seed: int) -> tuple[list[str], list[str]]:
    """Return texts of a word of their own label, one of any and a number; the first label is the most frequent."""
    chance = np.random.default_rng(seed)
    labels = [str(label) for label in chance.choice(list(WORDS), count, p=[0.6, 0.2, 0.15, 0.05])]
    anything = " ".join(WORDS.values()).split()
    texts = [
        f"{chance.choice(WORDS[label].split())} {chance.choice(anything)} {chance.integers(999)}" for label in labels
    ]
    return texts, labels


def test_labels_are_learnt_and_their_probabilities_are_honest() -> None:
    texts, labels = _history(1200, seed=1)
    test, truths = _history(600, seed=2)

    told = score(truths, train(texts, labels).suggest(test))

    assert told.accuracy > 0.75
    assert told.top3 > 0.95
    assert told.macro_f1 > 0.65
    assert told.calibration_error < 0.12


def test_the_same_history_gives_the_same_suggestions() -> None:
    texts, labels = _history(300, seed=3)

    first, second = (train(texts, labels).suggest(texts[:50]) for _ in range(2))

    assert first == second


def test_suggestions_are_probabilities_of_different_labels() -> None:
    texts, labels = _history(100, seed=4)

    (told,) = train(texts, labels).suggest(["яма и собака"])

    assert sorted(label for label, _ in told) == sorted(WORDS)
    assert sum(probability for _, probability in told) == pytest.approx(1, abs=1e-4)


def test_a_text_without_words_is_given_a_frequent_label() -> None:
    texts, labels = _history(300, seed=5)

    (told,) = train(texts, labels).suggest(["…"])

    assert told[0][0] == "roads"


def test_no_texts_bring_no_suggestions() -> None:
    assert train(["яма", "свет"], ["roads", "light"]).suggest([]) == []


def test_progress_tells_of_calibration_and_of_learning() -> None:
    texts, labels = _history(400, seed=6)
    heard: list[tuple[str, float]] = []

    train(texts, labels, lambda what, share: heard.append((what, share)))

    assert [what for what, share in heard if share == 1.0] == ["reading", "calibration", "learning"]


@pytest.mark.parametrize(
    ("texts", "labels", "says"),
    [([], [], "0 different labels"), (["яма"], ["roads"], "1 different"), (["…", "!"], ["a", "b"], "no words")],
)
def test_nothing_to_learn_from_is_said(texts: list[str], labels: list[str], says: str) -> None:
    with pytest.raises(LabelsError, match=says):
        train(texts, labels)


def test_what_a_label_is_called_speaks_for_it() -> None:
    texts, labels = _history(300, seed=7)
    texts, labels = [*texts, "во дворе номер 5", "у дома 7"], [*labels, "Скамейка сломана", "Скамейка сломана"]

    (told,) = train(texts, labels).suggest(["поломали скамейку"])

    assert told[0][0] == "Скамейка сломана"


def test_numbers_as_labels_have_no_words_to_learn() -> None:
    texts, labels = _history(100, seed=8)
    numbers = {label: str(number) for number, label in enumerate(WORDS)}

    told = train(texts, [numbers[label] for label in labels]).suggest(["0 1 2 3"])

    assert sorted(label for label, _ in told[0]) == ["0", "1", "2", "3"]
    assert told[0][0][0] == numbers["roads"]


def test_a_row_told_often_counts_more() -> None:
    rows = sp.csr_matrix(np.ones((2, 1), np.float32))
    lesson = regression.Lesson(rows, np.array([0, 1]), np.array([1, 9], np.float32), 2)

    weights, offsets = regression.fit(lesson, lambda _share: None)

    scores = weights[0] + offsets
    assert scores[1] - scores[0] > 1
