"""A person checks what the machine registered: confirms, corrects, attaches, or finds that it is no appeal.

Each is the caller's one transaction, happens once, and can be taken back for ten seconds. Only from here on the
registration teaches the classifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from intake109.alerts.raising import acknowledge_task
from intake109.appeals import registration
from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.outbox import executors, letters
from intake109.outbox.letters import Letter, Purpose, fill
from intake109.outbox.texts import read
from intake109.queue import examples
from intake109.queue.before import Before
from intake109.queue.decisions import Dismissal, Form, case_of, service_of, values
from intake109.queue.rules import Rules
from intake109.store import appeals, audit, changes, checks, following, outbox, tasks
from intake109.store.tables import AppealRow, MentionRow, ReporterRow, TaskRow


class Check(StrEnum):
    """What a person said of an automatic registration."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    ATTACHED = "attached"
    ANNULLED = "annulled"


@dataclass(frozen=True, slots=True)
class _Checked:
    """What is checked, by whom, and what stood before. `turn` makes the keys of letters new after an undo."""

    task: TaskRow
    mention: MentionRow
    appeal: AppealRow
    before: Before
    turn: int
    user_id: int
    rules: Rules
    now: datetime


def confirm(session: Session, task_id: int, user_id: int, rules: Rules, now: datetime) -> AppealRow:
    """Say that the machine was right. Nothing changes for the citizen.

    Raises:
        NotFoundError: there is no such task.
        ConflictError: it is none the machine registered, or somebody has checked it.
    """
    checked = _take(session, task_id, user_id, rules, now)
    _conclude(session, checked, Check.CONFIRMED, checked.appeal.service, is_incident=checked.appeal.is_incident)
    return checked.appeal


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
    checked = _take(session, task_id, user_id, rules, now)
    appeal = checked.appeal
    if appeal.closed_at is not None or appeal.annulled_at is not None:
        raise ConflictError(f"the appeal {appeal.number} is closed by now; open it to see what became of it")
    reporters = appeals.reporters(session, appeal.id or 0)
    before = {one.id: values(session, appeal, one.language, rules) for one in reporters}
    was, former = (appeal.service, appeal.is_incident), (appeal.executor, appeal.organisation)
    registration.reroute(session, appeal, case_of(service, form), user_id, rules.terms, now)
    registration.move_on(session, appeal, former, user_id, now)
    handed = executors.hand_over(session, appeal, former[1], rules, now)
    checked.before.owed += handed.owed
    checked.before.cancelled += handed.cancelled
    first = "incident" if appeal.is_incident else "acknowledgement"
    for reporter in reporters:
        if values(session, appeal, reporter.language, rules) != before[reporter.id]:
            _tell(session, checked, reporter, form, appeal, told="corrected", untold=first)
    check = Check.CONFIRMED if was == (appeal.service, appeal.is_incident) else Check.CORRECTED
    _conclude(session, checked, check, appeal.service, is_incident=appeal.is_incident)
    return appeal


def attach(
    session: Session, task_id: int, user_id: int, number: str, form: Form, rules: Rules, now: datetime
) -> AppealRow:
    """Say that the problem was known already, and return the appeal of it: the machine's number is annulled, visibly.

    All its citizens become reporters of the other appeal. Who has been told the machine's number learns which one
    counts instead; who has not is told the other one alone. The executor is to hear that nothing is wanted any more.

    Raises:
        NotFoundError: there is no such task, or no appeal has this number.
        ConflictError: it is none the machine registered, or somebody has checked it.
        RefusedError: the number is its own, or has been annulled.
    """
    found = appeals.by_number(session, number.strip())
    if found is None or found.id is None:
        raise NotFoundError(f"no appeal has the number {number.strip()}")
    checked = _take(session, task_id, user_id, rules, now, found.merged_into or found.id)
    appeal, other = checked.appeal, session.get_one(AppealRow, found.merged_into or found.id)
    if other.id == appeal.id or other.annulled_at is not None:
        raise RefusedError("number", "choose another appeal: this number is its own or has been annulled")
    reporters = appeals.reporters(session, appeal.id or 0)
    opened = tasks.of_mentions(session, [one.mention_id for one in reporters])
    for reporter in reporters:
        citizen = session.get_one(MentionRow, reporter.mention_id)
        registration.withdraw(session, appeal, reporter.mention_id, user_id, f"attached: {other.number}", now)
        registration.attach(session, other, citizen, reporter.language, user_id, now)
        opened[reporter.mention_id].appeal_id = other.id
        _tell(session, checked, reporter, form, other, told="moved", untold="attached")
        checked.before.moved.append(reporter.mention_id)
    checked.before.moved_to = other.id
    audit.note(session, now, user_id, "moved", "appeal", appeal.id or 0, number=other.number)
    _tell_executor(session, checked, "withdrawn_known", {"other": other.number})
    _conclude(session, checked, Check.ATTACHED, other.service, is_incident=other.is_incident)
    return other


