"""A problem that has come back: the closed appeal is taken up again instead of a new one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake109.appeals import registration, reopening
from intake109.errors import NotFoundError, RefusedError
from intake109.outbox.letters import Purpose
from intake109.outbox.texts import read, spoken
from intake109.queue.decisions import REOPENED, Form, Outcome, conclude, take
from intake109.queue.rules import Rules
from intake109.store import appeals
from intake109.store.tables import AppealRow, ConversationRow


def reopen(session: Session, task_id: int, user_id: int, number: str, rules: Rules, now: datetime) -> AppealRow:
    """Take a closed appeal up again for a task; its citizen becomes a reporter and is told so in the own language.

    Raises:
        NotFoundError: no appeal has this number, or there is no such task.
        ConflictError: it is not closed any more, or somebody else decided the task or holds it.
        RefusedError: the task tells of danger and the appeal does not: it is a case of its own.
    """
    found = appeals.by_number(session, number.strip())
    if found is None or found.id is None:
        raise NotFoundError(f"no appeal has the number {number.strip()}")
    task, mention = take(session, task_id, user_id, Outcome.ATTACHED, rules.promise, now)
    appeal = appeals.lock_live(session, found.id)
    if task.is_incident and not appeal.is_incident:
        raise RefusedError("reopened", "this one tells of danger and the appeal does not: register it by itself")
    assert mention.id is not None
    task.reason = REOPENED
    reopening.reopen(session, appeal, mention.id, user_id, rules.setting, now)
    conversation = session.get(ConversationRow, mention.conversation_id)
    language = spoken((conversation.language if conversation else "") or mention.language)
    registration.attach(session, appeal, mention, language, user_id, now)
    form = Form(
        appeal.service, is_incident=appeal.is_incident, reply=read(session, "reopened", language), language=language
    )
    conclude(session, task, mention, appeal, Purpose.ACKNOWLEDGEMENT, form, rules, user_id, now)
    return appeal
