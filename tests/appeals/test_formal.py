"""What executors answer is doubted where it says nothing that can be checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from intake109.appeals.work import formal
from intake109.appeals.work.formal import Doubt

TODAY = date(2026, 11, 21)
_FILE = Path(__file__).with_name("executors_answers.yaml")


@dataclass(frozen=True, slots=True)
class Labelled:
    text: str
    is_formal: bool
    has_proof: bool


def answers(but: str = "") -> list[Labelled]:
    rows = [row for row in yaml.safe_load(_FILE.read_text(encoding="utf-8")) if row["part"] != but]
    return [Labelled(row["text"], row["kind"] == "formal", bool(row.get("proof"))) for row in rows]


def test_formal_replies_are_told_from_work_in_both_languages() -> None:
    said = answers()

    likely = [formal.read(one.text, TODAY, has_proof=one.has_proof).is_likely_formal for one in said]

    hits = sum(found and one.is_formal for found, one in zip(likely, said, strict=True))
    assert hits / sum(one.is_formal for one in said) >= 0.97
    assert hits / sum(likely) >= 0.95


def test_a_photo_and_a_date_do_not_make_work_of_words() -> None:
    """An executor who has to fill the fields fills them; then only the words tell (bench/formal.py: how well)."""
    said = answers(but="fresh")

    doubts = [
        formal.read(one.text, TODAY, has_proof=True, acted_on=TODAY).is_likely_formal for one in said if one.is_formal
    ]

    assert sum(doubts) / len(doubts) >= 0.9


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("Заменили лампу 20.11, фото приложено", {Doubt.NO_PROOF}),
        ("Заменили лампу, акт № 12", {Doubt.NO_DATE}),
        ("Яма будет устранена", {Doubt.NO_ACTION, Doubt.NO_DATE, Doubt.NO_PROOF, Doubt.FUTURE}),
        ("Яма будет устранена 28.11.2026", {Doubt.NO_ACTION, Doubt.NO_DATE, Doubt.NO_PROOF}),
        ("Шара қолданылады", {Doubt.NO_ACTION, Doubt.NO_DATE, Doubt.NO_PROOF, Doubt.FUTURE}),
        ("", {Doubt.NO_ACTION, Doubt.NO_DATE, Doubt.NO_PROOF}),
    ],
)
def test_every_doubt_is_named(text: str, doubts: set[Doubt]) -> None:
    found = formal.read(text, TODAY)

    assert set(found.doubts) == doubts


def test_one_thing_missing_is_incomplete_and_not_called_formal() -> None:
    found = formal.read("Заменили лампу 20.11", TODAY)

    assert found.doubts == (Doubt.NO_PROOF,)
    assert not found.is_likely_formal


def test_the_same_words_with_another_address_are_a_repetition() -> None:
    before = "Яма по ул. Абая, 10 заасфальтирована 19.11, ремонт проведён бригадой."
    after = "Яма по ул. Абая, 124 заасфальтирована 20.11, ремонт проведён бригадой."

    found = formal.read(after, TODAY, has_proof=True, earlier=["Мусор вывезен", before])

    assert found.doubts == (Doubt.REPEAT,)


def test_a_day_ahead_is_a_promise_and_a_day_past_is_none() -> None:
    promise = formal.read("Отремонтируем 28 ноября", TODAY)
    done = formal.read("Отремонтировали 18 қарашада", TODAY)

    assert (promise.is_done, promise.promised_on) == (False, date(2026, 11, 28))
    assert (done.is_done, done.promised_on) == (True, None)


def test_a_day_without_a_year_is_the_nearest_one() -> None:
    found = formal.read("Қалпына келтіреміз 12 қаңтарда", date(2026, 12, 28))

    assert found.promised_on == date(2027, 1, 12)


@pytest.mark.parametrize("text", ["Абая 12/3, 2.5 м³ заменено", "31.02 заменено", "№ 20.11.5 сделано"])
def test_numbers_of_houses_and_of_nothing_are_no_days(text: str) -> None:
    assert Doubt.NO_DATE in formal.read(text, TODAY).doubts


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_read_and_its_passages_lie_in_it_in_order(text: str) -> None:
    found = formal.read(text, TODAY, earlier=[text])

    edges = [edge for one in found.passages for edge in (one.start, one.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)


@pytest.mark.parametrize(
    "text",
    [
        "Проведена прочистка колодца",
        "Прочистка колодца выполнена",
        "Замена стояка, акт 114",
        "Жөндеу жұмыстары жүргізілді",
        "Проверили и заменили датчик",
        "С жильцами переговорили, замок сменили",
        "Отопление дали утром",
        "Жарық берілді",
        "Порыв устранён",
        "Яма сделана",
    ],
)
def test_a_verb_that_says_nothing_is_work_with_the_noun_of_it(text: str) -> None:
    assert Doubt.NO_ACTION not in formal.read(text, TODAY, has_proof=True, acted_on=TODAY).doubts


@pytest.mark.parametrize(
    "text",
    [
        "Проведена работа с управляющей компанией",
        "Работа проведена",
        "Проверка проведена",
        "Требуется ремонт кровли",
        "Ремонт дороги откладывается",
        "Прочистка не проведена",
        "Лампу не заменили",
        "Жильцов предупредили",
        "Жұмыс жүргізілді",
        "Тексеріс өткізілді",
        "Сделано, фото прилагаю",
        "Устранено 20.11",
        "Контроль усилен",
    ],
)
def test_talk_and_what_was_not_done_are_no_work_whatever_is_filled_in(text: str) -> None:
    assert formal.read(text, TODAY, has_proof=True, acted_on=TODAY).is_likely_formal


def test_a_photo_and_a_date_hide_few_empty_words_of_clerks_nobody_tuned_on() -> None:
    rows = [row for row in yaml.safe_load(_FILE.read_text(encoding="utf-8")) if row["part"] == "held"]

    called = [formal.read(row["text"], TODAY, has_proof=True, acted_on=TODAY).is_likely_formal for row in rows]

    wrong = [row["text"] for row, is_called in zip(rows, called, strict=True) if is_called != (row["kind"] == "formal")]
    assert len(wrong) <= 3
