"""From the catalogue alone, a text gets a verdict; what is learnt is kept, and a damaged file is learnt anew."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake109.classifier.classifier import Classifier, load_or_train, train, version_of
from intake109.model import Kind, Language
from tests.classifier.examples import small_catalogue


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("на Гоголя 5 огромная яма", "ROAD-001"),
        ("shunkyr zholda", "ROAD-001"),
        ("мусор неделю не вывозят, баки полные", "WASTE-001"),
        ("қоқыс толып кетті", "WASTE-001"),
        ("батареи ледяные, отопление где", "HEAT-001"),
        ("открытый люк возле школы", "SEWER-001"),
    ],
)
def test_the_service_asked_for_comes_first(classifier: Classifier, text: str, code: str) -> None:
    services = classifier.classify(text).services

    assert services[0].code == code


def test_five_services_are_suggested_and_their_probabilities_belong_together(classifier: Classifier) -> None:
    services = classifier.classify("яма на дороге и мусор не вывозят").services

    assert len({guess.code for guess in services}) == 5
    assert 0.2 < sum(guess.probability for guess in services) <= 1.0001
    assert {"roads", "waste"} <= {guess.sphere for guess in services[:3]}


def test_however_sure_it_is_it_suggests_three_spheres(classifier: Classifier) -> None:
    verdict = classifier.classify("яма на дороге, выбоина, асфальт весь в дырах")

    assert verdict.services[0].sphere == "roads"
    assert len({guess.sphere for guess in verdict.services}) >= 3


def test_a_danger_of_a_sphere_without_dangerous_services_is_an_incident(classifier: Classifier) -> None:
    verdict = classifier.classify("мотоциклист только что упал в яму, лежит, голова в крови")

    assert verdict.incident.flag


def test_codes_and_spheres_are_plain_text_that_can_be_stored(classifier: Classifier) -> None:
    guess = classifier.classify("яма").services[0]

    assert (type(guess.code), type(guess.sphere), type(guess.probability)) == (str, str, float)


@pytest.mark.parametrize("text", ["", "   ", "🙏🙏", "...", "👍"])
def test_a_text_without_words_counts_as_an_appeal_for_a_person(classifier: Classifier, text: str) -> None:
    verdict = classifier.classify(text)

    assert (verdict.kind, verdict.appeal_probability) == (Kind.APPEAL, 1.0)
    assert verdict.services == ()


def test_thanks_are_told_from_appeals(classifier: Classifier) -> None:
    assert classifier.classify("спасибо большое за работу").kind is Kind.THANKS
    assert classifier.classify("яма на дороге, заделайте").kind is Kind.APPEAL


def test_thanks_that_go_on_to_a_problem_are_an_appeal(classifier: Classifier) -> None:
    text = (
        "Спасибо большое за вашу работу, всё сделали хорошо и быстро. А вот мусор не вывозят третий день, баки полные"
    )

    assert classifier.classify(text).kind is Kind.APPEAL


def test_a_rule_makes_an_incident_and_says_by_which_words(classifier: Classifier) -> None:
    text = "Возле садика люк без крышки!"

    sign = classifier.classify(text).incident

    assert sign.flag
    assert "люк" in " ".join(text[span.start : span.end] for span in sign.reasons)


def test_a_mended_manhole_is_no_incident(classifier: Classifier) -> None:
    assert not classifier.classify("Люк закрыли, спасибо большое").incident.flag


def test_many_at_once_say_the_same_as_one_by_one(classifier: Classifier) -> None:
    texts = ["яма на Абая 10", "", "қоқыс алып кетпейді", "спасибо. " * 8 + "батареи холодные, мёрзнем уже неделю"]

    assert [verdict.services for verdict in classifier.classify_many(texts)] == [
        pytest.approx(classifier.classify(text).services) if not text else classifier.classify(text).services
        for text in texts
    ]


def test_no_texts_give_no_verdicts(classifier: Classifier) -> None:
    assert classifier.classify_many([]) == []


def test_the_words_that_spoke_for_a_service_are_told(classifier: Classifier) -> None:
    text = "здравствуйте, у нас батареи холодные"

    words = [text[span.start : span.end] for span in classifier.explain(text, "HEAT-001")]

    assert words[0] in {"батареи", "холодные"}
    assert classifier.explain(text, "NOT-A-SERVICE") == []


def test_a_verdict_holds_language_place_and_version(classifier: Classifier) -> None:
    verdict = classifier.classify("Абай көшесі 10 үйде батарея суық")

    assert verdict.language is Language.KK
    assert verdict.place.house == "10"
    assert verdict.model == version_of(small_catalogue())


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_no_text_whatever_breaks_it(classifier: Classifier, text: str) -> None:
    verdict = classifier.classify(text)

    assert 0 <= verdict.appeal_probability <= 1.0001
    spans = verdict.incident.reasons + verdict.place.spans
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


def test_training_tells_how_far_it_is() -> None:
    steps: list[float] = []

    train(small_catalogue(), lambda _what, share: steps.append(share))

    assert steps == sorted(steps)
    assert steps[-1] == 1.0


def test_what_was_learnt_is_kept_and_says_the_same(tmp_path: Path) -> None:
    told: list[str] = []
    first = load_or_train(small_catalogue(), tmp_path, lambda what, _share: told.append(what))
    steps = len(told)

    again = load_or_train(small_catalogue(), tmp_path, lambda what, _share: told.append(what))

    text = "мусор не вывозят"
    assert steps > 0
    assert len(told) == steps, "the second time nothing is trained"
    assert [g.code for g in again.classify(text).services] == [g.code for g in first.classify(text).services]
    assert again.classify(text).services[0].probability == pytest.approx(
        first.classify(text).services[0].probability, abs=0.01
    )


@pytest.mark.parametrize("damage", [b"", b"not a model", b"PK\x03\x04 torn"])
def test_a_damaged_file_is_trained_anew(tmp_path: Path, damage: bytes) -> None:
    load_or_train(small_catalogue(), tmp_path)
    (path,) = tmp_path.glob("*.npz")
    path.write_bytes(damage)

    classifier = load_or_train(small_catalogue(), tmp_path)

    assert classifier.classify("яма на дороге").services[0].code == "ROAD-001"
    assert path.stat().st_size > 1000


def test_a_catalogue_that_teaches_something_else_is_trained_anew(tmp_path: Path) -> None:
    load_or_train(small_catalogue(), tmp_path)

    load_or_train(replace(small_catalogue(), lesson="another"), tmp_path)

    assert len(list(tmp_path.glob("*.npz"))) == 2


def test_nothing_but_whole_files_is_left_behind(tmp_path: Path) -> None:
    load_or_train(small_catalogue(), tmp_path)

    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]


def test_threads_share_one_classifier(classifier: Classifier) -> None:
    codes: list[str] = []

    def work() -> None:
        codes.extend(classifier.classify("қоқыс алып кетпейді").services[0].code for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert codes == ["WASTE-001"] * 20
