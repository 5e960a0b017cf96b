"""All the ways of typing a word meet in one form, and the form knows where in the text it came from."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.catalogue.text import fold, words


@pytest.mark.parametrize(
    "ways",
    [
        ("жарық жоқ", "жарык жок", "ЖАРЫҚ ЖОҚ!!!", "jaryq joq", "zharyk zhok", "жаааарық жоққққ"),
        ("шұңқыр", "шункыр", "shunqyr", "шүңқыр"),
        ("подъезд", "подьезд", "podezd", "podyezd", "pod'ezd"),
        ("яма на дороге", "yama na doroge", "яяяма, на дороге…"),
        ("ещё", "еще", "esche"),
        ("этаж", "етаж", "etazh"),
        ("что", "4to", "chto"),
        ("мучает", "mu4aet"),
        (
            "люк открытый",
            "люк открытый".replace("о", "o").replace("р", "p"),
            unicodedata.normalize("NFD", "люк открытый"),
        ),
        ("әже үйі", "аже уйи", "äje üyi"),
    ],
)
def test_ways_of_typing_meet(ways: tuple[str, ...]) -> None:
    assert len({fold(way) for way in ways}) == 1, [fold(way) for way in ways]


def test_numbers_and_houses_stay_apart() -> None:
    assert fold("7 мкр, дом 122/1") == "7 мкр дом 122 1"
    assert fold("4мкр") != fold("чмкр")


def test_marks_and_emoji_leave_nothing() -> None:
    assert fold("🙏🙏 !!! ...") == ""


@given(st.text())
def test_places_of_words_are_inside_the_text_and_in_order(text: str) -> None:
    found = words(text)

    assert all(0 <= word.start < word.end <= len(text) for word in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(st.text(alphabet="абвгдежзиклмнопрстуфхцчшэюяёйщъыьқңғүұөәһіabcdefghijklmnopqrstuvwxyz -!109"))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)

    assert fold(once) == once
