"""Asking a citizen for details, while the clock runs on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake109.errors import RefusedError
from intake109.outbox.letters import Letter, Purpose, fill, owe
from intake109.queue.decisions import Form, held
from intake109.queue.rules import Rules
from intake109.store import audit, changes, outbox


def ask(session: Session, task_id: int, user_id: int, form: Form, rules: Rules, now: datetime) -> None:
    """Ask the citizen for details. The task stays open and its clock runs on.

    Raises:
        RefusedError: the question is empty.
        ConflictError: the task is decided or held by somebody else.
    """
    if not form.reply.strip():
        raise RefusedError("reply", "write what you want to know")
    task, mention = held(session, task_id, user_id, now)
    task.asked_at = now
    key = f"task:{task_id}:question:{len(outbox.of_task(session, task_id))}"
    text = fill(form.reply.strip(), {})
    letter = Letter(Purpose.QUESTION, key, text, form.language, task_id=task_id)
    owe(session, mention, letter, now, now)
    audit.note(session, now, user_id, "asked", "task", task_id)
    changes.tell(session, changes.Topic.TASK, task_id, now)
