"""The same words are the same text, however they are decorated."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intake109.dedup.fingerprint import LEAST_LETTERS, normalise, text_hash

LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяәғқңөұүһіabcdefghijklmnopqrstuvwxyz0123456789"
words = st.lists(st.text(LETTERS, min_size=1, max_size=12), min_size=1, max_size=12)
marks = st.sampled_from(
    [" ", "  ", "\n", ", ", "!!! ", " 😡🔥 ", " — ", " @city109_bot ", " https://t.me/x/1 ", "… ", " __ ", "\u200b "]
)


@given(words, st.data())
def test_decoration_changes_nothing(parts: list[str], data: st.DataObject) -> None:
    plain = " ".join(parts)

    decorated = "".join(data.draw(marks) + part for part in parts) + data.draw(marks)

    assert normalise(decorated) == normalise(plain)
    assert text_hash(decorated.upper()) == text_hash(plain.upper())


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(words, words)
def test_other_words_are_another_text(one: list[str], other: list[str]) -> None:
    assume(normalise(" ".join(one)) != normalise(" ".join(other)))
    assume(text_hash(" ".join(one)))

    assert text_hash(" ".join(one)) != text_hash(" ".join(other))


@given(st.text(LETTERS, max_size=LEAST_LETTERS - 1))
def test_short_texts_say_nothing_about_being_a_repeat(text: str) -> None:
    assert text_hash(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "За́мок сломан на двери",
        "За\u00adмок сло\u200dман на две\u200bри",
        "ЗАМОК  СЛОМАН, на двери!",
        "замок сломан на двери",
    ],
)
def test_what_is_not_seen_cuts_no_word_in_two(text: str) -> None:
    assert normalise(text) == "замок сломан на двери"


def test_yo_is_ye_and_short_i_stays_short() -> None:
    assert normalise("Ещё ёлка и йод") == "еще елка и йод"
    assert normalise("и\u0306од") == "йод"


def test_another_house_is_another_text() -> None:
    assert text_hash("Нет света, Абая 10, третий день") != text_hash("Нет света, Абая 12, третий день")


def test_the_boundary_counts_letters_not_gaps() -> None:
    assert text_hash("а б в г д е ж з и к л") == ""
    assert text_hash("а б в г д е ж з и к л м") != ""
