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


def times(mentioned_at: datetime, received_at: datetime, promise: Promise) -> Times:
    """Compute the moments from the citizen's act; the desk always gets its least time, however late we heard.

    A platform's clock may run ahead of ours: nothing is mentioned after it was received.
    """
    started_at = min(mentioned_at, received_at)
    return Times(
        target_at=started_at + promise.target,
        due_at=max(
            started_at + timedelta(minutes=promise.automatic_minutes),
            received_at + timedelta(minutes=promise.least_desk_minutes),
        ),
        promise_at=started_at + promise.promise,
    )


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
