"""A storm is one line, opened as one list, decided in one go."""

from __future__ import annotations

import json
import re
from datetime import timedelta

from intake109.clock import MovedClock
from intake109.review_ui.live.feed import Feed
from intake109.store.tables import AppealRow, OutboxRow, ReporterRow, TaskRow
from tests.review_ui.workplace import Workplace, told

CUT = (
    "Нет электричества, Михайловка",
    "Электричество пропало! Михайловка, Кривогуза 57",
    "Михайловка без электричества",
)


def storm(workplace: Workplace, *more: str) -> list[int]:
    return [workplace.waits(text) for text in (*CUT, *more)]


def lines(page: str) -> list[str]:
    return re.findall(r'id="row-(\d+)"', page)


def test_the_list_shows_one_line_with_place_problem_and_people(workplace: Workplace) -> None:
    pit, (head, *_) = workplace.waits("Яма"), storm(workplace)

    page = workplace.anna.part("/queue/rows").text

    assert lines(page) == [str(head), str(pit)]
    assert "Михайловка, нет света в районе, " in page
    assert "3 человека" in page


def test_filters_show_every_message_by_itself(workplace: Workplace) -> None:
    storm(workplace)

    assert len(lines(workplace.anna.part("/queue/rows?channel=telegram").text)) == 3


def test_a_line_asked_for_by_one_of_its_messages_is_the_line_of_all(workplace: Workplace) -> None:
    head, _, last = storm(workplace)

    assert lines(workplace.anna.part(f"/queue/lines?ids={last}").text) == [str(head)]


def test_the_opened_storm_lists_all_messages_ticked_but_danger_and_what_is_held(workplace: Workplace) -> None:
    head, second, third = storm(workplace)
    danger = workplace.waits("Михайловка, нет электричества, столб искрит")
    workplace.bolat.send(f"/tasks/{second}/claim")

    page = workplace.anna.open(head)

    boxes = dict(re.findall(r'name="others" value="(\d+)" data-other( checked)?', page))
    assert boxes == {str(third): " checked"}
    assert f'href="/tasks/{danger}"' in page
    assert "Опасность: решите отдельно" in page
    assert "Занят(а): Supervisor" in page


def test_one_decision_answers_everybody_and_its_undo_brings_all_back(workplace: Workplace) -> None:
    head, *others = storm(workplace)
    workplace.anna.open(head)

    answer = workplace.anna.decide(head, service="POWER-005", others=[str(one) for one in others])

    assert told(answer)["decided"] == {
        "id": head,
        "outcome": "registered",
        "number": "2026-000001",
        "seconds": 10,
        "others": 2,
        "left": 0,
    }
    assert workplace.all(AppealRow, lambda row: row.number) == ["2026-000001"]  # type: ignore[attr-defined]
    assert len(workplace.all(ReporterRow, id)) == 3
    assert {row.conversation_id for row in workplace.owed()} == {1, 2, 3}

    workplace.anna.send(f"/tasks/{head}/undo")

    assert workplace.all(TaskRow, lambda row: row.decided_at) == [None] * 3  # type: ignore[attr-defined]
    assert set(workplace.all(OutboxRow, lambda row: row.state)) == {"cancelled"}  # type: ignore[attr-defined]


def test_a_newcomer_is_offered_the_appeal_with_the_reason_in_words(workplace: Workplace, clock: MovedClock) -> None:
    workplace.anna.decide(workplace.waits(CUT[1]), service="POWER-005", place_key="кривогуз 57", address="Кривогуза 57")
    clock.advance(timedelta(minutes=12))

    page = workplace.anna.open(workplace.waits("Кривогуза 57: снова без электричества"))

    assert re.search(r"<b>тот же дом</b>,\s+12 минут назад, нет света в районе", page), page


def test_two_with_the_same_problem_are_offered_and_not_ticked(workplace: Workplace) -> None:
    first, second = workplace.waits("Лифт стоит, Кривогуза 57"), workplace.waits("Не едет лифт. Кривогуза 57")

    page = workplace.anna.open(first)

    assert re.findall(r'name="others" value="(\d+)" data-other( checked)?', page) == [(str(second), "")]
    assert "тот же дом" in page


def test_the_same_lift_in_another_house_is_not_offered(workplace: Workplace) -> None:
    first, _ = workplace.waits("Лифт стоит, Кривогуза 57"), workplace.waits("Не едет лифт. Кривогуза 59")

    assert 'id="together"' in workplace.anna.open(first)
    assert "data-other" not in workplace.anna.open(first)


def test_screens_are_told_of_the_storms_line_and_of_what_is_left_of_it(workplace: Workplace) -> None:
    head, second, third = storm(workplace)
    feed = Feed(workplace.database, workplace.clock)
    joined = {one["id"]: one["storm"] for one in json.loads(feed.missed(0).data)["tasks"]}
    since = feed.missed(0).last_id

    workplace.anna.decide(head, service="POWER-005")
    after = json.loads(feed.missed(since).data)

    assert joined == {head: head, second: head, third: head}
    assert (after["loose"], [one["storm"] for one in after["tasks"] if one["id"] == head]) == ([second, third], [0])
