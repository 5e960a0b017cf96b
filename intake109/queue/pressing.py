"""Somebody of the staff presses "I take it" under an alert in the chat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake109.alerts.announcing import TAKE
from intake109.alerts.gathering import TAKE_ONE
from intake109.alerts.raising import acknowledge, acknowledge_gathered
from intake109.alerts.texts import text
from intake109.alerts.ways import DECIDING, to_staff
from intake109.config import Promise
from intake109.model import Channel, Press
from intake109.queue import claims
from intake109.store import alert_rounds, people, tasks
from intake109.store.rows import insert_new
from intake109.store.tables import AlertRoundRow, AlertRow, OutboxRow, TaskRow, UserRow


def is_for_staff(press: Press) -> bool:
    """Say whether a press belongs to an alert."""
    return press.data.startswith((TAKE, TAKE_ONE))


def answer(session: Session, channel: Channel, press: Press, promise: Promise, now: datetime) -> None:
    """Claim the alert's task for who pressed, which ends all that is alerted of it, and owe the answer in the chat.

    Under a number of tasks all of them are acknowledged, and the most urgent that is free is claimed. Only a Telegram
    id that stands on an account may: everybody in the chat sees the button.
    """
    said = _answered(session, press, promise, now)
    if said is None:
        return
    values: dict[str, object] = {
        "idempotency_key": f"{channel.value}:{press.key}:press",
        "channel": channel.value,
        "address": press.reply_to,
        "text": said,
        "language": "ru",
        "details": {"callback": press.callback},
    }
    insert_new(session, OutboxRow, [to_staff(values, now)])


def _answered(session: Session, press: Press, promise: Promise, now: datetime) -> str | None:
    """Return what is answered, None if there is no such alert."""
    prefix = TAKE if press.data.startswith(TAKE) else TAKE_ONE
    number = press.data.removeprefix(prefix)
    if not number.isdecimal():
        return None
    row_id = int(number)
    found = session.get(AlertRow, row_id) if prefix == TAKE else session.get(AlertRoundRow, row_id)
    if found is None:
        return None
    user = people.by_telegram(session, press.author.id)
    if user is None or user.role not in DECIDING:
        return text("stranger", user.language if user else "ru", id=press.author.id)
    if isinstance(found, AlertRow):
        return _take(session, found, user, promise, now)
    return _take_one(session, found, user, promise, now)


def _take(session: Session, alert: AlertRow, user: UserRow, promise: Promise, now: datetime) -> str | None:
    assert alert.id is not None
    assert user.id is not None
    if alert.task_id is None:
        return None
    task = session.get_one(TaskRow, alert.task_id)
    if task.decided_at is not None:
        name = "acknowledged" if acknowledge(session, alert.id, user.id, now) else "decided"
        return text(name, user.language, name=user.name, task=task.id)
    if not claims.claim(session, alert.task_id, user.id, promise, now):
        holder = session.get(UserRow, task.claimed_by) if task.claimed_by else None
        return text("held", user.language, task=task.id, holder=holder.name if holder else "?")
    return text("taken", user.language, name=user.name, task=task.id)


def _take_one(session: Session, told: AlertRoundRow, user: UserRow, promise: Promise, now: datetime) -> str:
    """Acknowledge all that a round told of and still lives, and claim the most urgent of it."""
    assert user.id is not None
    covered = alert_rounds.rows(session, told.kind, told.audience, told.last_alert_id)
    waiting = tasks.by_ids(session, [row.task_id for row in covered if row.task_id is not None])
    waiting.sort(key=lambda task: (task.rank, task.turn, task.id or 0))
    count = acknowledge_gathered(session, covered, user.id, now)
    if not count:
        return text("over", user.language)
    for task in waiting:
        if task.id is not None and claims.claim(session, task.id, user.id, promise, now):
            name = "taken_of_many" if count > 1 else "taken"
            return text(name, user.language, name=user.name, task=task.id, count=count)
    return text("acknowledged_many", user.language, name=user.name, count=count)
