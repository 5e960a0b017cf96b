"""Taking a task one rung up, in the caller's transaction, by a conditional update: of two workers one acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.alerts.raising import EVERYBODY, INSPECTORS, SUPERVISORS, Kind, raise_alert, sound_again, user
from intake109.queue import automatic, following, ladder
from intake109.queue.decisions import Form
from intake109.queue.ladder import Climber, Move, Rung
from intake109.queue.rules import Rules
from intake109.queue.times import started
from intake109.store import tasks
from intake109.store.tables import TaskRow


def climb(session: Session, task_id: int, rules: Rules, now: datetime) -> Rung | None:
    """Do what is due for a task and set its next look; return the rung that acted, None if none did."""
    task = session.get(TaskRow, task_id, populate_existing=True)
    if task is None or task.decided_at is not None or task.rung_at is None or task.rung_at > now:
        return None
    if task.follows_id is not None:
        return _climb_with_leader(session, task, task.follows_id, rules, now)
    rung_before, is_held = task.rung, task.lease_until is not None and task.lease_until > now
    move = ladder.decide(_climber(task), rules.promise, now, is_night=rules.promise.ladder.night.holds(now, rules.zone))
    if not tasks.climb(session, task, move.rung, move.at):
        return None
    session.refresh(task)
    if task.is_incident and not is_held and move.act is not Rung.REGISTER:
        sound_again(session, task_id, now)
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
            kind = Kind.UNANSWERED if task.is_incident else Kind.ESCALATION
            raise_alert(session, kind, task.id, SUPERVISORS if was_told else EVERYBODY, now)
        case Rung.REGISTER:
            automatic.register(session, task.id, rules, now)
            following.decide_too(session, task.id, Form(""), rules, None, now)


def _climb_with_leader(session: Session, task: TaskRow, leader_id: int, rules: Rules, now: datetime) -> Rung | None:
    """Take a follower up. Of its rungs only the last one acts, and on its leader: whoever sees that sees both.

    Somebody at work on the leader is at work on the follower, which waits no longer for that than it would alone.
    """
    leader = tasks.lock(session, leader_id)
    session.refresh(task)
    if task.decided_at is not None or task.follows_id != leader_id:
        return None
    if leader.decided_at is not None:
        following.settle(session, leader, task, rules, None, now)
        return Rung.REGISTER
    is_night = rules.promise.ladder.night.holds(now, rules.zone)
    one = replace(_climber(task), lease_until=leader.lease_until)
    move = ladder.decide(one, rules.promise, now, is_night=is_night)
    if not tasks.climb(session, task, move.rung, move.at):
        return None
    if move.act is Rung.REGISTER:
        automatic.register(session, leader_id, rules, now)
        following.decide_too(session, leader_id, Form(""), rules, None, now)
    return move.act
