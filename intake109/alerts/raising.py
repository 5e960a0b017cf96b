"""Raising an alert, acknowledging it, ending it. All in the transaction of the caller."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from intake109.errors import NotFoundError
from intake109.store import alerts, audit, changes, outbox
from intake109.store.tables import AlertRow

EVERYBODY = "everybody"
INSPECTORS = "role:inspector"
SUPERVISORS = "role:supervisor"
ACKNOWLEDGED = "acknowledged"
TAKEN = "taken"
"""Why an alert is over whose task somebody has taken."""
_LEFT_ALONE = timedelta(seconds=15)
"""Who walks through the list with the arrows opens danger, too: it is not told again in that same second."""


class Kind(StrEnum):
    """What the staff is told."""

    REMINDER = "reminder"
    """To who holds the task."""
    WAITING = "waiting"
    """To all inspectors: a task nobody has decided."""
    ESCALATION = "escalation"
    """To the supervisors: minutes are left."""
    UNANSWERED = "unanswered"
    """To the supervisors: minutes are left for danger to life."""
    INCIDENT = "incident"
    """To everybody, until somebody acknowledges: danger to life."""
    DISPATCH = "dispatch"
    """To everybody, until somebody acknowledges: the machine has registered an incident that no person has seen."""
    STILL_DANGEROUS = "still_dangerous"
    """To everybody, until somebody acknowledges: somebody looked, and the danger of an appeal is not over."""
    OVERDUE = "overdue"
    """To the supervisors: an executor is past a deadline, and nobody stands over it who could be told."""

    @property
    def is_insistent(self) -> bool:
        """Whether it repeats until a person acknowledges; others are told once and do not make anybody numb."""
        return self in {Kind.INCIDENT, Kind.DISPATCH, Kind.STILL_DANGEROUS}

    @property
    def is_danger(self) -> bool:
        """Whether it is about danger to life: red, loud, and never hidden in a number."""
        return self.is_insistent or self is Kind.UNANSWERED

    @property
    def is_gathered(self) -> bool:
        """Whether many of it are told as one: in a storm nobody could hear each. Danger is always told by itself."""
        return self in {Kind.WAITING, Kind.ESCALATION}


_INSISTENT = tuple(kind.value for kind in Kind if kind.is_insistent)


def user(user_id: int) -> str:
    """Return the audience of one person."""
    return f"user:{user_id}"


def raise_alert(session: Session, kind: Kind, task_id: int, audience: str, now: datetime, about: str = "") -> bool:
    """Alert somebody of a task; False if they were already, for nothing is alerted twice.

    Open screens hear of it as soon as the transaction commits; the job announces it on all other ways at its next look.

    Args:
        about: what of the task, where the same may have to be told of it again.
    """
    key = f"task:{task_id}:{kind.value}" + (f":{about}" if about else "")
    if kind is Kind.REMINDER:
        key = f"{key}:{audience}"
    row = alerts.add(session, key, kind.value, audience, task_id, now)
    if row is None or row.id is None:
        return False
    changes.tell(session, changes.Topic.ALERT, row.id, now)
    return True


def acknowledge(session: Session, alert_id: int, user_id: int, now: datetime) -> bool:
    """Let one person answer for everybody; False if the alert was over already.

    Raises:
        NotFoundError: there is no such alert.
    """
    if session.get(AlertRow, alert_id) is None:
        raise NotFoundError(f"there is no alert {alert_id}")
    if not alerts.acknowledge(session, alert_id, user_id, now, ACKNOWLEDGED):
        return False
    audit.note(session, now, user_id, "acknowledged", "alert", alert_id)
    _over(session, alert_id, now)
    return True


def acknowledge_task(session: Session, task_id: int, user_id: int, now: datetime) -> None:
    """Acknowledge everything a task alerts of."""
    for row in alerts.of_task(session, task_id):
        if row.ended_at is None and row.id is not None:
            acknowledge(session, row.id, user_id, now)


def acknowledge_gathered(session: Session, found: Iterable[AlertRow], user_id: int, now: datetime) -> int:
    """Acknowledge alerts that were told as one; return how many of them were not over yet."""
    return sum(acknowledge(session, row.id, user_id, now) for row in found if row.id is not None)


def hush(session: Session, task_id: int, user_id: int, now: datetime) -> None:
    """End everything a task alerts of, for somebody has taken it; `sound_again` if it is given back."""
    for row in alerts.of_task(session, task_id):
        if row.id is not None and alerts.acknowledge(session, row.id, user_id, now, TAKEN):
            audit.note(session, now, user_id, "acknowledged", "alert", row.id)
            _over(session, row.id, now)


def sound_again(session: Session, task_id: int, now: datetime) -> None:
    """Alert once more of danger that somebody took and gave back undecided: nobody has answered for it."""
    for alert_id in alerts.revive(session, task_id, TAKEN, _INSISTENT, now + _LEFT_ALONE):
        changes.tell(session, changes.Topic.ALERT, alert_id, now)


def end_of_task(session: Session, task_id: int, why: str, now: datetime) -> None:
    """End everything a task alerts of: it is decided."""
    for alert_id in alerts.end_of_task(session, task_id, why, now):
        _over(session, alert_id, now)


def is_acknowledged(session: Session, task_id: int) -> bool:
    """Say whether a person has acknowledged danger in a task; having taken it and gone is no answer."""
    rows = alerts.of_task(session, task_id)
    return any(row.ended_why == ACKNOWLEDGED and Kind(row.kind).is_insistent for row in rows)


def _over(session: Session, alert_id: int, now: datetime) -> None:
    outbox.cancel_of_alert(session, alert_id, now)
    changes.tell(session, changes.Topic.ALERT, alert_id, now)
