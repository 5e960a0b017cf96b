"""Somebody of the staff presses "I take it" under an alert in the chat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake109.alerts.announcing import DECIDING, TAKE
from intake109.alerts.raising import acknowledge
from intake109.alerts.texts import text
from intake109.config import Promise
from intake109.model import Channel, Press
from intake109.outbox.letters import Purpose
from intake109.queue import claims
from intake109.store import people
from intake109.store.rows import insert_new
from intake109.store.tables import AlertRow, OutboxRow, TaskRow, UserRow


def is_for_staff(press: Press) -> bool:
    """Say whether a press belongs to an alert."""
    return press.data.startswith(TAKE)


def answer(session: Session, channel: Channel, press: Press, promise: Promise, now: datetime) -> None:
    """Claim the alert's task for who pressed, acknowledge the alert, and owe the answer in the chat.

    Only a Telegram id that stands on an account may: everybody in the chat sees the button.
    """
    said = _take(session, press, promise, now)
    if said is None:
        return
    values = {
        "idempotency_key": f"{channel.value}:{press.key}:press",
        "purpose": Purpose.ALERT.value,
        "channel": channel.value,
        "address": press.reply_to,
        "text": said,
        "language": "ru",
        "is_public": False,
        "details": {"callback": press.callback},
        "state": "owed",
        "not_before": now,
        "attempts": 0,
        "last_error": "",
        "external_id": "",
        "delivery": "",
        "created_at": now,
    }
    insert_new(session, OutboxRow, [values])


def _take(session: Session, press: Press, promise: Promise, now: datetime) -> str | None:
    number = press.data.removeprefix(TAKE)
    alert = session.get(AlertRow, int(number)) if number.isdecimal() else None
    if alert is None or alert.id is None or alert.task_id is None:
        return None
    user = people.by_telegram(session, press.author.id)
    if user is None or user.id is None or user.role not in DECIDING:
        return text("stranger", user.language if user else "ru", id=press.author.id)
    task = session.get_one(TaskRow, alert.task_id)
    if task.decided_at is not None:
        name = "acknowledged" if acknowledge(session, alert.id, user.id, now) else "decided"
        return text(name, user.language, name=user.name, task=task.id)
    if not claims.claim(session, alert.task_id, user.id, promise, now):
        holder = session.get(UserRow, task.claimed_by) if task.claimed_by else None
        return text("held", user.language, task=task.id, holder=holder.name if holder else "?")
    acknowledge(session, alert.id, user.id, now)
    return text("taken", user.language, name=user.name, task=task.id)
