"""Reckoning up what the tables say after the simulated days, against what the citizens really said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.bootstrap import House
from intake109.catalogue.services import TO_BE_CLARIFIED
from intake109.model import Kind
from intake109.outbox.letters import Purpose
from intake109.queue.times import started
from intake109.simulator.agenda import Agenda
from intake109.simulator.inspector import Tally
from intake109.simulator.outcome import SAMPLED_EVERY, Figures, Outcome, Sample, Waits
from intake109.simulator.said import Said, Truth
from intake109.simulator.scenario import Settings
from intake109.simulator.telling import HEARD_BY_ALL, rounds_of, told_to_staff
from intake109.store.tables import (
    AlertRow,
    AppealRow,
    EventRow,
    MentionRow,
    MessageRow,
    OutboxRow,
    ReporterRow,
    TaskRow,
)

_TARGET, _PROMISE = timedelta(minutes=15), timedelta(minutes=20)


class Reckoning:
    """Reads the tables once, when everything is over."""

    def __init__(self, house: House, settings: Settings, said: dict[str, Said], tally: Tally, agenda: Agenda) -> None:
        self._house = house
        self._settings = settings
        self._said = said
        self._tally = tally
        self._agenda = agenda
        with house.database.read() as session:
            self._tasks = list(session.execute(select(TaskRow)).scalars())
            self._mentions = {row.id: row for row in session.execute(select(MentionRow)).scalars()}
            self._appeals = {row.id: row for row in session.execute(select(AppealRow)).scalars()}
            self._alerts = list(session.execute(select(AlertRow)).scalars())
            self._rounds = rounds_of(session)
            self._lost = _lost(session, said)
            self._doubled = _doubled(session)
        self._promised = [task for task in self._tasks if task.shelf == "queue"]
        self._automatic = [task for task in self._promised if task.outcome == "automatic"]

    def outcome(self, samples: Sequence[Sample], seconds: float) -> Outcome:
        """Return all figures."""
        settings, tally = self._settings, self._tally
        return Outcome(
            settings.scenario.name,
            settings.inspectors,
            settings.days,
            settings.seed,
            self._figures(samples),
            overtaken=tally.overtaken,
            double_clicks=tally.double_clicks,
            undone=tally.undone,
            asked=tally.asked,
            died=self._agenda.died,
            seconds=seconds,
            samples=tuple(samples),
        )

    def _figures(self, samples: Sequence[Sample]) -> Figures:
        late = [task for task in self._promised if not self._is_within(task, _PROMISE)]
        incidents = [task for task in self._promised if task.is_incident]
        hours = Counter(task.mentioned_at.replace(minute=0, second=0, microsecond=0) for task in self._tasks)
        alerts, per_hour = self._heard(samples)
        return Figures(
            mentions=len(self._tasks) + self._lost,
            promised=len(self._promised),
            registered_within_15=self._share(_TARGET),
            registered_within_20=self._share(_PROMISE),
            automatic_share=round(len(self._automatic) / max(1, len(self._promised)), 4),
            automatic=len(self._automatic),
            lost=self._lost,
            doubled=self._doubled,
            late=len(late),
            late_by_cause=dict(sorted(Counter(task.late_cause or "open" for task in late).items())),
            wait_s=Waits.of([self._wait(task).total_seconds() for task in self._promised]),
            incident_wait_s=Waits.of([self._wait(task).total_seconds() for task in incidents]),
            incidents=len(incidents),
            alerts=alerts,
            alerts_per_inspector_hour=per_hour,
            told=told_to_staff(self._house.database),
            automatic_wrong_service=sum(self._is_wrong(task) for task in self._automatic),
            automatic_to_be_clarified=sum(self._chosen(task) == TO_BE_CLARIFIED for task in self._automatic),
            automatic_unchecked=sum(task.checked_at is None for task in self._automatic),
            incidents_without_dispatcher=sum(self._is_nobodys(task) for task in self._automatic),
            appeals_shelved=sum(
                task.shelf == "no_appeal" and self._truth(task).kind is Kind.APPEAL for task in self._tasks
            ),
            wrong_service_by_people=sum(self._is_slip(task) for task in self._promised),
            annulled_numbers=sum(row.annulled_at is not None for row in self._appeals.values()),
            most_waiting=max((one.waiting for one in samples), default=0),
            busiest_hour=max(hours.values(), default=0),
        )

    def _wait(self, task: TaskRow) -> timedelta:
        """Return how long the citizen waited; what is still open waits until now."""
        ended_at = task.decided_at or self._agenda.clock.now()
        return ended_at - started(task.mentioned_at, task.received_at)

    def _is_within(self, task: TaskRow, limit: timedelta) -> bool:
        """Say whether it was decided in time; exactly at the limit is too late."""
        return task.decided_at is not None and self._wait(task) < limit

    def _share(self, limit: timedelta) -> float:
        if not self._promised:
            return 1.0
        count = sum(self._is_within(task, limit) for task in self._promised)
        return count / len(self._promised) if count == len(self._promised) else _below_one(count, len(self._promised))

    def _heard(self, samples: Sequence[Sample]) -> tuple[int, float | None]:
        """Return all rounds of alerts, and how many of them one inspector hears in an hour on duty."""
        everywhere = sum(rounds for _, rounds in self._rounds)
        hours = self._tally.duty_s / 3600
        if hours <= 0:
            return everywhere, None
        by_all = sum(rounds for audience, rounds in self._rounds if audience in HEARD_BY_ALL)
        by_one = sum(rounds for audience, rounds in self._rounds if audience.startswith("user:"))
        staffed = sum(one.present > 0 for one in samples) * SAMPLED_EVERY.total_seconds() / 3600
        return everywhere, round(by_all / max(staffed, 1) + by_one / hours, 3)

    def _truth(self, task: TaskRow) -> Truth:
        mention = self._mentions[task.mention_id]
        return self._said[mention.key].truth

    def _chosen(self, task: TaskRow) -> str:
        """Return what the machine chose for an automatic registration, whatever a check made of it."""
        probability = self._best(task)
        is_enough = probability[1] >= self._house.config.promise.automatic_certainty
        return probability[0] if is_enough else TO_BE_CLARIFIED

    def _best(self, task: TaskRow) -> tuple[str, float]:
        best = self._mentions[task.mention_id].verdict["services"][0]
        return str(best["code"]), float(best["probability"])

    def _is_wrong(self, task: TaskRow) -> bool:
        return self._chosen(task) not in {TO_BE_CLARIFIED, self._truth(task).service}

    def _is_slip(self, task: TaskRow) -> bool:
        appeal = self._appeals.get(task.appeal_id)
        is_own = task.decided_by is not None and task.outcome in {"registered", "answered"}
        return is_own and appeal is not None and appeal.service != self._truth(task).service

    def _is_nobodys(self, task: TaskRow) -> bool:
        """Say whether a danger was registered by the machine and reached nobody who could act."""
        truth, appeal = self._truth(task), self._appeals.get(task.appeal_id)
        if not truth.is_incident or appeal is None or task.checked_at is not None:
            return False
        right = self._house.current.catalogue.get(truth.service)
        reached = {self._house.config.promise.duty_dispatcher, right.executor if right else ""}
        was_seen = any(row.acknowledged_at is not None for row in self._alerts if row.task_id == task.id)
        return appeal.executor not in reached and not was_seen


def _below_one(count: int, of: int) -> float:
    """Return a share to four places that never shows 1 while one is missing."""
    return min(round(count / of, 4), 0.9999)


def _lost(session: Session, said: dict[str, Said]) -> int:
    """Count what was said and stands in no table; each message of a citizen is looked for, not only the first."""
    kept = set(session.execute(select(col(MessageRow.key)).where(col(MessageRow.mention_id).is_not(None))).scalars())
    tasked = select(col(TaskRow.mention_id))
    without_task = select(func.count()).select_from(MentionRow).where(col(MentionRow.id).not_in(tasked))
    quarantined = select(func.count()).select_from(EventRow).where(col(EventRow.quarantined_at).is_not(None))
    return (
        sum(key not in kept for key in said)
        + session.execute(without_task).scalar_one()
        + session.execute(quarantined).scalar_one()
    )


def _doubled(session: Session) -> int:
    """Count mentions with two live numbers or two acknowledgements, and numbers given twice."""
    numbers = (
        select(col(ReporterRow.mention_id))
        .join(AppealRow, col(AppealRow.id) == col(ReporterRow.appeal_id))
        .where(col(ReporterRow.removed_at).is_(None), col(AppealRow.annulled_at).is_(None))
        .group_by(col(ReporterRow.mention_id))
        .having(func.count() > 1)
    )
    letters = (
        select(col(OutboxRow.mention_id))
        .where(col(OutboxRow.purpose) == Purpose.ACKNOWLEDGEMENT.value, col(OutboxRow.state) != "cancelled")
        .group_by(col(OutboxRow.mention_id))
        .having(func.count() > 1)
    )
    twice = select(col(AppealRow.number)).group_by(col(AppealRow.number)).having(func.count() > 1)
    return sum(len(session.execute(statement).all()) for statement in (numbers, letters, twice))
