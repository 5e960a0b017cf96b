"""What citizens read from us."""

from __future__ import annotations

import re

import pytest

from intake109.appeals.course import Status
from intake109.outbox.letters import personal_data
from intake109.outbox.texts import names, shipped, spoken, template

LANGUAGES = ("ru", "kk", "en")
KAZAKH = set("әғқңөұүһі")


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{([^{}]*)\}", text))


@pytest.mark.parametrize("name", names())
def test_a_text_names_the_same_things_in_every_language(name: str) -> None:
    texts = [template(name, language) for language in LANGUAGES]

    assert all(placeholders(text) == placeholders(texts[0]) for text in texts)
    assert all(text.strip() and not personal_data(text) for text in texts)
    assert all(text.count("{") == text.count("}") == len(re.findall(r"\{\w+\}", text)) for text in texts)


@pytest.mark.parametrize(
    "name", [name for name in names() if name != "choose_language" and not name.startswith("state_")]
)
def test_every_text_is_in_its_language(name: str) -> None:
    russian, kazakh, english = (re.sub(r"\{\w+\}", "", template(name, language)).casefold() for language in LANGUAGES)

    assert KAZAKH & set(kazakh)
    assert not KAZAKH & set(russian)
    assert not re.search("[а-я]", english)
    assert re.search("[а-я]", russian)


@pytest.mark.parametrize("status", Status)
def test_every_state_of_an_appeal_has_a_name_in_every_language(status: Status) -> None:
    told = {template(f"state_{status}", language) for language in LANGUAGES}

    assert set(shipped()[f"state_{status}"]) == set(LANGUAGES)
    assert len(told) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "answered_in"), [("kk", "kk"), ("mixed", "kk"), ("en", "en"), ("ru", "ru"), ("", "ru"), ("de", "ru")]
)
def test_we_answer_in_the_citizens_language_and_else_in_russian(language: str, answered_in: str) -> None:
    assert spoken(language) == answered_in
