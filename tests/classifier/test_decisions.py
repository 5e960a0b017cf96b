"""What people decided moves the catalogue's model: a little by a few, far by many, never below the rules of danger."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from intake109.classifier.classifier import Classifier
from intake109.classifier.correction import Taught, correct, moved
from intake109.classifier.decided import corrected
from intake109.classifier.examples import NEWEST, Example, told_once
from intake109.classifier.linear import Linear, softmax
from intake109.classifier.training import train_parts
from tests.classifier.examples import small_catalogue

LOCAL = "у Рахата опять кошмар"
"""Words no phrase has: only decisions can say what they mean here."""


def taught(rows: list[list[float]], chosen: list[int]) -> Taught:
    return Taught(sp.csr_matrix(np.array(rows, np.float32)), np.array(chosen), np.ones(len(rows), np.float32))


def learnt(*examples: Example) -> Classifier:
    return Classifier(train_parts(small_catalogue(), None, examples), "learnt")


def test_without_decisions_everything_stays_as_it_was(classifier: Classifier) -> None:
    model = Linear(("a", "b"), sp.csr_matrix(np.eye(2, dtype=np.float32)), np.zeros(2, np.float32))
    none = Taught(sp.csr_matrix((0, 2), dtype=np.float32), np.zeros(0, np.int64), np.zeros(0, np.float32))

    assert correct(model, 4.0, none) == (model, 4.0)
    assert corrected(classifier.parts, small_catalogue(), []) is classifier.parts


def test_a_few_decisions_move_a_model_a_little_and_many_far() -> None:
    model = Linear(("a", "b"), sp.csr_matrix(np.eye(2, dtype=np.float32)), np.zeros(2, np.float32))

    def said(times: int) -> float:
        after = moved(model, 2.0, taught([[1.0, 0.0]] * times, [1] * times))
        return float(softmax(after.scores(sp.csr_matrix(np.array([[1.0, 0.0]], np.float32))), 2.0)[0, 1])

    assert softmax(np.array([[1.0, 0.0]], np.float32), 2.0)[0, 1] < said(1) < said(20)
    assert said(20) > 0.9


def test_decisions_teach_what_words_mean_in_this_city(classifier: Classifier) -> None:
    examples = [Example(f"{LOCAL} {number}", "appeal", "WASTE-001", "waste", False) for number in range(12)]

    before, after = classifier.classify(LOCAL), learnt(*examples).classify(LOCAL)

    assert [guess.code for guess in before.services[:1]] != ["WASTE-001"]
    assert after.services[0].code == "WASTE-001"


def test_a_sphere_alone_teaches_the_sphere() -> None:
    examples = [Example(f"{LOCAL} {number}", "appeal", "", "heating") for number in range(12)]

    after = learnt(*examples).classify(LOCAL)

    assert after.services[0].sphere == "heating"


def test_what_people_dismissed_is_recognised_the_next_time(classifier: Classifier) -> None:
    text = "приглашаем на распродажу ковров"
    examples = [Example(f"{text} {number}", "spam", is_incident=False) for number in range(12)]

    after = learnt(*examples).classify(text)

    assert after.kind == "spam"
    assert after.appeal_probability < classifier.classify(text).appeal_probability


@pytest.mark.parametrize("text", ["открытый люк у школы", "құдықтың аузы ашық тұр"])
def test_no_number_of_decisions_takes_the_rules_floor_away(text: str) -> None:
    examples = [Example(f"{text} {number}", "appeal", "SEWER-002", "sewerage", False) for number in range(20)]

    after = learnt(*examples).classify(text)

    assert after.incident.flag


def test_decisions_raise_danger_the_catalogue_does_not_know(classifier: Classifier) -> None:
    text = "баллон свистит на рынке"
    examples = [Example(f"{text} {number}", "appeal", "SEWER-001", "sewerage", True) for number in range(12)]

    after = learnt(*examples).classify(text)

    assert after.incident.score > classifier.classify(text).incident.score
    assert after.incident.flag


def test_of_copies_the_last_word_counts_and_of_many_the_newest() -> None:
    copies = [Example("Яма!", "appeal", "ROAD-001"), Example("снег", "appeal"), Example("яма", "appeal", "ROAD-002")]
    many = [Example(f"слово{'а' * (number % 7)} {number}", "appeal") for number in range(3)]

    assert [(one.text, one.service) for one in told_once(copies)] == [("снег", ""), ("яма", "ROAD-002")]
    assert told_once([*many, Example("👍", "chat")]) == many
    assert len(told_once(Example(f"текст {number}", "appeal") for number in range(NEWEST + 5))) == NEWEST
