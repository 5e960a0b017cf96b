"""An appeal goes from status to status by the drawn ways only, and every step is written down."""

from __future__ import annotations

import pytest

from intake109.appeals import course
from intake109.appeals.course import WAYS, Status
from intake109.errors import ConflictError
from intake109.queue.decisions import Form
from intake109.store import appeals, steps
from intake109.store.tables import AppealRow
from tests.desk import Desk


def moved(desk: Desk, appeal: AppealRow, *statuses: Status) -> list[tuple[str, str]]:
    """Move an appeal and return its steps."""
    assert appeal.id is not None
    for status in statuses:
        with desk.database.write() as session:
            course.move(session, appeals.lock(session, appeal.id), status, desk.anna, desk.clock.now(), "why")
    with desk.database.read() as session:
        return [(step.before, step.after) for step in steps.of_appeal(session, appeal.id)]


def test_every_step_is_written_down_and_staying_is_none(desk: Desk) -> None:
    appeal = desk.register(desk.waits())

    found = moved(desk, appeal, Status.IN_WORK, Status.IN_WORK, Status.ANSWERED, Status.CLOSED)

    assert found == [
        ("", "forwarded"),
        ("forwarded", "in_work"),
        ("in_work", "answered"),
        ("answered", "closed"),
    ]


@pytest.mark.parametrize("way", [(Status.CLOSED, Status.IN_WORK), (Status.ANNULLED, Status.FORWARDED)])
def test_a_way_that_is_not_drawn_is_refused_and_changes_nothing(desk: Desk, way: tuple[Status, Status]) -> None:
    appeal = desk.register(desk.waits())
    moved(desk, appeal, Status.ANSWERED, way[0])

    with pytest.raises(ConflictError, match=f"{way[0]}, which cannot become {way[1]}"):
        moved(desk, appeal, way[1])

    assert desk.rows(AppealRow)[0].status == way[0]


def test_what_was_put_aside_comes_back_to_where_it_was(desk: Desk) -> None:
    appeal = desk.register(desk.waits())
    moved(desk, appeal, Status.IN_WORK, Status.WAITING, Status.LONG_TERM)

    with desk.database.read() as session:
        found = session.get_one(AppealRow, appeal.id)
        back = course.came_from(session, found)

    assert back is Status.IN_WORK


def test_a_question_answered_at_once_begins_closed(desk: Desk) -> None:
    appeal = desk.answer(desk.waits("Когда вывозят мусор?"), Form("ROAD-001", reply="По вторникам"))

    assert (appeal.status, appeal.closed_as, moved(desk, appeal)) == ("closed", "answered", [("", "closed")])


def test_every_status_leads_somewhere_and_only_a_closed_one_ends() -> None:
    ends = {status for status, after in WAYS.items() if not after}

    assert ends == {Status.ANNULLED}
    assert set(WAYS) == set(Status)
