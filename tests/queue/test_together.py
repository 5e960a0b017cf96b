"""One decision for many: eighty people, one registration, eighty answers; nobody's other problem in the heap."""

from __future__ import annotations

import pytest

from intake109.errors import ConflictError
from intake109.model import Channel
from intake109.outbox import delivery
from intake109.queue import decisions, together
from intake109.queue.decisions import Dismissal, Form
from intake109.queue.together import Left, Together, Why
from intake109.store import appeals, outbox
from intake109.store.tables import AppealRow, ExampleRow, OutboxRow, ReporterRow, TaskRow
from tests.city import RULES
from tests.desk import MINUTE, PIT, SECOND, Desk
from tests.race import race


def register_all(desk: Desk, leader: int, others: list[int], form: Form = PIT, user_id: int = 0) -> Together:
    """Register a leader and attach the others, as the desk does it: in one transaction."""
    now, user_id = desk.clock.now(), user_id or desk.anna
    with desk.database.write() as session:
        appeal = decisions.register(session, leader, user_id, form, RULES, now)
        row = session.get_one(TaskRow, leader)
        return together.attach_others(session, row, appeal, others, form, RULES, user_id, now)


def test_everybody_gets_the_number_of_the_one_appeal_and_an_own_letter(desk: Desk) -> None:
    leader, second, third = desk.waits("Яма"), desk.waits("Тут яма"), desk.waits("Яма у нас")

    done = register_all(desk, leader, [third, second, leader])

    assert done == Together((second, third))
    assert [row.number for row in desk.rows(AppealRow)] == ["2026-000001"]
    assert [row.mention_id for row in desk.rows(ReporterRow)] == [1, 2, 3]
    assert [desk.task(one).outcome for one in (leader, second, third)] == ["registered", "attached", "attached"]
    letters = desk.rows(OutboxRow)
    assert {row.conversation_id for row in letters} == {1, 2, 3}
    assert all("2026-000001" in row.text for row in letters)


def test_each_letter_is_in_the_citizens_own_language(desk: Desk) -> None:
    leader, kazakh = desk.waits("Яма на дороге"), desk.waits("Жолда үлкен шұңқыр бар")

    register_all(desk, leader, [kazakh])

    own, other = desk.rows(OutboxRow)
    assert (own.language, own.text) == ("ru", "Ваш номер 2026-000001")
    assert other.language == "kk"
    assert "2026-000001 нөміріне қосылды" in other.text
    assert [row.language for row in desk.rows(ReporterRow)] == ["ru", "kk"]


def test_danger_is_never_swallowed_by_an_ordinary_leader(desk: Desk) -> None:
    leader, danger = desk.waits("Яма"), desk.waits("Открытый люк")

    done = register_all(desk, leader, [danger])

    assert done == Together((), (Left(danger, Why.DANGER),))
    assert desk.task(danger).decided_at is None


def test_danger_joins_danger_and_is_told_to_keep_away(desk: Desk) -> None:
    leader, danger = desk.waits("Открытый люк"), desk.waits("Люк открыт")

    done = register_all(desk, leader, [danger], Form("SEWER-001", is_incident=True, reply="Номер {number}"))

    assert done.attached == (danger,)
    assert "112" in desk.rows(OutboxRow)[-1].text


def test_what_somebody_else_works_on_is_left_to_them(desk: Desk) -> None:
    leader, held = desk.waits(), desk.waits()
    desk.claim(held, desk.bolat)

    done = register_all(desk, leader, [held])

    assert done == Together((), (Left(held, Why.HELD),))
    assert desk.task(held).claimed_by == desk.bolat


def test_what_was_decided_meanwhile_stays_as_it_was_decided(desk: Desk) -> None:
    leader, gone = desk.waits(), desk.waits()
    desk.dismiss(gone, Dismissal.SPAM)

    done = register_all(desk, leader, [gone, 4711])

    assert done.left == (Left(gone, Why.DECIDED), Left(4711, Why.HELD))
    assert desk.task(gone).outcome == "dismissed"


def test_undo_of_the_leader_releases_all(desk: Desk) -> None:
    leader, *others = [desk.waits() for _ in range(4)]
    register_all(desk, leader, others)
    desk.clock.advance(9 * SECOND)

    desk.undo(leader)

    assert [row.decided_at for row in desk.rows(TaskRow)] == [None] * 4
    assert [row.decided_with for row in desk.rows(TaskRow)] == [None] * 4
    assert {row.state for row in desk.rows(OutboxRow)} == {"cancelled"}
    assert [row.status for row in desk.rows(AppealRow)] == ["annulled"]
    assert all(row.withdrawn_at for row in desk.rows(ExampleRow))


