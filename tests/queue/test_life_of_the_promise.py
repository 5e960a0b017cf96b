"""Whatever people do and whenever workers die: no promise is broken, no number given twice, nothing alerted twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import event

from intake109.clock import MovedClock
from intake109.errors import ConflictError, RefusedError
from intake109.queue import checking, claims, decisions, following
from intake109.store.database import Database
from intake109.store.tables import METADATA, AlertRow, AppealRow, ExampleRow, OutboxRow, TaskRow
from tests.city import RULES, said
from tests.conftest import NOON
from tests.desk import MINUTE, PIT, Desk
from tests.promise import Keeper
from tests.race import race

which = st.integers(0, 7)
COPIED = "Большая яма на дороге, Абая 10"
TEXTS = ("Яма на дороге", "Открытый люк", "Спасибо большое", "Жолда шұңқыр бар", COPIED, COPIED + "!!")


class KilledError(BaseException):
    """The process is gone: no `except Exception` sees it."""


@contextmanager
def killed_at(database: Database, statement: int) -> Iterator[None]:
    """Let this process die before the given statement of the block."""
    left = [statement]

    def count(*_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise KilledError

    event.listen(database.engine, "before_cursor_execute", count)
    try:
        yield
    except KilledError:
        pass
    finally:
        event.remove(database.engine, "before_cursor_execute", count)


class LifeOfThePromise(RuleBasedStateMachine):
    """Citizens write, inspectors come and go, workers die; time passes in steps shorter than the ladder's slack."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        with database.write() as session:
            for table in reversed(METADATA.sorted_tables):
                session.execute(table.delete())
        self.clock = MovedClock(NOON)
        self.desk = Desk(database, self.clock)
        self.keeper = Keeper(database, self.clock)

    def _pick(self, at: int) -> TaskRow | None:
        rows = self.desk.rows(TaskRow)
        return rows[at % len(rows)] if rows else None

    @rule(text=st.sampled_from(TEXTS))
    def a_citizen_writes(self, text: str) -> None:
        self.desk.waits(text)

    @rule(minutes=st.sampled_from([4, 16, 45]))
    def something_reaches_us_late(self, minutes: int) -> None:
        key = f"late{len(self.desk.rows(TaskRow))}"
        self.desk.street.hear(said(key, "Яма", self.clock.now() - minutes * MINUTE, author=key))

    @rule(at=which)
    def claim(self, at: int) -> None:
        task = self._pick(at)
        if task is not None:
            self.desk.claim(task.id or 0)

    @rule(at=which)
    def release(self, at: int) -> None:
        task = self._pick(at)
        if task is not None:
            with self.desk.database.write() as session:
                claims.release(session, task.id or 0, self.desk.anna, self.clock.now())

    @rule(at=which, undone=st.booleans())
    def decide(self, at: int, undone: bool) -> None:
        task = self._pick(at)
        if task is None or task.decided_at is not None:
            return
        if task.follows_id is not None:
            return
        with self.desk.database.write() as session:
            now, anna, task_id = self.clock.now(), self.desk.anna, task.id or 0
            decisions.register(session, task_id, anna, PIT, RULES, now)
            following.decide_too(session, task_id, PIT, RULES, anna, now)
        if undone:
            self.desk.undo(task.id or 0)

    @rule(at=which)
    def take_apart(self, at: int) -> None:
        task = self._pick(at)
        if task is not None and task.follows_id is not None and task.decided_at is None:
            with self.desk.database.write() as session:
                following.separate(session, task.id or 0, self.desk.anna, RULES, self.clock.now())

    @rule(at=which, to=which)
    def join(self, at: int, to: int) -> None:
        task, other = self._pick(at), self._pick(to)
        if task is None or other is None:
            return
        with suppress(ConflictError, RefusedError), self.desk.database.write() as session:
            following.join(session, task.id or 0, other.id or 0, self.desk.anna, RULES, self.clock.now())

    @rule(at=which)
    def check(self, at: int) -> None:
        task = self._pick(at)
        if task is None:
            return
        try:
            with self.desk.database.write() as session:
                checking.confirm(session, task.id or 0, self.desk.bolat, RULES, self.clock.now())
        except ConflictError:
            assert task.outcome != "automatic" or task.checked_at is not None

    @rule(seconds=st.sampled_from([1, 20, 60, 100, 170]), statement=st.integers(1, 60))
    def time_passes_and_a_worker_dies(self, seconds: int, statement: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))
        with killed_at(self.desk.database, statement):
            self.keeper.now()
        self.keeper = Keeper(self.desk.database, self.clock)
        self.keeper.now()

    @rule(seconds=st.sampled_from([5, 60, 170]))
    def time_passes_under_two_workers(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))
        others = [self.keeper, Keeper(self.desk.database, self.clock)]
        race([partial(one.now) for one in others])

    @rule()
    def the_job_runs_again(self) -> None:
        self.keeper.now()

    @invariant()
    def no_promise_is_broken(self) -> None:
        for task in self.desk.rows(TaskRow):
            if task.shelf in ("queue", "joined") and task.decided_at is None:
                assert task.rung_at is not None
                reached_late = task.received_at + 5 * MINUTE >= task.promise_at
                assert self.clock.now() < (task.due_at + 3 * MINUTE if reached_late else task.promise_at)
            if task.decided_at is not None and task.late_cause:
                assert task.late_cause == "collector"

    @invariant()
    def one_mention_has_one_number_and_one_letter(self) -> None:
        appeals = self.desk.rows(AppealRow)
        assert [row.sequence for row in appeals] == list(range(1, len(appeals) + 1))
        live = {row.id for row in appeals if row.annulled_at is None}
        tasks = [row for row in self.desk.rows(TaskRow) if row.appeal_id is not None]
        first = [row.appeal_id for row in tasks if row.outcome != "attached"]
        assert (set(first), len(first)) == (live, len(live))
        letters = [row for row in self.desk.rows(OutboxRow) if row.purpose == "acknowledgement"]
        owed = [(row.mention_id, row.appeal_id) for row in letters if row.state == "owed"]
        assert sorted(owed, key=str) == sorted(((row.mention_id, row.appeal_id) for row in tasks), key=str)

    @invariant()
    def what_follows_waits_with_a_line_of_the_queue_and_is_decided_with_it(self) -> None:
        tasks = {row.id: row for row in self.desk.rows(TaskRow)}
        for task in tasks.values():
            leader = tasks[task.follows_id] if task.follows_id is not None else None
            assert (task.shelf == "joined") == (leader is not None)
            if leader is not None:
                assert leader.follows_id is None
                assert (task.decided_at is None) == (leader.decided_at is None)
                assert task.appeal_id == leader.appeal_id

    @invariant()
    def nothing_is_alerted_twice_and_what_is_decided_is_silent(self) -> None:
        alerts = self.desk.rows(AlertRow)
        told = [(row.task_id, row.kind, row.audience) for row in alerts]
        assert len(told) == len(set(told))
        decided = {row.id for row in self.desk.rows(TaskRow) if row.decided_at is not None}
        assert all(row.kind == "dispatch" for row in alerts if row.task_id in decided and row.ended_at is None)

    @invariant()
    def only_what_a_person_decided_or_checked_teaches(self) -> None:
        taught = {row.task_id for row in self.desk.rows(ExampleRow) if row.withdrawn_at is None}
        by_people = {row.id for row in self.desk.rows(TaskRow) if row.decided_by is not None or row.checked_at}
        assert taught == by_people


@pytest.fixture
def _quiet() -> Iterator[None]:
    before = structlog.get_config()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("_quiet")
def test_the_promise_survives_any_life(database: Database) -> None:
    class OnThisDatabase(LifeOfThePromise):
        def __init__(self) -> None:
            super().__init__(database)

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=12 if database.is_sqlite else 6,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
