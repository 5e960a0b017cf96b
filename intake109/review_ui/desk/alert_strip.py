"""The strip over every page: what one member of the staff is alerted of now, and how one ends it for all.

Danger and one's own reminders are a line for each task; what else waits is one line with its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.alerts.raising import Kind, acknowledge, acknowledge_gathered
from intake109.alerts.texts import minutes
from intake109.queue.times import Urgency, urgency
from intake109.review_ui.desk.rows import warn_before
from intake109.review_ui.viewer import Viewer
from intake109.store import alert_rounds, alerts, changes, duties, people, tasks
from intake109.store.tables import AlertRow, TaskRow


@dataclass(frozen=True, slots=True)
class Alerted:
    """What somebody is alerted of: one task, or many that wait, of which `task` is the most pressing.

    Attributes:
        keys: change when it is to be heard again, for a repeated alert is a new round; none: it grows silently.
        count: how many tasks it is, and `waited` for how many minutes the first of their citizens has.
        last_id: the youngest of its alerts.
    """

    kind: Kind
    keys: tuple[str, ...]
    task: TaskRow
    since: datetime
    urgency: Urgency
    holder: str
    is_mine: bool
    last_id: int
    count: int = 1
    waited: int = 0

    @property
    def is_danger(self) -> bool:
        return self.kind.is_danger


@dataclass(frozen=True, slots=True)
class Strip:
    """Danger first, then what has been alerted longest. `is_quiet`: no sound, for its reader has a break or is off."""

    alerted: list[Alerted]
    is_quiet: bool
    last_id: int

    @property
    def more(self) -> int:
        """How many tasks are alerted of beside those of the first line."""
        return sum(one.count for one in self.alerted[1:])


@dataclass(frozen=True, slots=True)
class _Reading:
    """What every line of a strip needs: whose it is, the names of the staff, and what has been told of many tasks."""

    user_id: int
    names: dict[int, str]
    told: dict[tuple[str, str], int]
    now: datetime


def strip(session: Session, viewer: Viewer, now: datetime) -> Strip:
    """Read what a viewer is alerted of; nothing for those who do not work in the queue."""
    found = alerts.live(session, viewer.user_id, viewer.role) if viewer.can_decide else []
    by_task: dict[int, list[AlertRow]] = {}
    for row in found:
        if row.task_id is not None:
            by_task.setdefault(row.task_id, []).append(row)
    told = {key: one.id or 0 for key, one in alert_rounds.open_rounds(session).items()} if by_task else {}
    reading = _Reading(viewer.user_id, people.names(session) if by_task else {}, told, now)
    waiting = sorted(tasks.by_ids(session, list(by_task)), key=lambda task: (task.promise_at, task.id or 0))
    gathered = [task for task in waiting if _is_gathered(by_task[task.id or 0])]
    alerted = [
        _alerted([task], by_task[task.id or 0], reading) for task in waiting if not _is_gathered(by_task[task.id or 0])
    ]
    if gathered:
        alerted.append(_alerted(gathered, [row for task in gathered for row in by_task[task.id or 0]], reading))
    alerted.sort(key=lambda one: (not one.is_danger, one.since, one.task.id or 0))
    is_quiet = viewer.user_id in duties.away(session)
    return Strip(alerted, is_quiet, changes.last_id(session))


def acknowledge_for(session: Session, viewer: Viewer, task_id: int, now: datetime) -> None:
    """Acknowledge for everybody what the viewer is alerted of in a task; nothing happens if it is over."""
    for row in alerts.live(session, viewer.user_id, viewer.role):
        if row.task_id == task_id and row.id is not None:
            acknowledge(session, row.id, viewer.user_id, now)


def acknowledge_waiting(session: Session, viewer: Viewer, last_id: int, now: datetime) -> None:
    """Acknowledge for everybody what the viewer was shown as one number; what joined it later goes on."""
    found = alerts.live(session, viewer.user_id, viewer.role)
    shown = [row for row in found if (row.id or 0) <= last_id and Kind(row.kind).is_gathered]
    acknowledge_gathered(session, shown, viewer.user_id, now)


def _is_gathered(found: Sequence[AlertRow]) -> bool:
    return all(Kind(row.kind).is_gathered for row in found)


def _alerted(of: Sequence[TaskRow], found: Sequence[AlertRow], reading: _Reading) -> Alerted:
    """Return a line with the worst it is alerted of; its task is the first of those given."""
    worst = min(found, key=lambda row: (not Kind(row.kind).is_danger, not Kind(row.kind).is_insistent, -(row.id or 0)))
    task, now = of[0], reading.now
    is_held = task.claimed_by is not None and task.lease_until is not None and task.lease_until > now
    is_one = len(of) == 1
    return Alerted(
        kind=Kind(worst.kind),
        keys=_keys(worst, found, reading),
        task=task,
        since=worst.created_at if is_one else min(row.created_at for row in found),
        urgency=urgency(task.promise_at, now, warn_before(task)),
        holder=reading.names.get(task.claimed_by or 0, "") if is_one and is_held and task.decided_at is None else "",
        is_mine=is_held and task.claimed_by == reading.user_id,
        last_id=max(row.id or 0 for row in found),
        count=len(of),
        waited=minutes(now - min(one.mentioned_at for one in of)),
    )


def _keys(worst: AlertRow, found: Sequence[AlertRow], reading: _Reading) -> tuple[str, ...]:
    """Name what is to be heard: each round of an alert by itself, of gathered ones the round they were told in."""
    if not Kind(worst.kind).is_gathered:
        return (f"{worst.id}:{max(1, worst.rounds)}",)
    rounds = {reading.told.get((row.kind, row.audience), 0) for row in found if row.rounds}
    return tuple(f"round:{round_id}" for round_id in sorted(rounds) if round_id)
