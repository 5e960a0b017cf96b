"""What an inspector decides about a task. Everything a decision means is written in the caller's one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.alerts.raising import end_of_task
from intake109.appeals import news, registration, reopening
from intake109.catalogue.services import Catalogue, Service
from intake109.config import Promise
from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.outbox import executors
from intake109.outbox.letters import Letter, Purpose, fill, owe
from intake109.queue import examples
from intake109.queue.lateness import cause
from intake109.queue.rules import Rules
from intake109.store import appeals, audit, changes, outbox, tasks, together
from intake109.store.tables import AppealRow, MentionRow, TaskRow

REOPENED = "reopened"
"""The reason of a task that was attached to an appeal by taking it up again."""


class Outcome(StrEnum):
    """How a task ended. `AUTOMATIC`: the machine registered it, for nobody else did in time."""

    AUTOMATIC = "automatic"
    REGISTERED = "registered"
    ATTACHED = "attached"
    ANSWERED = "answered"
    DISMISSED = "dismissed"


class Dismissal(StrEnum):
    """Why something needs no appeal. `NOT_OURS` tells the citizen where to turn."""

    THANKS = "thanks"
    SPAM = "spam"
    CHAT = "chat"
    NOT_OURS = "not_ours"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Form:
    """What the inspector chose. `reply` may hold {number}, {deadline}, {service} and {executor}."""

    service: str
    address: str = ""
    place_key: str = ""
    note: str = ""
    is_incident: bool = False
    reply: str = ""
    language: str = "ru"


def register(session: Session, task_id: int, user_id: int, form: Form, rules: Rules, now: datetime) -> AppealRow:
    """Register a new appeal, forward it to its executor, and owe the citizen the acknowledgement.

    Raises:
        ConflictError: somebody else decided it, or holds it.
        RefusedError: a field breaks a rule, or the citizen would not be told the number.
    """
    _require_reply(form)
    service = service_of(rules.catalogue, form.service)
    task, mention = take(session, task_id, user_id, Outcome.REGISTERED, rules.promise, now)
    case = case_of(service, form)
    appeal = registration.register(session, mention, case, form.language, user_id, rules.terms, now)
    executors.forward(session, appeal, rules, now, task_id)
    conclude(session, task, mention, appeal, Purpose.ACKNOWLEDGEMENT, form, rules, user_id, now)
    return appeal


def attach(
    session: Session, task_id: int, user_id: int, number: str, form: Form, rules: Rules, now: datetime
) -> AppealRow:
    """Attach the citizen to an appeal that exists, or the case it is merged into, and owe its number.

    Raises:
        NotFoundError: no appeal has this number.
        ConflictError: somebody else decided the task, or the appeal was annulled.
        RefusedError: the citizen would not be told the number.
    """
    _require_reply(form)
    found = appeals.by_number(session, number.strip())
    if found is None or found.id is None:
        raise NotFoundError(f"no appeal has the number {number.strip()}")
    task, mention = take(session, task_id, user_id, Outcome.ATTACHED, rules.promise, now)
    appeal = appeals.lock_live(session, found.id)
    registration.attach(session, appeal, mention, form.language, user_id, now)
    conclude(session, task, mention, appeal, Purpose.ACKNOWLEDGEMENT, form, rules, user_id, now)
    return appeal


def answer(session: Session, task_id: int, user_id: int, form: Form, rules: Rules, now: datetime) -> AppealRow:
    """Register a question, answer it and close it: numbered like any other, nothing to forward.

    Raises:
        RefusedError: there is no answer in `form.reply`.
    """
    if not form.reply.strip():
        raise RefusedError("reply", "write the answer the citizen gets")
    service = service_of(rules.catalogue, form.service)
    task, mention = take(session, task_id, user_id, Outcome.ANSWERED, rules.promise, now)
    case = case_of(service, form, is_answered=True)
    appeal = registration.register(session, mention, case, form.language, user_id, rules.terms, now)
    conclude(session, task, mention, appeal, Purpose.ANSWER, form, rules, user_id, now)
    return appeal


def dismiss(
    session: Session, task_id: int, user_id: int, reason: Dismissal, form: Form, rules: Rules, now: datetime
) -> None:
    """End a task without an appeal; a reply is owed only if the inspector wrote one.

    Raises:
        RefusedError: `NOT_OURS` without telling the citizen where to turn.
    """
    if reason is Dismissal.NOT_OURS and not form.reply.strip():
        raise RefusedError("reply", "tell the citizen where to turn")
    task, mention = take(session, task_id, user_id, Outcome.DISMISSED, rules.promise, now)
    task.reason = reason.value
    conclude(session, task, mention, None, Purpose.REFUSAL, form, rules, user_id, now)


def undo(session: Session, task_id: int, user_id: int, now: datetime) -> None:
    """Take one's own decision back while nothing has been sent; a number given is annulled, visibly.

    What was decided together with it is taken back too: all of it or nothing.

    Raises:
        ConflictError: too late, or not this user's decision.
    """
    task = tasks.lock(session, task_id)
    if task.decided_by != user_id or task.undo_until is None or now >= task.undo_until:
        raise ConflictError("it is too late to undo this; correct the appeal instead")
    for one in (*together.decided_with(session, task_id), task):
        if one.id is None or not outbox.cancel_of_task(session, one.id, Purpose.QUESTION.value, now):
            raise ConflictError("the citizen has already been told; correct the appeal instead")
        reopen(session, one, user_id, "undone", now)


def reopen(session: Session, task: TaskRow, user_id: int, why: str, now: datetime) -> None:
    """Make a decided task open as it was; off its appeal, whose number is annulled if nobody else is left on it."""
    assert task.id is not None
    if task.appeal_id is not None:
        appeal = appeals.lock(session, task.appeal_id)
        if task.reason == REOPENED:
            reopening.take_back(session, appeal, task.mention_id, user_id, now)
        registration.withdraw(session, appeal, task.mention_id, user_id, why, now)
    examples.withdraw(session, task.id, now)
    task.decided_at = task.decided_by = task.appeal_id = task.undo_until = task.decided_with = None
    task.claimed_by = task.claimed_at = task.lease_until = None
    task.outcome = task.reason = task.late_cause = ""
    task.rung_at = None if task.shelf == "no_appeal" else now
    audit.note(session, now, user_id, why, "task", task.id)
    changes.tell(session, changes.Topic.TASK, task.id, now)


def case_of(service: Service, form: Form, *, is_answered: bool = False) -> registration.Case:
    """Return what the appeal says by a form."""
    return registration.Case(
        service, form.is_incident, form.address.strip(), form.place_key, form.note.strip(), is_answered
    )


def _require_reply(form: Form) -> None:
    if not form.reply.strip():
        raise RefusedError("reply", "the citizen is owed the number: write the reply")


def service_of(catalogue: Catalogue, code: str) -> Service:
    """Return a chosen service.

    Raises:
        RefusedError: it is none of the catalogue's.
    """
    service = catalogue.get(code)
    if service is None:
        raise RefusedError("service", "choose a service of the catalogue")
    return service


def held(session: Session, task_id: int, user_id: int | None, now: datetime) -> tuple[TaskRow, MentionRow]:
    """Return an open task, locked, with its mention.

    Raises:
        ConflictError: somebody else decided it, or holds it.
    """
    task = tasks.lock(session, task_id)
    if task.decided_at is not None:
        raise ConflictError("this task was decided a moment ago by somebody else")
    is_held_by_other = (
        user_id is not None
        and task.claimed_by not in (None, user_id)
        and task.lease_until is not None
        and task.lease_until > now
    )
    if is_held_by_other:
        raise ConflictError("somebody else is working on this task now")
    mention = session.get(MentionRow, task.mention_id)
    assert mention is not None
    return task, mention


def take(
    session: Session, task_id: int, user_id: int | None, outcome: Outcome, promise: Promise, now: datetime
) -> tuple[TaskRow, MentionRow]:
    """Take a task for a decision and return it with its mention; `user_id` None is the machine, which nobody holds up.

    Raises:
        NotFoundError: there is no such task.
        ConflictError: somebody else decided it, or holds it.
    """
    task, mention = held(session, task_id, user_id, now)
    statement = (
        update(TaskRow)
        .where(col(TaskRow.id) == task_id, col(TaskRow.decided_at).is_(None))
        .values(decided_at=now, decided_by=user_id, outcome=outcome.value, rung_at=None)
        .returning(col(TaskRow.id))
    )
    if session.execute(statement).first() is None:
        raise ConflictError("this task was decided a moment ago by somebody else")
    session.refresh(task)
    task.undo_until = now + timedelta(seconds=promise.undo_seconds) if user_id is not None else None
    task.late_cause = cause(session, task, promise, now)
    end_of_task(session, task_id, "decided" if user_id is not None else "registered", now)
    return task, mention


def conclude(
    session: Session,
    task: TaskRow,
    mention: MentionRow,
    appeal: AppealRow | None,
    purpose: Purpose,
    form: Form,
    rules: Rules,
    user_id: int | None,
    now: datetime,
) -> None:
    """Write what a decision means beside the appeal: the letter owed, the example, the audit's line.

    What the machine decides teaches nothing until a person has checked it.
    """
    assert task.id is not None
    task.appeal_id = appeal.id if appeal else None
    task.lease_until = None
    if form.reply.strip():
        text = fill(form.reply.strip(), values(session, appeal, form.language, rules) if appeal else {})
        key = f"task:{task.id}:{purpose.value}:{len(outbox.of_task(session, task.id))}"
        letter = Letter(purpose, key, text, form.language, task_id=task.id, appeal_id=task.appeal_id)
        owe(session, mention, letter, now + timedelta(seconds=rules.promise.undo_seconds), now)
    service, is_incident = (appeal.service, appeal.is_incident) if appeal else ("", form.is_incident)
    if user_id is not None:
        examples.keep(session, task, mention, service, is_incident, user_id, now)
    audit.note(session, now, user_id, task.outcome, "task", task.id, reason=task.reason, appeal=task.appeal_id)
    changes.tell(session, changes.Topic.TASK, task.id, now)


def values(session: Session, appeal: AppealRow, language: str, rules: Rules) -> dict[str, str]:
    """Return what a letter may name of an appeal."""
    return news.values(session, appeal, language, rules.catalogue, rules.zone)
