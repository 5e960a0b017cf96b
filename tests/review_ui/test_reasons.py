"""An inspector asks why a service is suggested first and sees the words that spoke for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake109.clock import MovedClock
from intake109.model import Parent, Span
from intake109.review_ui.desk.highlight import Piece, pieces
from tests.review_ui.office import empty_database, open_office
from tests.review_ui.workplace import Workplace


@pytest.fixture
def workplace(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Workplace]:
    database = empty_database(sqlite_template, tmp_path)
    yield Workplace(open_office(database, clock, tmp_path))
    database.close()


def test_nothing_is_explained_before_somebody_asks(workplace: Workplace) -> None:
    shown = workplace.anna.open(workplace.waits("Опять яма на Абая 10"))

    assert 'class="spoke"' not in shown
    assert 'data-key="KeyY"' in shown


def test_the_words_that_spoke_are_told_and_marked_in_the_text(workplace: Workplace) -> None:
    task_id = workplace.waits("Опять яма на Абая 10")

    answer = workplace.anna.part(f"/tasks/{task_id}/why").text

    line, _, text = answer.partition('id="own-words"')
    assert "За «Яма» говорят слова:" in line
    assert '<mark class="spoke">яма</mark>' in line
    assert 'aria-expanded="true"' in line
    assert '<mark class="spoke" title="Слово говорит за первую подсказку">яма</mark>' in text


def test_the_explanation_is_hidden_again_and_the_other_marks_stay(workplace: Workplace) -> None:
    task_id = workplace.waits("Открытый люк на Абая 10")

    asked = workplace.anna.part(f"/tasks/{task_id}/why").text
    hidden = workplace.anna.part(f"/tasks/{task_id}/why?hide=1").text

    assert '<mark class="incident spoke"' in asked
    assert "spoke" not in hidden.partition('id="own-words"')[2]
    assert '<mark class="incident"' in hidden


def test_a_text_of_which_no_word_stands_out_says_so(workplace: Workplace) -> None:
    task_id = workplace.waits("Дорога разбита")

    assert "отдельные слова не выделяются" in workplace.anna.part(f"/tasks/{task_id}/why").text


def test_words_of_the_post_above_are_marked_there(workplace: Workplace) -> None:
    task_id = workplace.waits("Посмотрите", parent=Parent(key="p", author="city_news", text="На Мира яма"))

    answer = workplace.anna.part(f"/tasks/{task_id}/why").text

    assert "яма" not in answer.partition('id="own-words"')[2].partition('id="parent-words"')[0]
    assert "яма</mark>" in answer.partition('id="parent-words"')[2]


def test_a_task_that_is_not_there_is_not_found(workplace: Workplace) -> None:
    assert workplace.anna.part("/tasks/999/why").status_code == 404


def test_a_word_may_be_dangerous_and_speak_for_the_service_at_once() -> None:
    verdict = {"text": "Люк открыт", "incident": {"reasons": [{"start": 0, "end": 3, "why": "manhole"}]}}

    own, _ = pieces("Люк открыт", "", verdict, [Span(0, 10, "SEWER-001")])

    assert own == [Piece("Люк", "incident", True), Piece(" открыт", "", True)]


def test_reasons_for_a_text_that_changed_since_mark_nothing() -> None:
    own, _ = pieces("Совсем другое", "", {"text": "Люк открыт"}, [Span(0, 3, "SEWER-001")])

    assert own == [Piece("Совсем другое")]