def test_undo_of_all_is_refused_once_one_of_them_has_been_told(desk: Desk) -> None:
    leader, other = desk.waits(), desk.waits()
    register_all(desk, leader, [other])
    with desk.database.write() as session:
        outbox.of_task(session, other)[0].state = "sent"

    with pytest.raises(ConflictError):
        desk.undo(leader)

    assert [row.outcome for row in desk.rows(TaskRow)] == ["registered", "attached"]


def test_one_of_the_others_can_be_taken_out_again_alone(desk: Desk) -> None:
    leader, other, third = desk.waits(), desk.waits(), desk.waits()
    register_all(desk, leader, [other, third])

    desk.undo(other)

    assert desk.task(other).decided_at is None
    assert desk.rows(AppealRow)[0].annulled_at is None
    with desk.database.read() as session:
        assert [row.mention_id for row in appeals.reporters(session, 1)] == [1, 3]


def test_an_answer_goes_to_all_and_closes_the_appeal(desk: Desk) -> None:
    leader, other = desk.waits("Когда яму закроют?"), desk.waits("Яму закроют?")
    form, now = Form("ROAD-001", reply="Во вторник. Номер {number}"), desk.clock.now()
    with desk.database.write() as session:
        appeal = decisions.answer(session, leader, desk.anna, form, RULES, now)
        row = session.get_one(TaskRow, leader)

        together.attach_others(session, row, appeal, [other], form, RULES, desk.anna, now)

    assert [(row.purpose, row.text) for row in desk.rows(OutboxRow)] == [
        ("answer", "Во вторник. Номер 2026-000001")
    ] * 2


def test_an_answer_with_a_phone_is_not_shown_to_everybody(desk: Desk) -> None:
    leader, public = desk.waits(), desk.waits(is_public=True)
    form, now = Form("ROAD-001", reply="Звоните 8 701 123 45 67"), desk.clock.now()
    with desk.database.write() as session:
        appeal = decisions.answer(session, leader, desk.anna, form, RULES, now)
        row = session.get_one(TaskRow, leader)

        done = together.attach_others(session, row, appeal, [public], form, RULES, desk.anna, now)

    assert done == Together((), (Left(public, Why.PERSONAL),))
    assert desk.task(public).decided_at is None


def test_spam_said_by_many_is_dismissed_with_one_decision_and_comes_back_with_its_undo(desk: Desk) -> None:
    leader, other = desk.waits("Спасибо"), desk.waits("Спасибо")
    with desk.database.write() as session:
        now = desk.clock.now()
        decisions.dismiss(session, leader, desk.anna, Dismissal.SPAM, Form(""), RULES, now)
        row = session.get_one(TaskRow, leader)
        together.dismiss_others(session, row, [other], Dismissal.SPAM, RULES, desk.anna, now)
    dismissed = desk.task(other)

    desk.undo(leader)

    assert (dismissed.outcome, dismissed.reason, dismissed.decided_with) == ("dismissed", "spam", leader)
    assert desk.task(other).decided_at is None


def test_the_machine_joins_without_teaching_anybody(desk: Desk) -> None:
    leader, other = desk.waits(), desk.waits()
    number = desk.register(leader).number
    with desk.database.write() as session:
        appeal = appeals.by_number(session, number)
        assert appeal is not None
        row = session.get_one(TaskRow, leader)

        together.attach_others(session, row, appeal, [other], PIT, RULES, None, desk.clock.now())

    assert (desk.task(other).decided_by, desk.task(other).outcome) == (None, "attached")
    assert [row.task_id for row in desk.rows(ExampleRow)] == [leader]


def test_two_inspectors_with_overlapping_groups_decide_each_task_once(desk: Desk) -> None:
    for _ in range(5):
        first, second, *shared = [desk.waits() for _ in range(5)]
        before = len(desk.rows(ReporterRow))

        def anna(leader: int = first, others: tuple[int, ...] = (*shared, second)) -> Together:
            return register_all(desk, leader, list(others))

        def bolat(leader: int = second, others: tuple[int, ...] = (*shared, first)) -> Together:
            return register_all(desk, leader, list(others), user_id=desk.bolat)

        race([anna, bolat], ConflictError)

        told = desk.rows(ReporterRow)[before:]
        assert len({row.mention_id for row in told if row.removed_at is None}) == len(told)
        desk.clock.advance(MINUTE)
        with desk.database.write() as session:
            while outbox.lease(session, Channel.TELEGRAM, desk.clock.now(), delivery.LEASE):
                pass
