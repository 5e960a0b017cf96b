"""Which model serves, who is next to go back to, and which decisions teach."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake109.clock import MovedClock
from intake109.errors import ConflictError, NotFoundError
from intake109.queue import decisions
from intake109.queue.decisions import Dismissal, Form
from intake109.store import audit, examples, models
from intake109.store.database import Database
from intake109.store.examples import Correction
from intake109.store.tables import ModelRow
from tests.city import RULES, Street, hire, said
from tests.conftest import NOON
from tests.review_ui.office import newest_task

DAY = timedelta(days=1)


def promote(database: Database, number: int, outcome: str = "promoted") -> int:
    with database.write() as session:
        row = models.begin(session, f"v{number}", "c", "night", NOON + number * DAY)
        row.outcome, row.file = outcome, f"learnt-{row.id}.npz" if outcome == "promoted" else ""
        row.served_at = NOON + number * DAY if outcome == "promoted" else None
        models.end(session, row)
        assert row.id is not None
        return row.id


def serving(database: Database) -> int | None:
    with database.read() as session:
        row = models.serving(session)
    return row.id if row else None


def test_the_first_process_introduces_a_model_and_the_second_takes_it(database: Database) -> None:
    with database.write() as session:
        first = models.introduce(session, "v", "f", NOON, None)
    with database.write() as session:
        second = models.introduce(session, "v", "f", NOON, None)

    assert first == second == serving(database)


def test_a_model_whose_file_is_lost_is_replaced(database: Database) -> None:
    lost = promote(database, 1)

    with database.write() as session:
        new = models.introduce(session, "v", "f", NOON + 2 * DAY, lost)

    assert serving(database) == new != lost


def test_going_back_goes_further_each_time_and_is_written_down(database: Database, clock: MovedClock) -> None:
    user = hire(database, clock)
    first, second = promote(database, 1), promote(database, 2)
    promote(database, 3, "kept")
    third = promote(database, 4)
    gone = []

    for number in range(2):
        with database.write() as session:
            gone.append(models.go_back(session, None, user, NOON + (5 + number) * DAY).id)

    assert gone == [second, first]
    assert serving(database) == first
    with database.read() as session:
        (line,) = audit.of(session, "model", second)
    assert (line.actor_id, line.action, line.detail) == (user, "model_back", {"instead_of": third})


def test_there_must_be_something_to_go_back_to_and_it_must_be_what_was_shown(database: Database) -> None:
    first, second = promote(database, 1), promote(database, 2)

    with pytest.raises(ConflictError), database.write() as session:
        models.go_back(session, second, None, NOON)
    with database.write() as session:
        models.go_back(session, first, None, NOON + 3 * DAY)
    with pytest.raises(NotFoundError), database.write() as session:
        models.go_back(session, None, None, NOON)


def test_only_one_training_at_a_time_but_a_killed_one_holds_nobody_up(database: Database) -> None:
    with database.write() as session:
        killed = models.begin(session, "v", "c", "night", NOON).id

    with pytest.raises(ConflictError), database.write() as session:
        models.begin(session, "v", "c", "night", NOON + models.LONGEST_TRAINING / 2)
    with database.write() as session:
        models.begin(session, "v", "c", "night", NOON + models.LONGEST_TRAINING)

    with database.read() as session:
        row = session.get(ModelRow, killed)
    assert row is not None
    assert (row.outcome, row.reason) == ("failed", "killed")


def test_of_attempts_with_too_little_to_learn_only_the_last_is_kept(database: Database) -> None:
    for number in range(3):
        promote(database, number, "too_few")

    with database.read() as session:
        assert [row.version for row in models.newest(session, 9)] == ["v2"]


def test_the_last_files_are_kept_and_the_one_that_serves(database: Database) -> None:
    first = promote(database, 1)
    for number in range(2, 9):
        promote(database, number)
    with database.write() as session:
        row = session.get(ModelRow, first)
        assert row is not None
        row.served_at = NOON + 99 * DAY

    with database.write() as session:
        dropped = set(models.drop_old_files(session))

    assert dropped == {f"learnt-{number}.npz" for number in (first + 1, first + 2)}


def test_withdrawn_decisions_and_annulled_appeals_teach_nothing(database: Database, clock: MovedClock) -> None:
    user, street = hire(database, clock), Street(database, clock)

    def decide(key: str, text: str, service: str) -> int:
        street.hear(said(key, text, clock.now(), author=key))
        task_id = newest_task(database)
        form = Form(service, address="Абая 10", reply="№ {number}")
        with database.write() as session:
            decisions.register(session, task_id, user, form, RULES, clock.now())
        return task_id

    decide("1", "Яма на дороге", "HEAT-001")
    undone = decide("2", "Яма у школы", "ROAD-001")
    with database.write() as session:
        decisions.undo(session, undone, user, clock.now())
    street.hear(said("3", "Спасибо", clock.now(), author="3"))
    with database.write() as session:
        decisions.dismiss(session, newest_task(database), user, Dismissal.THANKS, Form(""), RULES, clock.now())

    with database.read() as session:
        taught = examples.learnable(session)
        corrections = examples.corrections(session, NOON - DAY)
        chosen = examples.chosen(session, NOON - DAY)
        count = examples.count_decisions(session)
    assert [(row.kind, row.service) for row in taught] == [("appeal", "HEAT-001"), ("thanks", "")]
    assert corrections == [Correction("ROAD-001", "HEAT-001", 1)]
    assert chosen == {"HEAT-001": 1}
    assert count == 2


def test_a_history_read_in_twice_is_kept_once_and_can_be_forgotten(database: Database) -> None:
    rows = [("key", "Яма", "ROAD-001", "roads"), ("other", "Люк", "", "sewerage")]

    with database.write() as session:
        kept = [examples.keep_history(session, "old.csv", rows, NOON) for _ in range(2)]
    with database.read() as session:
        texts = [row.text for row in examples.history(session)]
    with database.write() as session:
        gone = examples.forget_history(session, "old.csv")

    assert (kept, texts, gone) == ([2, 0], ["Яма", "Люк"], 2)
    with database.read() as session:
        assert examples.count_history(session) == 0