def annul(
    session: Session, task_id: int, user_id: int, reason: Dismissal, form: Form, rules: Rules, now: datetime
) -> None:
    """Say that it was no appeal: the number is annulled, visibly, and never given again.

    A citizen who has been told the number learns that it is void, but for spam; one who has not is told only what the
    inspector writes. The executor is to hear that nothing is wanted any more.

    Raises:
        NotFoundError: there is no such task.
        ConflictError: it is none the machine registered, or somebody has checked it.
    """
    checked = _take(session, task_id, user_id, rules, now)
    task, appeal = checked.task, checked.appeal
    registration.withdraw(session, appeal, task.mention_id, user_id, f"no appeal: {reason.value}", now)
    checked.before.moved.append(task.mention_id)
    is_told = not _cancel(session, checked, checked.mention)
    text = form.reply.strip()
    if not text and is_told and reason is not Dismissal.SPAM:
        text = read(session, "annulled", form.language)
    if text:
        key, told = f"task:{task_id}:annulled:{checked.turn}", values(session, appeal, form.language, rules)
        _owe(
            session,
            checked,
            checked.mention,
            Letter(Purpose.CORRECTION, key, fill(text, told), form.language, task_id=task_id),
        )
    _annul_copies(session, checked, reason)
    if appeal.annulled_at is not None:
        _tell_executor(session, checked, "withdrawn", {})
    task.reason, task.appeal_id = reason.value, None
    _conclude(session, checked, Check.ANNULLED, "", is_incident=form.is_incident)


def _annul_copies(session: Session, checked: _Checked, reason: Dismissal) -> None:
    """Take what the machine had joined as the very same message off the appeal too; it is no appeal either."""
    appeal, reporters = (
        checked.appeal,
        {one.mention_id: one for one in appeals.reporters(session, checked.appeal.id or 0)},
    )
    for copy in following.followers(session, checked.task.id or 0):
        reporter = reporters.get(copy.mention_id)
        if copy.decided_by is not None or copy.appeal_id != appeal.id or reporter is None:
            continue
        mention = session.get_one(MentionRow, copy.mention_id)
        registration.withdraw(
            session, appeal, copy.mention_id, checked.user_id, f"no appeal: {reason.value}", checked.now
        )
        checked.before.moved.append(copy.mention_id)
        copy.appeal_id, copy.reason = None, reason.value
        is_told = not _cancel(session, checked, mention)
        if is_told and reason is not Dismissal.SPAM:
            key, told = (
                f"task:{copy.id}:annulled:{checked.turn}",
                values(session, appeal, reporter.language, checked.rules),
            )
            text = fill(read(session, "annulled", reporter.language), told)
            _owe(session, checked, mention, Letter(Purpose.CORRECTION, key, text, reporter.language, task_id=copy.id))


def undo(session: Session, task_id: int, user_id: int, now: datetime) -> None:
    """Take one's own check back while nobody has been told of it: all stands again as the machine had left it.

    Raises:
        ConflictError: too late, or not this user's check.
    """
    task = tasks.lock(session, task_id)
    if task.checked_by != user_id or task.undo_until is None or now >= task.undo_until:
        raise ConflictError("it is too late to undo this; correct the appeal instead")
    kept = checks.before(session, task_id)
    if kept is None or not Before.read(kept).restore(session, task, user_id, now):
        raise ConflictError("the citizen has already been told; correct the appeal instead")
    examples.withdraw(session, task_id, now)
    task.checked_at = task.checked_by = task.undo_until = None
    task.checked_as = task.reason = ""
    audit.note(session, now, user_id, "undone", "task", task_id)
    changes.tell(session, changes.Topic.TASK, task_id, now)


