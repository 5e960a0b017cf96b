"""One key answers a citizen with an outage; what the duty person enters is checked and kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from intake109.errors import ConflictError, RefusedError
from intake109.outages import entering
from intake109.outages.entering import Change
from intake109.queue import known_outage, together
from intake109.queue.decisions import Form
from intake109.store import outages
from intake109.store.tables import AppealRow, OutageChangeRow, OutboxRow
from tests.city import RULES
from tests.outages.neighbourhood import HOUR, Neighbourhood, entry
from tests.race import race


def test_an_answer_is_numbered_closed_linked_and_says_till_when(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce("Абая 10, 12", hours=3)
    task_id = quarter.asks("Нет тепла, Абая 10")

    appeal = quarter.answer_with(task_id, outage_id)

    task, letter = quarter.task(task_id), quarter.rows(OutboxRow)[-1]
    assert (task.outcome, task.reason, task.appeal_id) == ("answered", known_outage.REASON, appeal.id)
    assert (appeal.status, appeal.closed_at, appeal.service) == ("closed", quarter.clock.now(), "HEAT-001")
    assert appeal.place_key == "аба 10"
    assert letter.not_before == quarter.clock.now() + timedelta(seconds=10)
    assert "Это объявленное отключение: нет тепла. Адреса: Абая 10, 12." in letter.text
    assert "до 15:00" in letter.text
    assert appeal.number in letter.text
    with quarter.database.read() as session:
        linked = outages.of_appeal(session, appeal.id or 0)
    assert linked is not None
    assert linked.id == outage_id


@pytest.mark.parametrize(
    ("told", "language", "words"),
    [
        ("Нет тепла, Абая 10", "ru", "Кочегар спит"),
        ("Абай көшесі 10, жылу жоқ", "kk", "Қазандық тоқтады"),
        ("It is cold, Абая 10", "en", "announced interruption"),
    ],
)
def test_the_answer_is_in_the_citizens_language(quarter: Neighbourhood, told: str, language: str, words: str) -> None:
    outage_id = quarter.announce(text_ru="Кочегар спит.", text_kk="Қазандық тоқтады.")
    task_id = quarter.asks(told)

    quarter.answer_with(task_id, outage_id)

    letter = quarter.rows(OutboxRow)[-1]
    assert letter.language == language
    assert words in letter.text


def test_braces_in_an_announcement_are_only_words(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce(text_ru="Работы {срочно} {number}.")
    task_id = quarter.asks()

    quarter.answer_with(task_id, outage_id)

    assert "(срочно) (number)" in quarter.rows(OutboxRow)[-1].text


def test_danger_is_never_answered_with_an_outage(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce()
    task_id = quarter.asks("Нет тепла, Абая 10, открытый люк")

    with pytest.raises(RefusedError):
        quarter.answer_with(task_id, outage_id)

    assert quarter.task(task_id).decided_at is None
    assert quarter.rows(AppealRow) == []


@pytest.mark.parametrize("hours", [3, 30])
def test_an_outage_that_lapsed_answers_nobody(quarter: Neighbourhood, hours: int) -> None:
    outage_id = quarter.announce(hours=3)
    task_id = quarter.asks()
    quarter.clock.advance(timedelta(hours=hours))

    with pytest.raises(RefusedError):
        quarter.answer_with(task_id, outage_id)

    assert quarter.task(task_id).decided_at is None


def test_of_two_who_answer_at_once_one_does(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce()
    task_id = quarter.asks()

    outcomes = race(
        [partial(quarter.answer_with, task_id, outage_id, one) for one in (quarter.anna, quarter.bolat)], ConflictError
    )

    assert sum(isinstance(one, ConflictError) for one in outcomes) == 1
    assert len(quarter.rows(AppealRow)) == 1


def test_an_undone_answer_annuls_the_number_and_is_told_nothing(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce()
    task_id = quarter.asks()
    quarter.answer_with(task_id, outage_id)

    quarter.undo(task_id)
    with quarter.database.write() as session:
        entering.end(session, outage_id, quarter.duty())

    assert quarter.rows(AppealRow)[0].status == "annulled"
    assert quarter.tell() == []


def test_two_people_never_overwrite_each_other(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce()
    now = quarter.clock.now()
    with quarter.database.write() as session:
        entering.edit(session, outage_id, 1, entry("Абая 14", now, now + 3 * HOUR), quarter.duty())

    with pytest.raises(ConflictError), quarter.database.write() as session:
        entering.edit(session, outage_id, 1, entry("Абая 16", now, now + 3 * HOUR), quarter.duty(quarter.bolat))

    with quarter.database.read() as session:
        assert outages.places(session, [outage_id])[outage_id][0].houses == ["14"]


def test_the_history_keeps_what_was_before(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce("Абая 10", hours=3)
    now = quarter.clock.now()
    with quarter.database.write() as session:
        entering.edit(session, outage_id, 1, entry("Абая 14", now, now + 3 * HOUR), quarter.duty())
    with quarter.database.write() as session:
        entering.cancel(session, outage_id, quarter.duty())

    kinds = [(one.kind, one.changed_by) for one in quarter.rows(OutageChangeRow)]
    before = quarter.rows(OutageChangeRow)[1].before
    assert kinds == [(kind.value, quarter.anna) for kind in (Change.ENTERED, Change.EDITED, Change.CANCELLED)]
    assert before["places"][0]["houses"] == ["10"]


@pytest.mark.parametrize("broken", ["services", "places", "ends_at", "text"])
def test_what_makes_no_sense_is_refused_with_its_field(quarter: Neighbourhood, broken: str) -> None:
    now = quarter.clock.now()
    whole = entry("Абая 14", now, now + HOUR)
    values = {"services": [], "places": [], "ends_at": now, "text_ru": "а" * 601}
    name = "text_ru" if broken == "text" else broken

    with pytest.raises(RefusedError) as refused, quarter.database.write() as session:
        entering.enter(session, replace(whole, **{name: values[name]}), quarter.duty())  # type: ignore[arg-type]

    assert refused.value.field == broken


def test_those_decided_together_get_the_outages_letter_each_in_the_own_language(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce(text_ru="Кочегар спит.", text_kk="Қазандық тоқтады.")
    leader, other = quarter.asks("Нет тепла, Абая 10"), quarter.asks("Абай көшесі 10, жылу жоқ")
    quarter.answer_with(leader, outage_id)

    with quarter.database.write() as session:
        form = Form("HEAT-001", reply="Исполнитель {executor}, срок {deadline}")
        together.attach_with(session, leader, [other], form, RULES, quarter.anna, quarter.clock.now())

    letters = quarter.rows(OutboxRow)
    assert [row.language for row in letters] == ["ru", "kk"]
    assert "Кочегар спит" in letters[0].text
    assert "Қазандық тоқтады" in letters[1].text
