"""Shifts: who is at work, what one shift leaves to the next, and a task put before somebody."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.queue import claims
from intake109.store import audit, changes, duties, giving, handovers, shift_figures, tasks
from intake109.store.tables import HandoverRow, TaskRow

GIVEN_LEASE = timedelta(minutes=5)
"""How long a task that was given waits for its holder before it is everybody's again."""
_LONGEST_NOTE = 4000


@dataclass(frozen=True, slots=True)
class Left:
    """What one shift leaves to the next: ids, for words of citizens stay where they can be erased."""

    open: list[int]
    asked: list[int]
    incidents: list[int]
    undelivered: list[int]
    blind: list[int]
    counts: dict[str, int]

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Left:
        """Read what was kept of a hand-over."""
        return cls(**content)


def switch(session: Session, user_id: int, state: str, now: datetime) -> None:
    """Put oneself on duty, on a break or off. Who goes frees what was held: nothing waits for an empty chair.

    Raises:
        RefusedError: there is no such state.
    """
    if state not in duties.STATES:
        raise RefusedError("duty", f"write one of {', '.join(duties.STATES)}")
    if not duties.switch(session, user_id, state, now):
        return
    if state != duties.ON:
        for task_id in giving.held_by(session, user_id, now):
            claims.release(session, task_id, user_id, now)
    audit.note(session, now, user_id, f"duty {state}", "user", user_id)
    changes.tell(session, changes.Topic.DUTY, user_id, now)


def give(session: Session, task_id: int, to_id: int, by_id: int, now: datetime) -> None:
    """Put a task before somebody, whoever held it. Not opened within minutes it is free again.

    Raises:
        NotFoundError: there is no such task.
        ConflictError: it is decided.
        RefusedError: the person is not on duty.
    """
    if to_id not in duties.on_duty(session, now):
        raise RefusedError("given", "choose somebody who is on duty")
    before = _open(session, task_id).claimed_by
    if not giving.give(session, task_id, to_id, by_id, now, now + GIVEN_LEASE):
        raise ConflictError("this task was decided a moment ago by somebody else")
    audit.note(session, now, by_id, "given", "task", task_id, to=to_id, before=before)
    changes.tell(session, changes.Topic.CLAIM, task_id, now)


def take_back(session: Session, task_id: int, by_id: int, now: datetime) -> None:
    """Take a task away from its holder and give it to the queue; what the holder typed is kept as a draft.

    Raises:
        NotFoundError: there is no such task.
        ConflictError: it is decided.
    """
    holder = _open(session, task_id).claimed_by
    if holder is None:
        return
    claims.release(session, task_id, holder, now)
    audit.note(session, now, by_id, "taken back", "task", task_id, before=holder)


def _open(session: Session, task_id: int) -> TaskRow:
    task = tasks.by_id(session, task_id)
    if task is None:
        raise NotFoundError(f"there is no task {task_id}")
    if task.decided_at is not None:
        raise ConflictError("this task was decided a moment ago by somebody else")
    return task


def gather(session: Session, now: datetime) -> Left:
    """Return what would be left to the next shift now."""
    figures = tasks.counts(session, now)
    return Left(
        open=shift_figures.open_tasks(session),
        asked=shift_figures.asked_tasks(session),
        incidents=shift_figures.live_incidents(session),
        undelivered=shift_figures.undelivered(session),
        blind=shift_figures.blind(session),
        counts={
            "open": figures["queue"],
            "late": figures["late"],
            "asked": shift_figures.count_asked(session),
            "incidents": shift_figures.count_incidents(session),
            "undelivered": shift_figures.count_undelivered(session),
        },
    )


def hand_over(session: Session, user_id: int, note: str, now: datetime, *, is_leaving: bool) -> int:
    """Sign what is left as the one who goes, and return the hand-over's id. It waits for whoever signs as coming.

    Raises:
        RefusedError: the note is too long.
    """
    if len(note) > _LONGEST_NOTE:
        raise RefusedError("note", f"a note has at most {_LONGEST_NOTE} characters")
    content = asdict(gather(session, now))
    handover_id = handovers.write(session, user_id, note.strip(), content, now)
    audit.note(session, now, user_id, "handed over", "handover", handover_id)
    changes.tell(session, changes.Topic.DUTY, user_id, now)
    if is_leaving:
        switch(session, user_id, duties.OFF, now)
    return handover_id


def take_over(session: Session, handover_id: int, user_id: int, now: datetime) -> None:
    """Sign as the one who comes, and begin the shift.

    Raises:
        NotFoundError: there is no such hand-over.
        ConflictError: somebody has signed already, or the same person would sign on both sides.
    """
    row: HandoverRow | None = handovers.by_id(session, handover_id)
    if row is None:
        raise NotFoundError(f"there is no hand-over {handover_id}")
    if not handovers.take_over(session, handover_id, user_id, now):
        raise ConflictError("somebody has signed this already, or you would sign on both sides")
    audit.note(session, now, user_id, "taken over", "handover", handover_id)
    switch(session, user_id, duties.ON, now)
    changes.tell(session, changes.Topic.DUTY, user_id, now)
