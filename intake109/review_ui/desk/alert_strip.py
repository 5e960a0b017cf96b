"""The strip over every page: what one member of the staff is alerted of now, one line for each task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.alerts.raising import Kind, acknowledge
from intake109.queue.times import Urgency, urgency
from intake109.review_ui.desk.rows import warn_before
from intake109.review_ui.viewer import Viewer
from intake109.store import alerts, changes, duties, people, tasks
from intake109.store.tables import AlertRow, TaskRow


@dataclass(frozen=True, slots=True)
class Alerted:
    """One task somebody is alerted of. `key` changes when it is to be heard again: a repeated alert is a new round."""

    kind: Kind
    key: str
    task: TaskRow
    since: datetime
    urgency: Urgency
    holder: str
    is_mine: bool

    @property
    def is_danger(self) -> bool:
        return self.kind.is_insistent


@dataclass(frozen=True, slots=True)
class Strip:
    """Danger first, then what has been alerted longest. `is_quiet`: no sound, for its reader has a break or is off."""

    alerted: list[Alerted]
    is_quiet: bool
    last_id: int


def strip(session: Session, viewer: Viewer, now: datetime) -> Strip:
    """Read what a viewer is alerted of; nothing for those who do not work in the queue."""
    found = alerts.live(session, viewer.user_id, viewer.role) if viewer.can_decide else []
    by_task: dict[int, list[AlertRow]] = {}
    for row in found:
        if row.task_id is not None:
            by_task.setdefault(row.task_id, []).append(row)
    names = people.names(session) if by_task else {}
    alerted = [
        _alerted(task, by_task[task.id], names, viewer.user_id, now)
        for task in tasks.by_ids(session, list(by_task))
        if task.id is not None
    ]
    alerted.sort(key=lambda one: (not one.is_danger, one.since, one.task.id or 0))
    is_quiet = viewer.user_id in duties.away(session)
    return Strip(alerted, is_quiet, changes.last_id(session))


def acknowledge_for(session: Session, viewer: Viewer, task_id: int, now: datetime) -> None:
    """Acknowledge for everybody what the viewer is alerted of in a task; nothing happens if it is over."""
    for row in alerts.live(session, viewer.user_id, viewer.role):
        if row.task_id == task_id and row.id is not None:
            acknowledge(session, row.id, viewer.user_id, now)


def _alerted(task: TaskRow, found: list[AlertRow], names: dict[int, str], user_id: int, now: datetime) -> Alerted:
    """Return a task with the worst it is alerted of."""
    worst = min(found, key=lambda row: (not Kind(row.kind).is_insistent, -(row.id or 0)))
    is_held = task.claimed_by is not None and task.lease_until is not None and task.lease_until > now
    return Alerted(
        kind=Kind(worst.kind),
        key=f"{worst.id}:{max(1, worst.rounds)}",
        task=task,
        since=worst.created_at,
        urgency=urgency(task.promise_at, now, warn_before(task)),
        holder=names.get(task.claimed_by or 0, "") if is_held and task.decided_at is None else "",
        is_mine=is_held and task.claimed_by == user_id,
    )
