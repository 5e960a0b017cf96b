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
OF_A_SPHERE = "на Ржавке снова беда"
SALE = "приглашаем на распродажу ковров"
BALLOON = "баллон свистит на рынке"
OPEN_MANHOLES = ("открытый люк у школы", "құдықтың аузы ашық тұр")


def taught(rows: list[list[float]], chosen: list[int]) -> Taught:
    return Taught(sp.csr_matrix(np.array(rows, np.float32)), np.array(chosen), np.ones(len(rows), np.float32))


def told(text: str, kind: str, service: str, sphere: str, is_incident: bool | None, times: int = 12) -> list[Example]:
    return [Example(f"{text} {number}", kind, service, sphere, is_incident) for number in range(times)]


@pytest.fixture(scope="module")
def learnt() -> Classifier:
    """What the catalogue teaches, and people who decided several things of the city."""
    decisions = [
        *told(LOCAL, "appeal", "WASTE-001", "waste", False),
        *told(OF_A_SPHERE, "appeal", "", "heating", None),
        *told(SALE, "spam", "", "", False),
        *told(BALLOON, "appeal", "SEWER-001", "sewerage", True),
        *(one for text in OPEN_MANHOLES for one in told(text, "appeal", "SEWER-002", "sewerage", False, times=20)),
    ]
    return Classifier(train_parts(small_catalogue(), None, decisions), "learnt")


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


def test_decisions_teach_what_words_mean_in_this_city(classifier: Classifier, learnt: Classifier) -> None:
    before, after = classifier.classify(LOCAL), learnt.classify(LOCAL)

    assert [guess.code for guess in before.services[:1]] != ["WASTE-001"]
    assert after.services[0].code == "WASTE-001"


def test_a_sphere_alone_teaches_the_sphere(classifier: Classifier, learnt: Classifier) -> None:
    before, after = classifier.classify(OF_A_SPHERE), learnt.classify(OF_A_SPHERE)

    assert before.services[0].sphere != "heating"
    assert after.services[0].sphere == "heating"


def test_decisions_that_name_no_service_leave_the_services_among_themselves(classifier: Classifier) -> None:
    examples = told("у Сауле в подъезде лёд", "appeal", "", "heating", None)

    after = Classifier(corrected(classifier.parts, small_catalogue(), examples), "corrected")

    assert after.classify("у Сауле в подъезде лёд").services[0].sphere == "heating"
    assert (after.parts.services.services.weights != classifier.parts.services.services.weights).nnz == 0


def test_what_people_dismissed_is_recognised_the_next_time(classifier: Classifier, learnt: Classifier) -> None:
    after = learnt.classify(SALE)

    assert after.kind == "spam"
    assert after.appeal_probability < classifier.classify(SALE).appeal_probability


@pytest.mark.parametrize("text", OPEN_MANHOLES)
def test_no_number_of_decisions_takes_the_rules_floor_away(learnt: Classifier, text: str) -> None:
    assert learnt.classify(text).incident.flag


def test_decisions_raise_danger_the_catalogue_does_not_know(classifier: Classifier, learnt: Classifier) -> None:
    after = learnt.classify(BALLOON)

    assert after.incident.score > classifier.classify(BALLOON).incident.score
    assert after.incident.flag


def test_of_copies_the_last_word_counts_and_of_many_the_newest() -> None:
    copies = [Example("Яма!", "appeal", "ROAD-001"), Example("снег", "appeal"), Example("яма", "appeal", "ROAD-002")]
    many = [Example(f"слово{'а' * (number % 7)} {number}", "appeal") for number in range(3)]

    assert [(one.text, one.service) for one in told_once(copies)] == [("снег", ""), ("яма", "ROAD-002")]
    assert told_once([*many, Example("👍", "chat")]) == many
    assert len(told_once(Example(f"текст {number}", "appeal") for number in range(NEWEST + 5))) == NEWEST
