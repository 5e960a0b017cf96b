"""Words typed as they are heard are read as meant; words that only resemble others stay what they are."""

from __future__ import annotations

import pytest

from intake109.classifier.features import Features, prepare
from intake109.classifier.sounds import Sounds

_KNOWN = ("газом", "пахнет", "открыт", "крыша", "тесик", "стена")


@pytest.fixture(scope="module")
def sounds() -> Sounds:
    return Sounds(_KNOWN)


@pytest.mark.parametrize(
    ("typed", "meant"), [("гасом", "газом"), ("газам", "газом"), ("пахнит", "пахнет"), ("аткрыт", "открыт")]
)
def test_a_word_typed_as_it_is_heard_is_read_as_meant(typed: str, meant: str) -> None:
    sounds = Sounds(map(prepare, _KNOWN))

    assert sounds.meant(prepare(typed)) == prepare(meant)


@pytest.mark.parametrize("word", ["криса", "тезек", "газета", "дом", "0", "пахнет"])
def test_a_word_that_is_another_stays_what_it_is(sounds: Sounds, word: str) -> None:
    assert sounds.meant(word) == word


def test_of_words_that_sound_alike_the_first_is_meant() -> None:
    assert Sounds(["масок", "масак"]).meant("мосак") == "масок"


def test_a_slip_changes_nothing_of_what_the_models_read() -> None:
    features = Features.fit([prepare("пахнет газом в подъезде"), prepare("яма на дороге")], has_ideas=True)

    slipped, right = features.rows([prepare("пахнит гасом"), prepare("пахнет газом")])

    assert (slipped != right).nnz == 0
