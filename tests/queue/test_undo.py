"""Ten seconds to think again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake109.errors import ConflictError, NotFoundError
from intake109.model import Channel
from intake109.outbox import delivery
from intake109.queue.decisions import Dismissal
from intake109.store import appeals, outbox
from intake109.store.tables import AppealRow, ExampleRow, OutboxRow
from tests.desk import MINUTE, SECOND, Desk
from tests.race import race

LAST_MOMENT = 10 * SECOND - timedelta(microseconds=1)


def test_undo_annuls_the_number_visibly_and_the_next_one_is_new(desk: Desk) -> None:
    task_id = desk.waits()
    desk.register(task_id)
    desk.clock.advance(LAST_MOMENT)

    desk.undo(task_id)
    again = desk.register(task_id)

    annulled, live = desk.rows(AppealRow)
    assert (annulled.number, annulled.status, annulled.annulled_at) == ("2026-000001", "annulled", desk.clock.now())
    assert (live.number, again.number) == ("2026-000002", "2026-000002")
    assert [row.state for row in desk.rows(OutboxRow)] == ["cancelled", "owed"]


def test_exactly_at_the_end_it_is_too_late(desk: Desk) -> None:
    task_id = desk.waits()
    desk.register(task_id)
    desk.clock.advance(10 * SECOND)

    with pytest.raises(ConflictError):
        desk.undo(task_id)

    assert desk.rows(AppealRow)[0].annulled_at is None


def test_only_who_decided_takes_it_back(desk: Desk) -> None:
    task_id = desk.waits()
    desk.register(task_id)

    with pytest.raises(ConflictError):
        desk.undo(task_id, desk.bolat)
    with pytest.raises(NotFoundError):
        desk.undo(4711)


def test_nothing_is_undone_twice(desk: Desk) -> None:
    task_id = desk.waits()
    desk.register(task_id)
    desk.undo(task_id)

    with pytest.raises(ConflictError):
        desk.undo(task_id)


def test_what_is_on_its_way_to_the_citizen_cannot_be_undone(desk: Desk) -> None:
    task_id = desk.waits()
    desk.register(task_id)
    with desk.database.write() as session:
        assert outbox.lease(session, Channel.TELEGRAM, desk.clock.now() + 10 * SECOND, delivery.LEASE)

    with pytest.raises(ConflictError):
        desk.undo(task_id)

    assert desk.rows(AppealRow)[0].annulled_at is None
    assert desk.task(task_id).outcome == "registered"


def test_undo_and_the_postman_never_both_win(desk: Desk) -> None:
    for _ in range(10):
        task_id = desk.waits()
        desk.register(task_id)

        def undo(task_id: int = task_id) -> str:
            desk.undo(task_id)
            return "undone"

        def post() -> str:
            with desk.database.write() as session:
                row = outbox.lease(session, Channel.TELEGRAM, desk.clock.now() + 10 * SECOND, delivery.LEASE)
                return "leased" if row else "nothing"

        undone, posted = race([undo, post], ConflictError)

        assert (undone == "undone") != (posted == "leased")
        desk.clock.advance(MINUTE * 5)
        with desk.database.write() as session:
            for row in outbox.of_task(session, task_id):
                row.state = "sent"


def test_after_undo_the_task_is_free_for_everybody(desk: Desk) -> None:
    task_id = desk.waits()
    desk.claim(task_id)
    desk.register(task_id)

    desk.undo(task_id)

    assert desk.task(task_id).claimed_by is None
    assert desk.claim_next(desk.bolat) == task_id


def test_a_question_that_was_sent_before_does_not_forbid_undo(desk: Desk) -> None:
    task_id = desk.waits()
    desk.ask(task_id)
    with desk.database.write() as session:
        assert outbox.lease(session, Channel.TELEGRAM, desk.clock.now(), delivery.LEASE)
    desk.register(task_id)

    desk.undo(task_id)

    assert desk.task(task_id).decided_at is None


def test_undo_takes_back_the_decision_but_not_the_question_asked_before(desk: Desk) -> None:
    task_id = desk.waits()
    desk.ask(task_id)
    desk.register(task_id)

    desk.undo(task_id)

    assert [(row.purpose, row.state) for row in desk.rows(OutboxRow)] == [
        ("question", "owed"),
        ("acknowledgement", "cancelled"),
    ]


def test_an_undone_decision_teaches_nothing(desk: Desk) -> None:
    task_id = desk.waits()
    desk.dismiss(task_id, Dismissal.SPAM)

    desk.undo(task_id)
    desk.register(task_id)

    assert [row.withdrawn_at is None for row in desk.rows(ExampleRow)] == [False, True]


def test_undoing_an_attachment_leaves_the_appeal_to_its_first_citizen(desk: Desk) -> None:
    first, second = desk.waits(), desk.waits()
    appeal = desk.register(first)
    desk.attach(second, appeal.number)

    desk.undo(second)
    desk.attach(second, appeal.number)

    with desk.database.read() as session:
        assert len(appeals.reporters(session, appeal.id or 0)) == 2
    assert desk.rows(AppealRow)[0].annulled_at is None


def test_an_appeal_whose_second_citizen_stays_is_not_annulled(desk: Desk) -> None:
    first, second = desk.waits(), desk.waits()
    appeal = desk.register(first)
    desk.attach(second, appeal.number)

    desk.undo(first)

    assert desk.rows(AppealRow)[0].annulled_at is None
    with desk.database.read() as session:
        assert len(appeals.reporters(session, appeal.id or 0)) == 1


def test_nobody_is_attached_to_a_number_while_it_is_annulled(desk: Desk) -> None:
    for _ in range(8):
        first, second = desk.waits(), desk.waits()
        appeal = desk.register(first)

        def undo(task_id: int = first) -> str:
            desk.undo(task_id)
            return "undone"

        def attach(task_id: int = second, number: str = appeal.number) -> str:
            desk.attach(task_id, number, user_id=desk.bolat)
            return "attached"

        race([undo, attach], ConflictError)

        with desk.database.read() as session:
            found = appeals.by_number(session, appeal.number)
            assert found is not None
            assert (found.annulled_at is None) == bool(appeals.reporters(session, found.id or 0))
