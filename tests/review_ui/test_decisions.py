"""What an inspector decides on the screen: once, by one, taken back within ten seconds, nothing lost."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest

from intake109.model import Channel
from intake109.outbox.letters import OFFICIAL, PERSONAL
from intake109.store.tables import AppealRow, ExampleRow, OutboxRow
from tests.review_ui.workplace import LEAVE, Workplace, told


def test_registering_gives_a_number_owes_the_reply_and_opens_the_next(workplace: Workplace) -> None:
    first, second = workplace.waits("Яма на Абая 10"), workplace.waits("Ещё яма", author="other")
    workplace.anna.open(first)

    answer = workplace.anna.decide(first)

    assert answer.status_code == 200
    assert told(answer)["decided"] == {"id": first, "outcome": "registered", "number": "2026-000001", "seconds": 10}
    assert answer.headers["hx-push-url"] == f"/tasks/{second}"
    assert f'data-task="{second}"' in answer.text
    (letter,) = workplace.owed()
    assert letter.text == "Ваш номер 2026-000001, срок 27.11.2026, Яма, Дорожная служба"
    assert letter.not_before == workplace.clock.now() + timedelta(seconds=10)
    assert workplace.all(AppealRow, lambda row: (row.address, row.place_key)) == [("Абая 10", "абая 10")]  # type: ignore[attr-defined]


def test_the_next_task_fits_the_filters_and_is_nobody_elses(workplace: Workplace) -> None:
    decided, bolats = workplace.waits("а"), workplace.waits("б")
    workplace.waits("в", channel=Channel.WHATSAPP)
    wanted = workplace.waits("г")
    workplace.bolat.open(bolats)

    answer = workplace.anna.decide(decided, only_channel="telegram")

    assert f'data-task="{wanted}"' in answer.text
    assert answer.headers["hx-push-url"] == f"/tasks/{wanted}?channel=telegram"


def test_the_last_task_leaves_an_empty_desk(workplace: Workplace) -> None:
    answer = workplace.anna.decide(workplace.waits())

    assert answer.headers["hx-push-url"] == "/"
    assert "data-nothing" in answer.text


def test_undo_brings_the_task_back_with_everything_that_was_typed(workplace: Workplace) -> None:
    task_id = workplace.waits()
    workplace.anna.decide(task_id, note="код 12")

    answer = workplace.anna.send(f"/tasks/{task_id}/undo")

    assert "undone" in told(answer)
    assert "код 12" in answer.text
    assert 'value="Абая 10"' in answer.text
    assert workplace.owed() == []
    assert workplace.task(task_id).decided_at is None
    assert workplace.task(task_id).claimed_by == workplace.office.staff["inspector"]
    assert workplace.all(ExampleRow, lambda row: row.withdrawn_at is None) == [False]  # type: ignore[attr-defined]


def test_after_ten_seconds_it_is_too_late_to_undo(workplace: Workplace) -> None:
    task_id = workplace.waits()
    workplace.anna.decide(task_id)
    workplace.clock.advance(timedelta(seconds=10))

    assert workplace.anna.send(f"/tasks/{task_id}/undo").status_code == 409
    assert len(workplace.owed()) == 1


def test_undo_is_offered_on_every_page_while_it_is_possible(workplace: Workplace) -> None:
    task_id = workplace.waits()
    workplace.anna.decide(task_id)

    assert f'data-task="{task_id}"' in workplace.anna.page(f"/tasks/{task_id}")
    assert f"/tasks/{task_id}/undo" in workplace.anna.page(f"/tasks/{task_id}")
    assert f"/tasks/{task_id}/undo" not in workplace.bolat.page(f"/tasks/{task_id}")


def test_the_second_inspector_learns_who_was_first_and_nothing_is_given_twice(workplace: Workplace) -> None:
    task_id = workplace.waits()
    workplace.anna.decide(task_id)

    answer = workplace.bolat.decide(task_id, note="моё")

    assert answer.status_code == 409
    assert "Inspector" in answer.text
    assert "2026-000001" in answer.text
    assert len(workplace.all(AppealRow, lambda row: row)) == 1


def test_a_task_somebody_else_holds_is_shown_as_held_and_cannot_be_decided(workplace: Workplace) -> None:
    task_id = workplace.waits()
    workplace.anna.open(task_id)

    shown = workplace.bolat.open(task_id)
    answer = workplace.bolat.decide(task_id)

    assert "Inspector читает" in shown
    assert 'id="fields" disabled' in shown
    assert answer.status_code == 409
    assert "С этой задачей сейчас работает Inspector" in answer.text


def test_a_lease_ends_after_two_idle_minutes_and_the_draft_is_taken_over(workplace: Workplace) -> None:
    task_id = workplace.waits()
    workplace.anna.open(task_id)
    workplace.anna.send(
        f"/tasks/{task_id}/draft", address="Гоголя 5", note="звонить вечером", reply="Свой ответ", language="kk"
    )
    workplace.clock.advance(timedelta(minutes=2))

    shown = workplace.bolat.open(task_id)

    assert "Черновик: Inspector" in shown
    assert 'value="Гоголя 5"' in shown
    assert "звонить вечером" in shown
    assert "Свой ответ" in shown
    assert workplace.task(task_id).claimed_by == workplace.office.staff["supervisor"]


def test_ones_own_draft_counts_more_than_anybodys(workplace: Workplace) -> None:
    task_id = workplace.waits()
    workplace.anna.send(f"/tasks/{task_id}/draft", note="Аннин")
    workplace.bolat.send(f"/tasks/{task_id}/draft", note="Болата")

    shown = workplace.anna.part(f"/tasks/{task_id}").text

    assert "Аннин" in shown
    assert "Болата" not in shown


def test_a_draft_for_a_decided_task_is_not_kept(workplace: Workplace) -> None:
    task_id = workplace.waits()
    workplace.anna.decide(task_id, "dismiss", reason="spam", reply="")

    assert workplace.anna.send(f"/tasks/{task_id}/draft", note="поздно").status_code == 204
    assert "поздно" not in workplace.anna.page(f"/tasks/{task_id}")


def test_claiming_another_task_gives_the_first_one_back(workplace: Workplace) -> None:
    first, second = workplace.waits("а"), workplace.waits("б")
    workplace.anna.open(first)

    workplace.anna.send(f"/tasks/{second}/claim", leave=str(first))

    assert workplace.task(first).claimed_by is None
    assert workplace.task(second).claimed_by == workplace.office.staff["inspector"]


def test_attaching_by_a_number_as_people_write_it(workplace: Workplace) -> None:
    workplace.anna.decide(workplace.waits("а"))
    second = workplace.waits("б")

    answer = workplace.anna.decide(second, "attach", number="№ 2026-000001")

    assert told(answer)["decided"]["number"] == "2026-000001"
    assert len(workplace.all(AppealRow, lambda row: row)) == 1


def test_attaching_to_a_number_nobody_gave_is_refused(workplace: Workplace) -> None:
    assert workplace.anna.decide(workplace.waits(), "attach", number="2026-000777").status_code == 404


def test_answering_numbers_closes_and_tells_the_answer(workplace: Workplace) -> None:
    workplace.anna.decide(workplace.waits(), "answer", reply="Ответ (№ {number}): в ЦОН.")

    assert workplace.all(AppealRow, lambda row: row.status) == ["closed"]  # type: ignore[attr-defined]
    assert [letter.text for letter in workplace.owed()] == ["Ответ (№ 2026-000001): в ЦОН."]


@pytest.mark.parametrize("reason", ["thanks", "spam", "chat", "duplicate"])
def test_dismissing_needs_a_reason_and_gives_no_number(workplace: Workplace, reason: str) -> None:
    task_id = workplace.waits()

    answer = workplace.anna.decide(task_id, "dismiss", reason=reason, reply="")

    assert told(answer)["decided"]["outcome"] == "dismissed"
    assert workplace.task(task_id).reason == reason
    assert workplace.all(AppealRow, lambda row: row) == []


@pytest.mark.parametrize(
    ("what", "fields", "said"),
    [
        ("dismiss", {"reason": "boredom"}, "Выберите причину"),
        ("dismiss", {"reason": "not_ours", "reply": ""}, "Проверьте ответ гражданину"),
        ("register", {"service": "NOPE-001"}, "Выберите услугу"),
        ("register", {"reply": "Ваш {nummer}"}, "Проверьте ответ гражданину"),
        ("answer", {"reply": " "}, "Проверьте ответ гражданину"),
        ("ask", {"reply": ""}, "Проверьте ответ гражданину"),
        ("register", {"language": "xx"}, "Проверьте, что введено"),
    ],
)
def test_a_rule_broken_is_told_in_plain_words_and_the_task_stays(
    workplace: Workplace, what: str, fields: dict[str, str], said: str
) -> None:
    task_id = workplace.waits()

    answer = workplace.anna.decide(task_id, what, **fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert workplace.task(task_id).decided_at is None
    assert workplace.owed() == []


def test_personal_data_never_goes_into_a_public_thread(workplace: Workplace) -> None:
    public = workplace.waits("Яма", is_public=True)
    private = workplace.waits("Яма", author="b")

    refused = workplace.anna.decide(public, reply="Позвоните +7 701 123 45 67")
    allowed = workplace.anna.decide(private, reply="Позвоните +7 701 123 45 67")

    assert (refused.status_code, allowed.status_code) == (422, 200)
    assert "личные данные" in refused.text
    assert "Ответ увидят все" in workplace.anna.part(f"/tasks/{public}").text


def test_the_screen_warns_of_personal_data_by_the_patterns_that_refuse_it(workplace: Workplace) -> None:
    task_id = workplace.waits("Яма", is_public=True)

    page = workplace.anna.part(f"/tasks/{task_id}").text
    shown = re.search(r'data-patterns="([^"]+)"', page)

    assert shown is not None
    assert f'data-official="{OFFICIAL.pattern}"' in html.unescape(page)
    assert json.loads(html.unescape(shown[1])) == {name: pattern.pattern for name, pattern in PERSONAL.items()}


def test_asking_keeps_the_task_open_before_the_inspector_and_the_clock_running(workplace: Workplace) -> None:
    task_id = workplace.waits()
    workplace.anna.open(task_id)

    answer = workplace.anna.decide(task_id, "ask", reply="Какой дом?", note="не забыть")

    assert "asked" in told(answer)
    assert f'data-task="{task_id}"' in answer.text
    assert "не забыть" in answer.text
    assert re.search(r"Какой дом\?.*будет отправлено", answer.text, re.DOTALL)
    assert workplace.task(task_id).decided_at is None
    assert workplace.all(OutboxRow, lambda row: row.purpose) == ["question"]  # type: ignore[attr-defined]


def test_an_incident_can_be_taken_back_and_added_by_hand(workplace: Workplace) -> None:
    calm, danger = workplace.waits("Яма"), workplace.waits("Люк открыт", author="b")

    workplace.anna.decide(calm, is_incident="1")
    workplace.anna.decide(danger)

    assert workplace.all(AppealRow, lambda row: (row.is_incident, row.norm)) == [(True, "24h"), (False, "5wd")]  # type: ignore[attr-defined]


def test_releasing_gives_the_task_back_and_claiming_next_takes_the_most_urgent(workplace: Workplace) -> None:
    workplace.waits("Яма")
    danger = workplace.waits("Люк открыт", author="b")

    taken = workplace.anna.send("/queue/next")
    workplace.anna.send(f"/tasks/{danger}/release")

    assert f'data-task="{danger}"' in taken.text
    assert workplace.task(danger).claimed_by is None


def test_the_reply_may_hold_everything_a_template_knows(workplace: Workplace) -> None:
    shown = workplace.anna.part("/replies").json()

    assert set(re.findall(r"\{(\w+)\}", shown["acknowledgement"]["kk"] + LEAVE)) == {
        "number",
        "service",
        "executor",
        "deadline",
    }
