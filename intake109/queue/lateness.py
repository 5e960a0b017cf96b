"""Why a decision came after the promise. Only what the desk could have changed is charged to the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from intake109.config import Promise
from intake109.store import stops
from intake109.store.tables import TaskRow


class LateCause(StrEnum):
    """Who made it late."""

    COLLECTOR = "collector"
    """It reached us with less than the desk's least time left."""
    SYSTEM = "system"
    """No worker was running when the machine should have stepped in."""
    DESK = "desk"


def cause(session: Session, task: TaskRow, promise: Promise, now: datetime) -> str:
    """Return why a decision taken now is late, empty if it is not. Exactly at the promise is already late."""
    if now < task.promise_at:
        return ""
    if task.blind_spell_id is not None:
        return LateCause.COLLECTOR.value
    if task.received_at + timedelta(minutes=promise.least_desk_minutes) >= task.promise_at:
        return LateCause.COLLECTOR.value
    return LateCause.SYSTEM.value if stops.covers(session, task.due_at) else LateCause.DESK.value
