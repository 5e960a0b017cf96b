"""The course of an appeal: its statuses and the only way from one to another.

    registered ─→ forwarded ─→ in_work ─→ answered ─→ closed
                   │   ↑ ↑        │           │          │
                   │   │ └────────┴───────────┴──────────┘  sent back, or the problem has come back: a new round
                   ↓   │
                 returned (not ours) ─→ forwarded to another

`waiting` (for the citizen) and `long_term` are entered from work under way and lead back to where the appeal came
from; `annulled` and `merged` can be entered from anywhere.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from intake109.errors import ConflictError
from intake109.store import steps
from intake109.store.tables import AppealRow, StepRow


class Status(StrEnum):
    """How an appeal stands."""

    REGISTERED = "registered"
    """It has a number and is on its way to nobody yet."""
    FORWARDED = "forwarded"
    IN_WORK = "in_work"
    """The executor has said that it is at it."""
    ANSWERED = "answered"
    """The executor says that it is done; a person or the citizens have yet to agree."""
    WAITING = "waiting"
    """The citizen was asked for what the executor needs; ends by itself."""
    RETURNED = "returned"
    """The executor says that it is none of its work; a person must find whose it is."""
    LONG_TERM = "long_term"
    """It cannot be done soon: in the folder with an owner, a reason and a date on which it comes back by itself."""
    CLOSED = "closed"
    ANNULLED = "annulled"
    MERGED = "merged"


_WORK = frozenset({Status.FORWARDED, Status.IN_WORK})
_ASIDE = frozenset({Status.WAITING, Status.LONG_TERM})
_ALWAYS = frozenset({Status.ANNULLED, Status.MERGED})
WAYS: dict[Status, frozenset[Status]] = {
    Status.REGISTERED: frozenset({Status.FORWARDED, Status.CLOSED}),
    Status.FORWARDED: _WORK | _ASIDE | {Status.ANSWERED, Status.RETURNED},
    Status.IN_WORK: _WORK | _ASIDE | {Status.ANSWERED, Status.RETURNED},
    Status.ANSWERED: _WORK | _ASIDE | {Status.CLOSED},
    Status.WAITING: _WORK | _ASIDE | {Status.ANSWERED, Status.RETURNED},
    Status.RETURNED: frozenset({Status.FORWARDED, Status.LONG_TERM, Status.CLOSED}),
    Status.LONG_TERM: _WORK | {Status.ANSWERED, Status.RETURNED},
    Status.CLOSED: frozenset({Status.FORWARDED, Status.ANSWERED}),
    Status.ANNULLED: frozenset(),
    Status.MERGED: frozenset(Status),
}
"""Which statuses may follow which; `annulled` and `merged` may follow any but themselves."""

WITH_EXECUTOR = _WORK | _ASIDE
"""Somebody outside has work with it, or will have again."""
CORRECTED = "corrected"
"""Why a step was made by which the staff puts a registration right; its citizens are written to by who does."""
OVER = frozenset({Status.CLOSED, Status.ANNULLED, Status.MERGED})
"""Nothing is waited for any more."""


def move(
    session: Session, appeal: AppealRow, after: Status, actor_id: int | None, now: datetime, why: str = ""
) -> None:
    """Give an appeal, locked by the caller, another status, and write the step down. Staying where it is is no step.

    What goes with a status (moments, letters, the reason it was put aside) is written by who calls.

    Args:
        actor_id: None for the system, and for an executor without an account.
        why: a code or a name.

    Raises:
        ConflictError: there is no way from its status to this one.
    """
    before = Status(appeal.status)
    if after == before:
        return
    if after not in WAYS[before] | _ALWAYS or before is Status.ANNULLED:
        raise ConflictError(f"the appeal {appeal.number} is {before}, which cannot become {after}; look again")
    appeal.status = after.value
    write(session, appeal, before.value, actor_id, now, why)


def write(session: Session, appeal: AppealRow, before: str, actor_id: int | None, now: datetime, why: str = "") -> None:
    """Write down how an appeal stands since now; `before` is empty for a new one."""
    assert appeal.id is not None
    steps.add(
        session,
        StepRow(
            appeal_id=appeal.id,
            round=appeal.round,
            before=before,
            after=appeal.status,
            at=now,
            actor_id=actor_id,
            why=why,
        ),
    )


def came_from(session: Session, appeal: AppealRow) -> Status:
    """Return the working status from which an appeal was last put aside; forwarded if none is known."""
    assert appeal.id is not None
    for step in reversed(steps.of_appeal(session, appeal.id)):
        if step.after in _ASIDE and step.before in _WORK:
            return Status(step.before)
    return Status.FORWARDED
