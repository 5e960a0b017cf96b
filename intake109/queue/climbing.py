"""Taking a task one rung up, in the caller's transaction, by a conditional update: of two workers one acts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake109.alerts.raising import EVERYBODY, INSPECTORS, SUPERVISORS, Kind, raise_alert, user
from intake109.queue import automatic, ladder
from intake109.queue.decisions import Rules
from intake109.queue.ladder import Climber, Move, Rung
from intake109.queue.times import started
from intake109.store import tasks
from intake109.store.tables import TaskRow


def climb(session: Session, task_id: int, rules: Rules, now: datetime) -> Rung | None:
    """Do what is due for a task and set its next look; return the rung that acted, None if none did."""
    task = session.get(TaskRow, task_id, populate_existing=True)
    if task is None or task.decided_at is not None or task.rung_at is None or task.rung_at > now:
        return None
    rung_before, is_held = task.rung, task.lease_until is not None and task.lease_until > now
    move = ladder.decide(_climber(task), rules.promise, now, is_night=rules.promise.ladder.night.holds(now, rules.zone))
    if not tasks.climb(session, task, move.rung, move.at):
        return None
    session.refresh(task)
    _act(session, task, move, rung_before, rules, now, is_held=is_held)
    return move.act


def _climber(task: TaskRow) -> Climber:
    began_at = started(task.mentioned_at, task.received_at)
    return Climber(began_at, task.due_at, task.is_incident, task.rung, task.lease_until)


def _act(
    session: Session, task: TaskRow, move: Move, rung_before: int, rules: Rules, now: datetime, *, is_held: bool
) -> None:
    assert task.id is not None
    match move.act:
        case Rung.REMIND if task.claimed_by is not None:
            raise_alert(session, Kind.REMINDER, task.id, user(task.claimed_by), now)
        case Rung.ALERT if task.is_incident:
            raise_alert(session, Kind.INCIDENT, task.id, EVERYBODY, now)
        case Rung.ALERT:
            raise_alert(session, Kind.WAITING, task.id, INSPECTORS, now)
        case Rung.ESCALATE:
            was_told = rung_before > Rung.ALERT or is_held
            raise_alert(session, Kind.ESCALATION, task.id, SUPERVISORS if was_told else EVERYBODY, now)
        case Rung.REGISTER:
            automatic.register(session, task.id, rules, now)
