"""The workers: the product's own jobs, looking as often as they would have something to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.alerts.ways import Ways
from intake109.bootstrap import House
from intake109.jobs.carrying import Carrying
from intake109.jobs.loop import Threads
from intake109.jobs.promising import Promising
from intake109.model import Channel, Receipt
from intake109.outbox import delivery
from intake109.outbox.letters import Purpose
from intake109.simulator.agenda import Agenda
from intake109.simulator.trouble import DiedError, Trouble
from intake109.store import outbox
from intake109.store.tables import AlertRoundRow, AlertRow, EventRow, OutboxRow, TaskRow

_BEAT_S = 25.0
_LATENCY_S = (0.05, 0.35)
_ADDRESSES = {Channel.TELEGRAM: "-1", Channel.EMAIL: "mail"}
"""By what a message that was taken is known there."""
# Built once and asked at once: it is asked after every look.
_DUE = select(
    *(
        select(func.min(column)).where(*still).scalar_subquery()
        for column, still in (
            (col(TaskRow.rung_at), [col(TaskRow.decided_at).is_(None)]),
            (col(AlertRow.next_at), [col(AlertRow.ended_at).is_(None)]),
            (col(EventRow.next_attempt_at), [col(EventRow.handled_at).is_(None)]),
            (col(AlertRoundRow.look_at), [col(AlertRoundRow.ended_at).is_(None)]),
        )
    )
)


class _Worker:
    """One process with the jobs that matter here; after a death it is started anew."""

    def __init__(self, house: House, ways: Ways, threads: Threads) -> None:
        database, clock = house.database, house.clock
        self._carrying = Carrying(house.pipeline, database, clock, threads)
        self._promising = Promising(lambda: house.rules, ways, database, clock, threads)

    def carry(self) -> None:
        """Carry everything that waits."""
        while self._carrying.carry():
            pass

    def keep(self) -> None:
        """Take every rung that is due; the heart beats even if there is none."""
        while self._promising.keep():
            pass


class Workers:
    """All workers of the house. Whichever lives looks; `looked` is called whenever one has."""

    def __init__(
        self, house: House, ways: Ways, agenda: Agenda, trouble: Trouble, random: Random, looked: Callable[[], None]
    ) -> None:
        self._house = house
        self._ways = ways
        self._agenda = agenda
        self._trouble = trouble
        self._random = random
        self._looked = looked
        self._threads = Threads()
        self._begins_at = agenda.clock.now()
        self._workers = [self._hire() for _ in range(trouble.workers)]
        self._next_at: list[datetime | None] = [None] * trouble.workers
        self._due_at: datetime | None = None
        self._has_arrived = True

    def start(self) -> None:
        """Begin to look."""
        for which in range(len(self._workers)):
            self._plan(which, self._agenda.clock.now())

    def call(self) -> None:
        """Let the workers look very soon: something has arrived."""
        self._has_arrived = True
        now = self._agenda.clock.now()
        for which in range(len(self._workers)):
            self._plan(which, now + timedelta(seconds=self._random.uniform(*_LATENCY_S)))

    def close(self) -> None:
        self._threads.close()

    def _hire(self) -> _Worker:
        return _Worker(self._house, self._ways, self._threads)

    def _plan(self, which: int, at: datetime) -> None:
        """Look at a moment, unless a sooner look is planned; a later one is dropped."""
        planned = self._next_at[which]
        if planned is None or at < planned:
            self._next_at[which] = at
            self._agenda.at(at, lambda: self._look(which, at))

    def _look(self, which: int, planned_at: datetime) -> None:
        if self._next_at[which] != planned_at:
            return
        now = self._agenda.clock.now()
        if not self._trouble.is_dead(which, now - self._begins_at):
            try:
                self._work(self._workers[which])
            except DiedError:
                self._workers[which] = self._hire()
                raise
        following = self._following()  # who dies here still stands in the plan, and looks again
        self._next_at[which] = None
        self._plan(which, following)

    def _work(self, worker: _Worker) -> None:
        """Do what is due; most looks find nothing and are made only for the heart to beat."""
        is_due = self._due_at is not None and self._due_at <= self._agenda.clock.now()
        if self._has_arrived or is_due:
            worker.carry()
            self._has_arrived = False
            is_due = True
        worker.keep()
        if is_due:
            self._deliver()
            self._looked()

    def _deliver(self) -> None:
        """Let the staff's chat and mailboxes take what is owed to them; citizens' letters stay in the outbox."""
        for channel in (Channel.TELEGRAM, Channel.EMAIL):
            while (leased := self._lease(channel)) is not None:
                row, now = leased, self._agenda.clock.now()
                name = "" if row.details.get("edits") else f"{_ADDRESSES[channel]}:{row.id}"
                with self._house.database.write() as session:
                    delivery.settle_sent(session, row, Receipt(name), now)

    def _lease(self, channel: Channel) -> OutboxRow | None:
        now = self._agenda.clock.now()
        with self._house.database.read() as session:
            due_at = outbox.next_due_at(session, channel, Purpose.ALERT)
        if due_at is None or due_at > now:
            return None
        with self._house.database.write() as session:
            return outbox.lease(session, channel, now, delivery.LEASE, Purpose.ALERT)

    def _following(self) -> datetime:
        """Return when there will be something to do, at the latest when the heart must beat."""
        now = self._agenda.clock.now()
        with self._house.database.read() as session:
            self._due_at = due_at(session)
        latest = now + timedelta(seconds=_BEAT_S)
        latency = timedelta(seconds=self._random.uniform(*_LATENCY_S))
        return latest if self._due_at is None else min(latest, max(now, self._due_at) + latency)


def due_at(session: Session) -> datetime | None:
    """Return when the jobs will next have something to do; None if nothing waits for its time."""
    return min((moment for moment in session.execute(_DUE).one() if moment is not None), default=None)