def _take(session: Session, task_id: int, user_id: int, rules: Rules, now: datetime, beside: int = 0) -> _Checked:
    """Take a registration to be checked, with its appeal and another `beside` it locked, the older one first."""
    if not checks.take(session, task_id, user_id, now):
        task = session.get(TaskRow, task_id)
        if task is None:
            raise NotFoundError(f"there is no task {task_id}")
        if task.checked_at is not None:
            raise ConflictError("somebody else has checked this registration already")
        raise ConflictError("this task was not registered by the machine")
    task = session.get_one(TaskRow, task_id, populate_existing=True)
    assert task.appeal_id is not None
    locked = {one: appeals.lock(session, one) for one in sorted({task.appeal_id, beside or task.appeal_id})}
    appeal = locked[task.appeal_id]
    mention, turn = session.get_one(MentionRow, task.mention_id), len(audit.of(session, "task", task_id))
    return _Checked(task, mention, appeal, Before.of(appeal), turn, user_id, rules, now)


def _conclude(session: Session, checked: _Checked, check: Check, service: str, *, is_incident: bool) -> None:
    task, user_id, now = checked.task, checked.user_id, checked.now
    assert task.id is not None
    task.checked_as = check.value
    task.undo_until = now + _undo(checked)
    checks.keep(session, task.id, checked.before.kept(), now)
    acknowledge_task(session, task.id, user_id, now)
    examples.keep(session, task, checked.mention, service, is_incident, user_id, now)
    audit.note(session, now, user_id, check.value, "task", task.id, appeal=checked.appeal.id)
    changes.tell(session, changes.Topic.TASK, task.id, now)


def _tell(
    session: Session, checked: _Checked, reporter: ReporterRow, form: Form, appeal: AppealRow, *, told: str, untold: str
) -> None:
    """Owe a reporter what holds now of an appeal, in place of the acknowledgement if that has not left yet."""
    task = checked.task
    mention = session.get_one(MentionRow, reporter.mention_id)
    is_own = reporter.mention_id == task.mention_id
    is_told = not _cancel(session, checked, mention)
    text = form.reply.strip() if is_own else ""
    language = form.language if text else reporter.language
    letter = Letter(
        Purpose.CORRECTION if is_told else Purpose.ACKNOWLEDGEMENT,
        f"task:{task.id}:checked:{checked.turn}:{reporter.id}",
        fill(
            text or read(session, told if is_told else untold, language),
            values(session, appeal, language, checked.rules) | {"former": checked.appeal.number},
        ),
        language,
        task_id=task.id if is_own else None,
        appeal_id=appeal.id,
    )
    _owe(session, checked, mention, letter)


def _tell_executor(session: Session, checked: _Checked, text: str, more: dict[str, str]) -> None:
    said, key = {"number": checked.appeal.number} | more, f"task:{checked.task.id}:withdrawn:{checked.turn}"
    row = executors.withdraw(session, checked.appeal, text, said, key, checked.now + _undo(checked), checked.now)
    if row is not None and row.id is not None:
        checked.before.owed.append(row.id)


def _owe(session: Session, checked: _Checked, mention: MentionRow, letter: Letter) -> None:
    row = letters.owe(session, mention, letter, checked.now + _undo(checked), checked.now)
    assert row.id is not None
    checked.before.owed.append(row.id)


def _undo(checked: _Checked) -> timedelta:
    return timedelta(seconds=checked.rules.promise.undo_seconds)


def _cancel(session: Session, checked: _Checked, mention: MentionRow) -> bool:
    """Cancel the acknowledgement a citizen is still owed; False if it has left, or may have."""
    assert mention.id is not None
    assert checked.appeal.id is not None
    purpose = Purpose.ACKNOWLEDGEMENT.value
    cancelled = outbox.cancel_unsent(session, mention.id, checked.appeal.id, purpose, checked.now)
    checked.before.cancelled.extend(cancelled)
    return bool(cancelled)
