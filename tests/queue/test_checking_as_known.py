"""A person finds that what the machine registered was known already: attached, taken back, told to the executor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from intake109.catalogue.services import Danger
from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.queue import automatic, checking
from intake109.queue.decisions import Form
from intake109.queue.rules import Rules
from intake109.store import appeals, checks
from intake109.store.database import Database
from intake109.store.tables import AppealRow, CheckRow, ExampleRow, OutboxRow, TaskRow
from tests.city import CATALOGUE, PROMISE, RULES, ZONE
from tests.desk import SECOND, Desk
from tests.promise import Keeper
from tests.queue.test_checking import annul, confirm, correct, letters, post
from tests.race import race

KNOWN, MACHINES = "2026-000001", "2026-000002"


@pytest.fixture
def registered(desk: Desk, keeper: Keeper) -> int:
    """A task the machine has registered beside an appeal of the same pit; its letter has not left yet."""
    desk.register(desk.waits("Яма, Абая 10", author="first"))
    task_id = desk.waits("На Абая 10 яма", author="second")
    keeper.at(17)
    return task_id


def attach(desk: Desk, task_id: int, number: str = KNOWN, form: Form | None = None) -> AppealRow:
    with desk.database.write() as session:
        now = desk.clock.now()
        return checking.attach(session, task_id, desk.anna, number, form or Form("", language="ru"), RULES, now)


def undo(desk: Desk, task_id: int, user_id: int = 0) -> None:
    with desk.database.write() as session:
        checking.undo(session, task_id, user_id or desk.anna, desk.clock.now())


def told(desk: Desk) -> list[str]:
    """Return the texts that are owed to the second citizen now."""
    return [row.text for row in desk.rows(OutboxRow) if row.mention_id == 2 and row.state == "owed"]


def to_executors(desk: Desk) -> list[tuple[str, str]]:
    return [(row.address, row.state) for row in desk.rows(OutboxRow) if row.purpose == "withdrawal"]


def reporters(database: Database, number: str) -> list[int]:
    with database.read() as session:
        found = appeals.by_number(session, number)
        assert found is not None
        return [one.mention_id for one in appeals.reporters(session, found.id or 0)]


def everything(desk: Desk, task_id: int) -> list[object]:
    """Return all that a check may change and an undo must put back."""
    plain = [row.model_dump(exclude={"added_at"}) for row in desk.rows(AppealRow)]
    task = desk.task(task_id).model_dump()
    owed = sorted(row.text for row in desk.rows(OutboxRow) if row.state == "owed")
    return [plain, task, owed, reporters(desk.database, KNOWN), reporters(desk.database, MACHINES)]


def test_attached_the_machines_number_is_annulled_and_the_citizen_follows_the_other(
    desk: Desk, registered: int
) -> None:
    other = attach(desk, registered)

    _, machines = desk.rows(AppealRow)
    task = desk.task(registered)
    assert (other.number, machines.status, machines.annulled_why) == (KNOWN, "annulled", f"attached: {KNOWN}")
    assert (task.checked_as, task.outcome, task.appeal_id) == ("attached", "automatic", other.id)
    assert (reporters(desk.database, KNOWN), reporters(desk.database, MACHINES)) == ([1, 2], [])
    assert desk.rows(ExampleRow)[-1].service == "ROAD-001"


def test_a_citizen_who_has_a_number_is_told_which_one_counts_now(desk: Desk, registered: int) -> None:
    post(desk)

    attach(desk, registered)

    (text,) = told(desk)
    assert f"теперь действует номер {KNOWN}" in text
    assert f"номер {MACHINES} аннулирован" in text
    assert letters(desk)[-1] == ("correction", "owed")


def test_a_citizen_who_never_got_a_number_is_told_the_right_one_alone(desk: Desk, registered: int) -> None:
    attach(desk, registered)

    (text,) = told(desk)
    assert KNOWN in text
    assert MACHINES not in text


@pytest.mark.parametrize(("language", "word"), [("kk", "енді 2026-000001 нөмірі қолданылады"), ("en", "counts now")])
def test_the_text_is_in_the_citizens_language(desk: Desk, registered: int, language: str, word: str) -> None:
    post(desk)
    with desk.database.write() as session:
        for one in appeals.reporters(session, 2):
            one.language = language

    attach(desk, registered)

    assert word in told(desk)[0]


def test_everybody_of_the_machines_appeal_moves_along(desk: Desk, registered: int) -> None:
    third = desk.waits("Яма и у нас")
    desk.attach(third, MACHINES)

    attach(desk, registered)

    assert reporters(desk.database, KNOWN) == [1, 2, 3]
    assert desk.task(third).appeal_id == 1


def test_what_cannot_be_attached_stays_to_be_checked(desk: Desk, registered: int) -> None:
    void = desk.waits()
    number = desk.register(void).number
    desk.undo(void)

    for refused, error in ((MACHINES, RefusedError), (number, RefusedError), ("2026-000777", NotFoundError)):
        with pytest.raises(error):
            attach(desk, registered, refused)

    assert desk.task(registered).checked_at is None


@pytest.mark.parametrize("withdraw", [attach, annul])
def test_the_executor_is_to_hear_that_nothing_is_wanted_any_more(
    desk: Desk, registered: int, withdraw: Callable[[Desk, int], object]
) -> None:
    withdraw(desk, registered)

    assert to_executors(desk) == [("road_service", "owed")]
    text = desk.rows(OutboxRow)[-1].text
    assert text.count(MACHINES) == 2, "in Kazakh and in Russian"


def test_what_stays_with_other_citizens_is_not_withdrawn(desk: Desk, registered: int) -> None:
    desk.attach(desk.waits("Яма и у нас"), MACHINES)

    annul(desk, registered)

    assert to_executors(desk) == []
    assert desk.rows(AppealRow)[-1].annulled_at is None


CHECKS: list[Callable[[Desk, int], object]] = [confirm, correct, attach, annul]


@pytest.mark.parametrize("has_left", [False, True])
@pytest.mark.parametrize("check", CHECKS)
def test_within_ten_seconds_a_check_is_taken_back_whole(
    desk: Desk, registered: int, check: Callable[[Desk, int], object], has_left: bool
) -> None:
    if has_left:
        post(desk)
    desk.attach(desk.waits("Яма и у нас"), MACHINES)
    before = everything(desk, registered)
    check(desk, registered)
    desk.clock.advance(9 * SECOND)

    undo(desk, registered)

    assert everything(desk, registered) == before
    with desk.database.read() as session:
        assert [row.id for row in checks.unchecked(session)] == [registered]
    assert all(row.withdrawn_at is not None for row in desk.rows(ExampleRow) if row.task_id == registered)


@pytest.mark.parametrize("check", CHECKS)
def test_what_was_taken_back_is_checked_anew(desk: Desk, registered: int, check: Callable[[Desk, int], object]) -> None:
    check(desk, registered)
    undo(desk, registered)

    check(desk, registered)

    assert desk.task(registered).checked_at == desk.clock.now()


def test_a_check_is_taken_back_by_whom_made_it_and_not_too_late(desk: Desk, registered: int) -> None:
    correct(desk, registered)
    with pytest.raises(ConflictError):
        undo(desk, registered, desk.bolat)
    desk.clock.advance(10 * SECOND)

    with pytest.raises(ConflictError):
        undo(desk, registered)

    assert desk.task(registered).checked_as == "corrected"


def test_what_the_citizen_is_being_told_cannot_be_taken_back(desk: Desk, registered: int) -> None:
    attach(desk, registered)
    with desk.database.write() as session:
        row = session.get_one(OutboxRow, desk.rows(OutboxRow)[-2].id)
        row.attempts = 1

    with pytest.raises(ConflictError, match="already been told"):
        undo(desk, registered)

    assert reporters(desk.database, KNOWN) == [1, 2]


def test_an_undo_and_another_check_never_both_win(desk: Desk, registered: int) -> None:
    confirm(desk, registered)

    works: list[Callable[[], object]] = [partial(undo, desk, registered), partial(attach, desk, registered)]

    outcome = race(works, ConflictError)

    assert any(not isinstance(one, ConflictError) for one in outcome)
    assert len(desk.rows(CheckRow)) == (1 if desk.task(registered).checked_at else 0)


def test_what_could_be_taken_back_is_forgotten_later(desk: Desk, registered: int) -> None:
    correct(desk, registered)

    with desk.database.write() as session:
        checks.sweep(session, desk.clock.now(), 0 * SECOND)

    assert desk.rows(CheckRow) == []


def test_danger_that_only_the_service_tells_of_is_checked_first(desk: Desk) -> None:
    services = {**CATALOGUE.services, "ROAD-001": replace(CATALOGUE.services["ROAD-001"], danger=Danger.LIFE)}
    dangerous = Rules(replace(CATALOGUE, services=services), PROMISE, ZONE)
    waiting = [desk.waits("Яма, Абая 10"), desk.waits("Яма, Абая 12")]
    for task_id, rules in zip(waiting, (RULES, dangerous), strict=True):
        with desk.database.write() as session:
            automatic.register(session, task_id, rules, desk.clock.now())

    with desk.database.read() as session:
        found: list[TaskRow] = checks.unchecked(session)

    assert [row.id for row in found] == waiting[::-1]
    assert [row.is_incident for row in found] == [True, False]
