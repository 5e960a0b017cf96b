"""Slips of the finger are the same message; another number, another street or another sense never is."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intake109.dedup.likeness import Difference, compare
from intake109.dedup.marks import BANDS, marks
from intake109.dedup.wording import wording

WORDS = re.findall(
    r"\w+",
    "прорвало трубу вода заливает подвал двор лифт застрял между этажами мусор вывозят неделю фонарь горит "
    "батареи ледяные квартире собаки напали женщину коляской жарық балалар қараңғыда отыр құбыр жарылып көшені",
)
told = st.lists(st.sampled_from(WORDS), min_size=5, max_size=14, unique=True).map(" ".join)
number = st.integers(1, 400)


def of(later: str, first: str) -> Difference:
    return compare(wording(later), wording(first)).difference


@given(told, number, number, st.sampled_from(["Абая", "улица Гоголя", "мкр", "подъезд", "кв", "этаж", "маршрут", ""]))
def test_another_number_is_never_the_same(text: str, one: int, other: int, before: str) -> None:
    assume(one != other)

    assert of(f"{before} {other}, {text}", f"{before} {one}, {text}") is not Difference.NONE


@given(told, number, number, st.data())
def test_numbers_that_changed_places_are_never_the_same(text: str, one: int, other: int, data: st.DataObject) -> None:
    assume(one != other)
    words = text.split()
    at = data.draw(st.integers(1, len(words)))
    middle, end = " ".join(words[:at]), " ".join(words[at:])

    assert of(f"{other} {middle} {one} {end}", f"{one} {middle} {other} {end}") is not Difference.NONE


@given(told, number, st.sampled_from(["не", "нет", "жоқ", "емес", "уже", "снова"]), st.data())
def test_a_word_that_turns_the_sense_is_never_overlooked(
    text: str, house: int, turning: str, data: st.DataObject
) -> None:
    words = text.split()
    at = data.draw(st.integers(0, len(words)))
    turned = " ".join((*words[:at], turning, *words[at:]))

    for later, first in ((turned, text), (text, turned)):
        assert of(f"Абая {house}, {later}", f"Абая {house}, {first}") is not Difference.NONE


@given(told, number, st.randoms(use_true_random=False))
def test_a_slip_in_an_ordinary_word_is_the_same(text: str, house: int, chance: random.Random) -> None:
    words = text.split()
    at = chance.choice([index for index, word in enumerate(words) if len(word) >= 6 and index > 0] or [0])
    assume(at > 0)
    letter = chance.randrange(2, len(words[at]) - 1)
    slipped = words[at][:letter] + words[at][letter] + words[at][letter:]

    assert of(f"Абая {house}, {' '.join((*words[:at], slipped, *words[at + 1 :]))}", f"Абая {house}, {text}") is (
        Difference.NONE
    )


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared_and_equal_ones_are_the_same(one: str, other: str) -> None:
    likeness = compare(wording(one), wording(other))

    assert 0 <= likeness.score <= 100
    if wording(one).words and wording(one).words == wording(other).words:
        assert likeness.is_same


@pytest.mark.parametrize(
    ("later", "first"),
    [
        ("лифт работает, Абая 10", "лифт неработает, Абая 10"),
        ("на Абая 10 включили воду", "на Абая 10 выключили воду"),
        ("Абай көшесі 10 су келеді қазір", "Абай көшесі 10 су келмейді қазір"),
        ("Абая 10, девятый этаж без света", "Абая 10, десятый этаж без света"),
        ("Кирова 10 прорвало трубу во дворе", "Перова 10 прорвало трубу во дворе"),
        ("улица Мирная, прорвало трубу во дворе", "улица Мирова, прорвало трубу во дворе"),
        ("Абая 10, сломан домофон в подъезде", "Абая 10, сломан лифт в подъезде"),
        ("Абая 10, нет света и воды", "Абая 10, нет света"),
    ],
)
def test_what_only_looks_alike_is_another_message(later: str, first: str) -> None:
    assert of(later, first) not in {Difference.NONE, Difference.UNLIKE}


@pytest.mark.parametrize(
    ("later", "first"),
    [
        ("Abaya 10, tretiy den net sveta v podezde", "Абая 10, третий день нет света в подъезде"),
        ("Жарык жок Абай кошеси 10 уйде", "Жарық жоқ Абай көшесі 10 үйде"),
        ("Переслано от: Асель\nАбая 10, нет света в подъезде", "Абая 10, нет света в подъезде"),
        ("[12.11.2026, 10:30] Асель: Абая 10, нет света в подъезде", "Абая 10, нет света в подъезде"),
        ("Здравствуйте! Абая 10, нет света в подъезде. Помогите!", "Абая 10, нет света в подъезде"),
        ("#ЖКХ Абая 10, нет света в подъезде #Караганда", "Абая 10, нет света в подъезде"),
        (
            "Абая 10, нет света в подъезде, темно, дети боятся выхо",
            "Абая 10, нет света в подъезде, темно, дети боятся выходить",
        ),
    ],
)
def test_dress_and_script_change_nothing(later: str, first: str) -> None:
    assert of(later, first) is Difference.NONE


@given(told, number)
def test_marks_are_the_same_in_every_process_and_for_every_dress(text: str, house: int) -> None:
    plain = f"Абая {house}, {text}"

    found = marks(wording(plain))

    assert len(found) == BANDS
    assert found == marks(wording(plain.upper() + "!!! 😡"))
    assert all(-(2**63) <= mark < 2**63 for mark in found)


def test_marks_that_are_stored_stay_what_they_were() -> None:
    assert marks(wording("Абая 10, третий день нет света"))[:2] == STORED


def test_what_is_too_short_has_no_marks() -> None:
    assert marks(wording("яма тут")) == ()


STORED = (2929766210553909405, -6670540705625286932)
