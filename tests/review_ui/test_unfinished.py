"""A reply that is only the beginning of a template never reaches a citizen."""

from __future__ import annotations

import pytest

from intake109.outbox.texts import is_unfinished, template
from tests.review_ui.workplace import Workplace


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize(("what", "name"), [("answer", "answer"), ("ask", "question"), ("dismiss", "not_ours")])
def test_the_beginning_alone_is_refused(workplace: Workplace, what: str, name: str, language: str) -> None:
    task_id = workplace.waits()
    beginning = template(name, language).replace("{what}", "")

    answer = workplace.anna.decide(task_id, what, reply=beginning, reason="not_ours", language=language)

    assert answer.status_code == 422
    assert workplace.task(task_id).decided_at is None
    assert workplace.task(task_id).asked_at is None
    assert workplace.owed() == []


def test_a_finished_answer_is_sent(workplace: Workplace) -> None:
    task_id = workplace.waits()

    answer = workplace.anna.decide(task_id, "answer", reply=template("answer", "ru") + "Каток открыт.")

    assert answer.status_code == 200
    (letter,) = workplace.owed()
    assert letter.text == "Здравствуйте! Ответ на ваш вопрос (№ 2026-000001): Каток открыт."


def test_thanks_need_nothing_added(workplace: Workplace) -> None:
    with workplace.database.read() as session:
        assert not is_unfinished(session, template("thanks", "ru"))
