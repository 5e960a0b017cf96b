"""Keeping the promise: looks several times a second for rungs that are due, and announces what was raised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from intake109.alerts.announcing import announce, note_reach
from intake109.alerts.gathering import follow
from intake109.alerts.ways import Ways
from intake109.clock import Clock
from intake109.jobs.loop import Threads
from intake109.queue.climbing import climb
from intake109.queue.rules import Rules
from intake109.store import alert_rounds, alerts, changes, health, stops, tasks
from intake109.store.database import Database

log = structlog.get_logger(__name__)
_BATCH = 50
_BEAT = timedelta(seconds=5)
_PAUSE_AFTER_FAILURE = timedelta(seconds=10)
"""For one task that cannot climb: the others must not wait for it, and it must not be tried without end."""
_STUCK = f"{stops.HEART}.one"
"""Its line on the health page, beside the job's own."""
_FORGOTTEN_AFTER = timedelta(minutes=1)


class Promising:
    """One worker that keeps the promise. Any number of them may run: what is due is taken by one.

    Args:
        rules: gives what decisions depend on, with the catalogue as it is at that moment.
    """

    def __init__(
        self, rules: Callable[[], Rules], ways: Ways, database: Database, clock: Clock, threads: Threads
    ) -> None:
        self._rules = rules
        self._ways = ways
        self._database = database
        self._clock = clock
        self._threads = threads
        self._beaten_at: datetime | None = None
        self._failed_at: datetime | None = clock.now()  # what an earlier process could not do is forgotten, too

    async def step(self) -> bool:
        """Take what is due; True when more may be."""
        return await self._threads.run(self.keep)

    def keep(self) -> bool:
        """Take up to a batch of due rungs and alerts, danger first, each in its own transaction."""
        self._beat()
        now = self._clock.now()
        with self._database.read() as session:
            climbing = tasks.due_to_climb(session, now, _BATCH)
        for task_id in climbing:
            self._climb(task_id)
        now = self._clock.now()
        with self._database.read() as session:
            raised = alerts.due(session, now, _BATCH)
            told = alert_rounds.due(session, now, _BATCH)
        for alert_id in raised:
            self._announce(alert_id)
        for round_id in told:
            self._follow(round_id)
        return len(climbing) == _BATCH or len(raised) == _BATCH

    def _climb(self, task_id: int) -> None:
        try:
            with self._database.write() as session:
                act = climb(session, task_id, self._rules(), self._clock.now())
        except Exception as error:  # one task that cannot be registered must never hold up the others
            log.error("a task cannot climb", task=task_id, problem=type(error).__name__)
            until = self._clock.now() + _PAUSE_AFTER_FAILURE
            self._put_off(lambda session: tasks.put_off(session, task_id, until), f"task {task_id}", error)
            return
        if act is not None:
            log.info("ladder", task=task_id, rung=act.name.lower())

    def _announce(self, alert_id: int) -> None:
        try:
            with self._database.write() as session:
                announce(session, alert_id, self._ways, self._clock.now())
        except Exception as error:  # as above
            log.error("an alert cannot be announced", alert=alert_id, problem=type(error).__name__)
            until = self._clock.now() + _PAUSE_AFTER_FAILURE
            self._put_off(lambda session: alerts.put_off(session, alert_id, until), f"alert {alert_id}", error)

    def _follow(self, round_id: int) -> None:
        """Bring a message in the chat up to date; one that cannot be is looked at again like the others."""
        try:
            with self._database.write() as session:
                follow(session, round_id, self._ways, self._clock.now())
        except Exception as error:  # a number that stands still must not stop an alert
            log.error("a round of alerts cannot be followed", round=round_id, problem=type(error).__name__)

    def _put_off(self, put_off: Callable[[Session], None], what: str, error: Exception) -> None:
        now = self._clock.now()
        with self._database.write() as session:
            put_off(session)
            row = health.of(session, _STUCK, "system")
            row.errors_in_row += 1
            row.last_error, row.last_error_at = f"{what}: {type(error).__name__}: {error}"[:1000], now
            changes.tell(session, changes.Topic.HEALTH, 0, now)
        self._failed_at = now

    def _beat(self) -> None:
        """Say that somebody looks, before anything is caught up: how long nobody did decides whose fault late ones are.

        A clock that was put back beats at once.
        """
        now = self._clock.now()
        if self._beaten_at is not None and timedelta(0) <= now - self._beaten_at < _BEAT:
            return
        with self._database.write() as session:
            stopped = stops.beat(session, now)
            note_reach(session, now)  # an alert that is over is nobody's worry any more
            if self._failed_at is not None and now - self._failed_at >= _FORGOTTEN_AFTER:
                health.of(session, _STUCK, "system").errors_in_row = 0
                self._failed_at = None
        self._beaten_at = now
        if stopped is not None:
            log.warning("nobody kept the promise for a while", seconds=round(stopped.total_seconds()))
