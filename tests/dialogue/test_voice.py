"""A yes, a no, and what a person has to read."""

from __future__ import annotations

import pytest

from intake109.dialogue.voice import said


@pytest.mark.parametrize(
    "text",
    [
        "Да", "да!", "Да, спасибо", "ДА, всё сделали", "Решено", "Проблема решена, спасибо большое", "Иә", "иә, рахмет",
        "Ия шешілді", "Жөнделді, рахмет!", "Yes", "yes, fixed, thank you", "Да, яму заделали", "Исправили, благодарю",
        "ага", "da", "Да, свет дали", "Мәселе шешілді",
    ],
)  # fmt: skip
def test_a_plain_yes_is_heard(text: str) -> None:
    assert said(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "Нет", "нет!!!", "Не решено", "Нет, яма на месте", "ничего не сделали", "Жоқ", "жоқ, жөнделмеді", "Шешілмеді",
        "жөнделмеді", "No", "not fixed", "Так и не приехали", "по-прежнему темно", "всё так же течёт", "әлі де су жоқ",
        "Нет, приезжали, сфотографировали и уехали, яма как была так и осталась", "жок", "Никто не приходил",
    ],
)  # fmt: skip
def test_a_plain_no_is_heard(text: str) -> None:
    assert said(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "", "👍", "Спасибо", "рахмет", "не знаю, вечером посмотрю", "А когда приедут?",
        "Да, но теперь не горит фонарь",
        "Да, сделали, ещё на Ленина 10 открытый люк", "нет проблем", "Ямы больше нет", "Уже нет", "Да?",
        "Да решили одну проблему и появилась другая в соседнем дворе где горячая вода бежит", "яма на Абая 10",
        "Бізде су жоқ болды", "Опять дали ржавую воду", "Сделали плохо, не работает",
    ],
)  # fmt: skip
def test_what_is_neither_a_person_reads(text: str) -> None:
    assert said(text) is None
