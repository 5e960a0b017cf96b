"""The same message on the screen: joined by the machine or by a person, seen as such, taken apart with one key."""

from __future__ import annotations

from intake109.store.tables import AppealRow, ReporterRow, TaskRow
from tests.review_ui.workplace import Workplace, told

WORDS = "На Абая 10 третий день нет света во всём подъезде"


def test_a_copy_stands_under_its_line_and_is_decided_with_it(workplace: Workplace) -> None:
    first = workplace.waits(WORDS)
    second = workplace.waits(WORDS.upper())

    page = workplace.anna.page()
    workplace.anna.decide(first)

    assert f'id="row-{first}"' in page
    assert f'id="row-{second}"' not in page
    assert "То же пишет ещё 1 человек" in page
    assert workplace.task(second).outcome == "attached"
    assert len(workplace.all(ReporterRow, lambda row: row)) == 2


def test_a_copy_says_what_it_waits_with_and_offers_no_form(workplace: Workplace) -> None:
    first = workplace.waits(WORDS)
    second = workplace.waits(WORDS)

    shown = workplace.anna.open(second)

    assert "Объединено автоматически" in shown
    assert f'href="/tasks/{first}"' in shown
    assert f'hx-post="/tasks/{second}/separate"' in shown
    assert 'id="decision"' not in shown


def test_one_key_takes_it_apart_and_opens_it(workplace: Workplace) -> None:
    workplace.waits(WORDS)
    second = workplace.waits(WORDS)

    answer = workplace.anna.send(f"/tasks/{second}/separate")

    assert told(answer)["separated"] == {"id": second}
    assert answer.headers["hx-push-url"] == f"/tasks/{second}"
    assert 'id="decision"' in answer.text
    assert f'id="row-{second}"' in workplace.anna.page()


def test_what_is_only_alike_says_why_and_is_joined_with_one_key(workplace: Workplace) -> None:
    first = workplace.waits(WORDS)
    second = workplace.waits(WORDS + ", и воды тоже нет")
    shown = workplace.anna.open(second)

    answer = workplace.anna.send(f"/tasks/{second}/join", other=str(first))

    assert "Почти то же сообщение" in shown
    assert answer.headers["hx-push-url"] == f"/tasks/{first}"
    assert workplace.task(second).follows_id == first
    assert "Объединение: Inspector" in workplace.anna.part(f"/tasks/{second}").text


def test_danger_is_not_joined_with_what_is_harmless(workplace: Workplace) -> None:
    first, danger = workplace.waits(WORDS), workplace.waits("Открытый люк")

    answer = workplace.anna.send(f"/tasks/{danger}/join", other=str(first))

    assert answer.status_code == 422
    assert "здесь опасность" in answer.text
    assert workplace.task(danger).follows_id is None


def test_who_may_not_decide_joins_nothing(workplace: Workplace) -> None:
    first, second = workplace.waits(WORDS), workplace.waits("Света нет")
    quality = workplace.office.desk("quality")

    assert quality.post(f"/tasks/{second}/join", other=str(first)) == 403
    assert quality.post(f"/tasks/{second}/separate") == 403


def test_the_appeal_tells_who_was_joined_by_the_machine(workplace: Workplace) -> None:
    workplace.anna.decide(workplace.waits(WORDS))
    copy = workplace.waits(WORDS)

    page = workplace.anna.page("/appeals/2026-000001")

    assert workplace.task(copy).decided_by is None
    assert page.count("объединено автоматически") == 1
    assert f'href="/tasks/{copy}"' in page


def test_after_taking_apart_an_attached_one_gets_a_number_of_its_own(workplace: Workplace) -> None:
    first = workplace.waits(WORDS)
    second = workplace.waits(WORDS)
    workplace.anna.decide(first)
    workplace.anna.send(f"/tasks/{second}/separate")

    workplace.anna.decide(second)

    assert workplace.all(AppealRow, lambda row: row.annulled_at) == [None, None]  # type: ignore[attr-defined]
    assert workplace.all(TaskRow, lambda row: row.outcome) == ["registered", "registered"]  # type: ignore[attr-defined]
