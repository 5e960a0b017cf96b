"""From the catalogue alone, a text gets a verdict; what is learnt is kept, and a damaged file is learnt anew."""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake109.classifier.classifier import Classifier, load_or_train, version_of
from intake109.classifier.storage import ModelFileError, restore
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


@dataclass(frozen=True, slots=True)
class Kept:
    """A classifier that was trained into an empty folder, and what it told meanwhile."""

    folder: Path
    classifier: Classifier
    told: list[tuple[str, float]]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("models")
    told: list[tuple[str, float]] = []
    return Kept(folder, load_or_train(small_catalogue(), folder, lambda *step: told.append(step)), told)


def test_training_tells_how_far_it_is(kept: Kept) -> None:
    shares = [share for _, share in kept.told]

    assert shares == sorted(shares)
    assert (len(shares) > 5, shares[-1]) == (True, 1.0)


def test_what_was_learnt_is_kept_and_says_the_same(kept: Kept) -> None:
    told: list[str] = []

    again = load_or_train(small_catalogue(), kept.folder, lambda what, _share: told.append(what))

    first = kept.classifier.classify("мусор не вывозят").services
    services = again.classify("мусор не вывозят").services
    assert told == [], "the second time nothing is trained"
    assert [guess.code for guess in services] == [guess.code for guess in first]
    assert services[0].probability == pytest.approx(first[0].probability, abs=0.01)


def test_what_is_kept_says_the_same_as_what_was_trained(classifier: Classifier, kept: Kept) -> None:
    trained, read = (one.classify("мусор не вывозят").services for one in (classifier, kept.classifier))

    assert [guess.code for guess in read] == [guess.code for guess in trained]
    assert read[0].probability == pytest.approx(trained[0].probability, abs=0.01)


def test_nothing_but_whole_files_is_left_behind(kept: Kept) -> None:
    assert [path.suffix for path in kept.folder.iterdir()] == [".npz"]


@pytest.mark.parametrize("damage", [b"", b"not a model", b"PK\x03\x04 torn"])
def test_a_damaged_file_is_not_read(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "catalogue.npz"
    path.write_bytes(damage)

    with pytest.raises(ModelFileError, match=r"catalogue\.npz"):
        restore(path)


def test_a_file_of_another_lesson_is_not_used_and_a_damaged_one_is_trained_anew(kept: Kept, tmp_path: Path) -> None:
    other = replace(small_catalogue(), lesson="another")
    for path in kept.folder.glob("*.npz"):
        shutil.copy(path, tmp_path)
    damaged = tmp_path / f"catalogue-{version_of(other)}.npz"
    damaged.write_bytes(b"PK\x03\x04 torn")

    classifier = load_or_train(other, tmp_path)

    assert classifier.version == version_of(other)
    assert classifier.classify("яма на дороге").services[0].code == "ROAD-001"
    assert damaged.stat().st_size > 1000
    assert len(list(tmp_path.iterdir())) == 2


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
