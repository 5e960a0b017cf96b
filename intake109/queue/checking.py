"""A person checks what the machine registered: confirms, corrects, or finds that it is no appeal.

Each is the caller's one transaction and happens once. Only from here on the registration teaches the classifier.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from intake109.alerts.raising import acknowledge_task
from intake109.appeals import registration
from intake109.errors import ConflictError, NotFoundError
from intake109.outbox import letters
from intake109.outbox.letters import Letter, Purpose, fill
from intake109.outbox.texts import template
from intake109.queue import examples
from intake109.queue.decisions import Dismissal, Form, Rules, case_of, service_of, values
from intake109.store import appeals, audit, changes, checks, outbox
from intake109.store.tables import AppealRow, MentionRow, ReporterRow, TaskRow


class Check(StrEnum):
    """What a person said of an automatic registration."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    ANNULLED = "annulled"


def confirm(session: Session, task_id: int, user_id: int, now: datetime) -> AppealRow:
    """Say that the machine was right. Nothing changes for the citizen.

    Raises:
        NotFoundError: there is no such task.
        ConflictError: it is none the machine registered, or somebody has checked it.
    """
    task, mention, appeal = _take(session, task_id, user_id, now)
    _conclude(session, task, mention, Check.CONFIRMED, appeal.service, appeal.is_incident, user_id, now)
    return appeal


def correct(session: Session, task_id: int, user_id: int, form: Form, rules: Rules, now: datetime) -> AppealRow:
    """Register it as a person would have: another service, executor and deadline, counted from the registration.

    The citizens are told only if service, executor or date changed as their letter named them. `form.reply` is for the
    citizen of this task; without it, and for the other reporters, the house's own text is sent.

    Raises:
        NotFoundError: there is no such task.
        ConflictError: it is none the machine registered, somebody has checked it, or the appeal is closed by now.
        RefusedError: a field breaks a rule.
    """
    service = service_of(rules.catalogue, form.service)
    task, mention, appeal = _take(session, task_id, user_id, now)
    if appeal.closed_at is not None or appeal.annulled_at is not None:
        raise ConflictError(f"the appeal {appeal.number} is closed by now; open it to see what became of it")
    reporters = appeals.reporters(session, task.appeal_id or 0)
    before = {one.id: values(appeal, one.language, rules) for one in reporters}
    was = (appeal.service, appeal.is_incident)
    registration.reroute(session, appeal, case_of(service, form), user_id, rules.zone, now)
    for reporter in reporters:
        if values(appeal, reporter.language, rules) != before[reporter.id]:
            _tell(session, task, appeal, reporter, form, rules, now)
    check = Check.CONFIRMED if was == (appeal.service, appeal.is_incident) else Check.CORRECTED
    _conclude(session, task, mention, check, appeal.service, appeal.is_incident, user_id, now)
    return appeal


def annul(
    session: Session, task_id: int, user_id: int, reason: Dismissal, form: Form, rules: Rules, now: datetime
) -> None:
    """Say that it was no appeal: the number is annulled, visibly, and never given again.

    A citizen who has been told the number learns that it is void, but for spam; one who has not is told only what the
    inspector writes.

    Raises:
        NotFoundError: there is no such task.
        ConflictError: it is none the machine registered, or somebody has checked it.
    """
    task, mention, appeal = _take(session, task_id, user_id, now)
    registration.withdraw(session, appeal, task.mention_id, user_id, f"no appeal: {reason.value}", now)
    is_told = not _cancel(session, mention, appeal, now)
    text = form.reply.strip()
    if not text and is_told and reason is not Dismissal.SPAM:
        text = template("annulled", form.language)
    if text:
        letter = Letter(
            Purpose.CORRECTION,
            f"task:{task_id}:annulled",
            fill(text, values(appeal, form.language, rules)),
            form.language,
            task_id=task_id,
        )
        letters.owe(session, mention, letter, now + timedelta(seconds=rules.promise.undo_seconds), now)
    task.reason, task.appeal_id = reason.value, None
    _conclude(session, task, mention, Check.ANNULLED, "", form.is_incident, user_id, now, appeal=appeal.id)


def _take(session: Session, task_id: int, user_id: int, now: datetime) -> tuple[TaskRow, MentionRow, AppealRow]:
    if not checks.take(session, task_id, user_id, now):
        task = session.get(TaskRow, task_id)
        if task is None:
            raise NotFoundError(f"there is no task {task_id}")
        if task.checked_at is not None:
            raise ConflictError("somebody else has checked this registration already")
        raise ConflictError("this task was not registered by the machine")
    task = session.get_one(TaskRow, task_id, populate_existing=True)
    assert task.appeal_id is not None
    mention = session.get_one(MentionRow, task.mention_id)
    return task, mention, appeals.lock(session, task.appeal_id)


def _conclude(
    session: Session,
    task: TaskRow,
    mention: MentionRow,
    check: Check,
    service: str,
    is_incident: bool,
    user_id: int,
    now: datetime,
    *,
    appeal: int | None = None,
) -> None:
    assert task.id is not None
    task.checked_as = check.value
    acknowledge_task(session, task.id, user_id, now)
    examples.keep(session, task, mention, service, is_incident, user_id, now)
    audit.note(session, now, user_id, check.value, "task", task.id, appeal=appeal or task.appeal_id)
    changes.tell(session, changes.Topic.TASK, task.id, now)


def _tell(
    session: Session, task: TaskRow, appeal: AppealRow, reporter: ReporterRow, form: Form, rules: Rules, now: datetime
) -> None:
    """Owe a reporter the correction, or the acknowledgement in its new words if the old one has not left yet."""
    mention = session.get_one(MentionRow, reporter.mention_id)
    is_own = reporter.mention_id == task.mention_id
    is_told = not _cancel(session, mention, appeal, now)
    language = form.language if is_own and form.reply.strip() else reporter.language
    first = "incident" if appeal.is_incident else "acknowledgement"
    text = form.reply.strip() if is_own else ""
    letter = Letter(
        Purpose.CORRECTION if is_told else Purpose.ACKNOWLEDGEMENT,
        f"task:{task.id}:corrected:{reporter.id}",
        fill(text or template("corrected" if is_told else first, language), values(appeal, language, rules)),
        language,
        task_id=task.id if is_own else None,
        appeal_id=appeal.id,
    )
    letters.owe(session, mention, letter, now + timedelta(seconds=rules.promise.undo_seconds), now)


def _cancel(session: Session, mention: MentionRow, appeal: AppealRow, now: datetime) -> bool:
    """Cancel the acknowledgement a citizen is still owed; False if it has left, or may have."""
    assert mention.id is not None
    assert appeal.id is not None
    return outbox.cancel_unsent(session, mention.id, appeal.id, Purpose.ACKNOWLEDGEMENT.value, now)
