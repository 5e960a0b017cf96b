"""The quality inspector's word on an answer: accepted, or formal and sent back. A formal reply closes nothing.

What was decided is taken back within seconds, while nobody has heard of it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake109.appeals import course
from intake109.appeals.course import Status
from intake109.appeals.news import Setting, values
from intake109.appeals.terms.deadlines import written
from intake109.appeals.voice import calls, satisfaction
from intake109.appeals.work import shelving
from intake109.appeals.work.answers import Judgement
from intake109.appeals.work.shelving import Folder, step_key
from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.outbox import executors
from intake109.store import answers, appeals, asked, audit, changes, outbox, steps, tasks
from intake109.store.tables import AnswerRow, AppealRow, StepRow

_FORMAL = "formal"


def judge(
    session: Session,
    answer_id: int,
    judgement: Judgement,
    user_id: int,
    setting: Setting,
    now: datetime,
    why: str = "",
    folder: Folder | None = None,
) -> AnswerRow:
    """Accept an answer and ask the citizens, or call it formal and send it back, or put the appeal into the folder.

    Args:
        why: what the executor reads of why it is not enough.
        folder: where a formal reply is of work that cannot be done soon.

    Raises:
        NotFoundError: there is no such answer.
        RefusedError: a formal reply without a reason, or the folder lacks something.
        ConflictError: it was judged already, or the appeal is no longer answered.
    """
    if judgement not in (Judgement.ACCEPTED, Judgement.FORMAL):
        raise RefusedError("judgement", "an answer is accepted or formal")
    if judgement is Judgement.FORMAL and not why.strip():
        raise RefusedError("why", "write what is missing; the executor reads it")
    appeal, row = _take(session, answer_id)
    row.judgement, row.judged_at, row.judged_by, row.judged_why = judgement.value, now, user_id, why.strip()
    audit.note(session, now, user_id, f"answer {judgement.value}", "appeal", appeal.id or 0, answer=row.id)
    if judgement is Judgement.ACCEPTED:
        satisfaction.ask(session, appeal, setting, now)
        _hold(session, appeal, now + setting.undo)
    else:
        _send_back(session, appeal, row, folder, user_id, setting, now)
    changes.tell(session, changes.Topic.APPEAL, appeal.id or 0, now)
    return row


def _take(session: Session, answer_id: int) -> tuple[AppealRow, AnswerRow]:
    """Return an answer that waits for judgement with its case, both locked."""
    found = session.get(AnswerRow, answer_id)
    if found is None:
        raise NotFoundError(f"there is no answer {answer_id}")
    appeal = appeals.lock_live(session, found.appeal_id)
    row = answers.lock(session, answer_id)
    if row is None or row.judged_at is not None:
        raise ConflictError("somebody else has judged this answer already")
    if appeal.status != Status.ANSWERED or row.round != appeal.round:
        raise ConflictError(f"the appeal {appeal.number} is {appeal.status}, not answered; look again")
    return appeal, row


def undo(session: Session, appeal_id: int, user_id: int, setting: Setting, now: datetime) -> None:
    """Take back one's own last act on an appeal: an answer judged, a citizen asked, a place in the folder.

    Raises:
        ConflictError: too late, somebody else's, or something has left the house.
    """
    appeal = appeals.lock_live(session, appeal_id)
    made = steps.of_appeal(session, appeal.id or 0)
    if not made:
        raise ConflictError("there is nothing of yours to undo; look again")
    last = made[-1]
    accepted = _accepted(session, appeal, user_id, last, setting, now)
    if accepted is not None:
        _unask(session, appeal, accepted, user_id, now)
        return
    if last.actor_id != user_id or last.why not in (_FORMAL, "shelved", "asked"):
        raise ConflictError("there is nothing of yours to undo; look again")
    if now >= last.at + setting.undo:
        raise ConflictError("it is too late to undo this")
    owed = [row.id for row in outbox.of_keys(session, [step_key(session, appeal)]) if row.id is not None]
    if not outbox.take_back(session, owed, now):
        raise ConflictError("the letter has left already")
    _restore(session, appeal, last, user_id, now)


def _send_back(
    session: Session,
    appeal: AppealRow,
    row: AnswerRow,
    folder: Folder | None,
    user_id: int,
    setting: Setting,
    now: datetime,
) -> None:
    appeal.executed_at = None
    said = values(session, appeal, "ru", setting.catalogue, setting.zone) | {"why": _sentence(row.judged_why)}
    if folder is None:
        course.move(session, appeal, Status.FORWARDED, user_id, now, _FORMAL)
        text = "renewed_formal"
    else:
        shelving.put_in(session, appeal, folder, user_id, setting, now)
        said["until"] = written(appeal.shelved_until or now, setting.zone)
        text = "renewed_shelved"
    key = step_key(session, appeal)
    executors.renew(session, appeal, text, said, key, now + setting.undo, now, setting.address)


def _hold(session: Session, appeal: AppealRow, until: datetime) -> None:
    for row in outbox.of_keys(session, _questions(session, appeal)):
        if row.state == "owed" and not row.attempts:
            row.not_before = max(row.not_before, until)


def _questions(session: Session, appeal: AppealRow) -> list[str]:
    return [asked.key(one, appeal) for one in appeals.reporters(session, appeal.id or 0)]


def _accepted(
    session: Session, appeal: AppealRow, user_id: int, last: StepRow, setting: Setting, now: datetime
) -> AnswerRow | None:
    """Return the answer this user has just accepted, if nothing has come of it since."""
    if appeal.status != Status.ANSWERED:
        return None
    for row in answers.of_appeal(session, appeal.id or 0):
        if row.judged_by != user_id or row.judged_at is None or row.judgement != Judgement.ACCEPTED:
            continue
        if last.at <= row.judged_at and now < row.judged_at + setting.undo:
            return row
    return None


def _unask(session: Session, appeal: AppealRow, row: AnswerRow, user_id: int, now: datetime) -> None:
    owed = outbox.of_keys(session, _questions(session, appeal))
    if not outbox.take_back(session, [one.id for one in owed if one.id is not None], now):
        raise ConflictError("a citizen has been asked already")
    for letter in owed:  # the question may be owed again, under the key it had
        letter.idempotency_key = f"{letter.idempotency_key}:undone:{letter.id}"
    calls.close_of_round(session, appeal, now)
    for reporter in appeals.reporters(session, appeal.id or 0):
        if reporter.asked_at == row.judged_at:
            reporter.asked_of, reporter.asked_round, reporter.asked_at = 0, 0, None
    row.judgement, row.judged_at, row.judged_by, row.judged_why = "", None, None, ""
    audit.note(session, now, user_id, "undone", "appeal", appeal.id or 0)
    changes.tell(session, changes.Topic.APPEAL, appeal.id or 0, now)


def _restore(session: Session, appeal: AppealRow, last: StepRow, user_id: int, now: datetime) -> None:
    shelving.leave(appeal)
    appeal.status = last.before
    course.write(session, appeal, last.after, user_id, now, "undone")
    if last.why == "asked":
        for mention_id in appeals.mention_ids(session, appeal.id or 0):
            task = tasks.of_mention(session, mention_id)
            if task is not None and task.asked_at == last.at:
                task.asked_at = None
    for row in answers.of_appeal(session, appeal.id or 0):
        if row.judged_by == user_id and row.judged_at == last.at and row.judgement == Judgement.FORMAL:
            row.judgement, row.judged_at, row.judged_by, row.judged_why = "", None, None, ""
            appeal.executed_at = row.at
    audit.note(session, now, user_id, "undone", "appeal", appeal.id or 0)
    changes.tell(session, changes.Topic.APPEAL, appeal.id or 0, now)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
