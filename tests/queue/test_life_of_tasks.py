"""Any order of claiming, renewing, releasing, deciding, undoing and waiting keeps the rules of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from intake109.clock import MovedClock
from intake109.errors import ConflictError
from intake109.queue import claims
from intake109.store import tasks
from intake109.store.database import Database
from intake109.store.tables import METADATA, AppealRow, NumberRow, TaskRow
from tests.conftest import NOON
from tests.desk import SECOND, Desk

LEASE = 120 * SECOND
UNDO = 10 * SECOND
LONG_AGO = NOON - timedelta(days=365)
users = st.sampled_from(["anna", "bolat"])
which = st.integers(0, 3)


@dataclass
class Expected:
    """What a task should be."""

    holder: str = ""
    until: datetime = LONG_AGO
    began: datetime | None = None
    decided_by: str = ""
    undo_until: datetime = LONG_AGO


class LifeOfTasks(RuleBasedStateMachine):
    """Four tasks, two inspectors, and a model that is told the same."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        with database.write() as session:
            for table in reversed(METADATA.sorted_tables):
                session.execute(table.delete())
        self.clock = MovedClock(NOON)
        self.desk = Desk(database, self.clock)
        self.ids = {"anna": self.desk.anna, "bolat": self.desk.bolat}
        self.numbers = 0

    @initialize()
    def citizens_write(self) -> None:
        self.tasks = {self.desk.waits(f"Яма на дороге номер {one}"): Expected() for one in range(4)}

    def _pick(self, at: int) -> tuple[int, Expected]:
        return list(self.tasks.items())[at]

    def _is_held_by_other(self, expected: Expected, user: str) -> bool:
        return expected.holder not in ("", user) and expected.until > self.clock.now()

    @rule(at=which, user=users)
    def claim(self, at: int, user: str) -> None:
        task_id, expected = self._pick(at)
        may = not expected.decided_by and not self._is_held_by_other(expected, user)

        assert self.desk.claim(task_id, self.ids[user]) == may

        if may:
            expected.began = expected.began if expected.holder == user else self.clock.now()
            expected.holder, expected.until = user, self.clock.now() + LEASE

    @rule(user=users)
    def claim_next(self, user: str) -> None:
        now = self.clock.now()
        free = [key for key, one in self.tasks.items() if not one.decided_by and not (one.holder and one.until > now)]

        taken = self.desk.claim_next(self.ids[user])

        assert taken == (min(free) if free else None)
        if taken is not None:
            expected = self.tasks[taken]
            expected.began = expected.began if expected.holder == user else now
            expected.holder, expected.until = user, now + LEASE

    @rule(at=which, user=users)
    def release(self, at: int, user: str) -> None:
        task_id, expected = self._pick(at)

        with self.desk.database.write() as session:
            claims.release(session, task_id, self.ids[user], self.clock.now())

        if expected.holder == user and not expected.decided_by:
            expected.holder, expected.began = "", None

    @rule(at=which, user=users)
    def decide(self, at: int, user: str) -> None:
        task_id, expected = self._pick(at)
        may = not expected.decided_by and not self._is_held_by_other(expected, user)

        try:
            self.desk.register(task_id, self.ids[user])
        except ConflictError:
            assert not may
            return
        assert may
        self.numbers += 1
        expected.decided_by, expected.undo_until = user, self.clock.now() + UNDO

    @rule(at=which, user=users)
    def undo(self, at: int, user: str) -> None:
        task_id, expected = self._pick(at)
        may = expected.decided_by == user and self.clock.now() < expected.undo_until

        try:
            self.desk.undo(task_id, self.ids[user])
        except ConflictError:
            assert not may
            return
        assert may
        self.tasks[task_id] = Expected()

    @rule(seconds=st.sampled_from([1, 5, 10, 60, 119, 120]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    @invariant()
    def every_task_is_as_expected(self) -> None:
        if not hasattr(self, "tasks"):
            return
        for row in self.desk.rows(TaskRow):
            assert row.id is not None
            expected = self.tasks[row.id]
            assert (row.decided_by is None) == (not expected.decided_by)
            assert (row.decided_at is None) == (row.appeal_id is None) == (row.outcome == "")
            if not expected.decided_by:
                assert row.claimed_by == (self.ids[expected.holder] if expected.holder else None)
                assert row.claimed_at == expected.began

    @invariant()
    def numbers_have_no_gaps_and_one_live_number_per_decision(self) -> None:
        rows = self.desk.rows(AppealRow)
        assert [row.sequence for row in rows] == list(range(1, self.numbers + 1))
        assert sum(one.last for one in self.desk.rows(NumberRow)) == self.numbers
        live = {row.id for row in rows if row.annulled_at is None}
        assert live == {row.appeal_id for row in self.desk.rows(TaskRow) if row.appeal_id is not None}

    @invariant()
    def the_counts_agree(self) -> None:
        if hasattr(self, "tasks"):
            with self.desk.database.read() as session:
                counted = tasks.counts(session, self.clock.now())["queue"]
            assert counted == len([one for one in self.tasks.values() if not one.decided_by])


def test_any_life_of_tasks_keeps_the_rules(sqlite: Database) -> None:
    class OnThisDatabase(LifeOfTasks):
        def __init__(self) -> None:
            super().__init__(sqlite)

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
