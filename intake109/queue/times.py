"""The moments of a mention's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from intake109.config import Promise


class Urgency(StrEnum):
    CALM = "calm"
    DUE = "due"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Times:
    """When a mention should be registered (`target_at`), must be (`promise_at`), and when the machine steps in."""

    target_at: datetime
    due_at: datetime
    promise_at: datetime


def started(mentioned_at: datetime, received_at: datetime) -> datetime:
    """Return when the citizen's clock began.

    A platform's clock may run ahead of ours: nothing is mentioned after it was received.
    """
    return min(mentioned_at, received_at)


def times(mentioned_at: datetime, received_at: datetime, promise: Promise, *, is_incident: bool = False) -> Times:
    """Compute the moments from the citizen's act; the desk always gets its least time, however late we heard.

    For danger to life the machine steps in sooner.
    """
    started_at = started(mentioned_at, received_at)
    minutes = promise.ladder.incident.register_ if is_incident else promise.automatic_minutes
    return Times(
        target_at=started_at + promise.target,
        due_at=max(
            started_at + timedelta(minutes=minutes),
            received_at + timedelta(minutes=promise.least_desk_minutes),
        ),
        promise_at=started_at + promise.promise,
    )


def sooner(
    due_at: datetime, mentioned_at: datetime, received_at: datetime, promise: Promise, now: datetime
) -> datetime:
    """Return when the machine steps in once danger has been recognised in what waited already.

    The desk gets its least time from the recognition on, but never more than it had.
    """
    incident_at = times(mentioned_at, received_at, promise, is_incident=True).due_at
    return min(due_at, max(incident_at, now + timedelta(minutes=promise.least_desk_minutes)))


def urgency(due_at: datetime, now: datetime, warn_before: timedelta) -> Urgency:
    """Say how urgent an unregistered mention is.

    The boundary belongs to the worse colour: exactly at `due_at` is already late.
    """
    left = due_at - now
    if left <= timedelta(0):
        return Urgency.LATE
    if left <= warn_before:
        return Urgency.DUE
    return Urgency.CALM
