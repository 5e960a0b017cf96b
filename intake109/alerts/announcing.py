"""One round of an alert: who is there to hear it, and by which ways. What leaves the house is owed to the outbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from intake109.alerts.raising import Kind
from intake109.alerts.texts import text
from intake109.config import Alerts
from intake109.model import Channel
from intake109.outbox.letters import Purpose
from intake109.store import alerts, changes, duties, health, people
from intake109.store.rows import insert_new
from intake109.store.tables import AlertRow, OutboxRow, TaskRow, UserRow

log = structlog.get_logger(__name__)
_NOBODY_PAUSE = timedelta(minutes=1)
_LINE = "job.alerts"
_NAMED = 5
"""Its line on the health page."""
TAKE = "take:"
"""What the button under an alert sends back, followed by the alert's id."""
DECIDING = ("inspector", "supervisor", "administrator")


@dataclass(frozen=True, slots=True)
class Ways:
    """How the staff can be told here. `address` is the web application's, for links; `has_telegram`: the bot is on."""

    alerts: Alerts
    address: str
    has_telegram: bool


@dataclass(frozen=True, slots=True)
class _Way:
    """One message outside: its way, where to, and what tells it from the others of the round."""

    name: str
    channel: Channel
    address: dict[str, object]
    target: str


def announce(session: Session, alert_id: int, ways: Ways, now: datetime) -> bool:
    """Tell everybody an alert is for, once more; False if it is over or another worker was first.

    An alert that nobody can hear goes to the fallback; without any way out it is tried again every minute and stands on
    the health page.
    """
    row = alerts.take(session, alert_id, now)
    if row is None:
        return False
    found = _find(session, row, ways, now)
    row.ways = ",".join(dict.fromkeys(found.names))
    session.flush()
    note_reach(session, now)
    if not row.ways:
        log.error("an alert reaches nobody", alert=alert_id, kind=row.kind)
        row.next_at = now + _NOBODY_PAUSE
    elif Kind(row.kind).is_insistent:
        row.next_at = now + ways.alerts.pause(row.rounds)
    _owe(session, row, found.messages, ways, now)
    changes.tell(session, changes.Topic.ALERT, alert_id, now)
    return True


def note_reach(session: Session, now: datetime) -> None:
    """Let the health page show which live alerts have reached nobody, for as long as there are any."""
    line = health.of(session, _LINE, "system")
    silent = alerts.untold(session)
    if not silent and line.errors_in_row == 0:
        return
    names = ", ".join(str(alert_id) for alert_id in silent[:_NAMED])
    problem = f"alert {names} reaches nobody: nobody is here; set alerts.fallback" if silent else ""
    if line.errors_in_row == len(silent) and line.last_error == problem:
        return
    line.errors_in_row = len(silent)
    line.last_error = problem
    if silent:
        line.last_error_at = now
    else:
        line.last_good_at = now
    changes.tell(session, changes.Topic.HEALTH, 0, now)


@dataclass(frozen=True, slots=True)
class _Found:
    """The ways out of one round: their names, and the messages that leave the house."""

    names: tuple[str, ...]
    messages: tuple[_Way, ...]


def _find(session: Session, row: AlertRow, ways: Ways, now: datetime) -> _Found:
    is_seen = any(_is_for(row, one) for one in duties.at_desk(session, now, now - _on_shift(ways)))
    screen = ("screen",) if is_seen else ()
    if row.kind == Kind.REMINDER and is_seen:
        return _Found(screen, ())  # nobody else needs to hear that
    messages = tuple(_outside(ways))
    names = screen + tuple(one.name for one in messages)
    if names:
        return _Found(names, messages)
    messages = tuple(_fallback(session, ways))
    return _Found(fallback_ways(session, ways), messages)


def fallback_ways(session: Session, ways: Ways) -> tuple[str, ...]:
    """Return the ways by which the fallback can be told, empty if there is none."""
    return tuple(f"fallback {one.name}" for one in _fallback(session, ways))


def _on_shift(ways: Ways) -> timedelta:
    return timedelta(minutes=ways.alerts.on_shift_minutes)


def _is_for(row: AlertRow, one: UserRow) -> bool:
    scope, _, who = row.audience.partition(":")
    if scope == "user":
        return who == str(one.id)
    return one.role == who if scope == "role" else one.role in DECIDING


def _outside(ways: Ways) -> Iterator[_Way]:
    chat = ways.alerts.telegram_chat
    if ways.has_telegram and chat is not None:
        yield _telegram(chat)
    if ways.alerts.email.host:
        yield from (_mail(one) for one in ways.alerts.email.to)


def _fallback(session: Session, ways: Ways) -> Iterator[_Way]:
    fallback = ways.alerts.fallback
    user = people.by_login(session, fallback.login) if fallback.login else None
    own = int(user.telegram_id) if user is not None and user.telegram_id else None
    chat = fallback.telegram if fallback.telegram is not None else own
    if ways.has_telegram and chat is not None:
        yield _telegram(chat)
    if ways.alerts.email.host and fallback.email:
        yield _mail(fallback.email)


def _telegram(chat: int) -> _Way:
    return _Way("telegram", Channel.TELEGRAM, {"chat_id": chat}, str(chat))


def _mail(address: str) -> _Way:
    return _Way("email", Channel.EMAIL, {"to": address}, address)


def _owe(session: Session, row: AlertRow, messages: tuple[_Way, ...], ways: Ways, now: datetime) -> None:
    task = session.get(TaskRow, row.task_id) if row.task_id is not None else None
    language = ways.alerts.language
    minutes = max(0, int((task.promise_at - now).total_seconds() // 60)) if task else 0
    channel = Channel(task.channel).value.title() if task else ""
    said = text(row.kind, language, task=row.task_id, channel=channel, minutes=minutes)
    link = f"{ways.address}/tasks/{row.task_id}"
    for one in messages:
        buttons = [[text("button", language), f"{TAKE}{row.id}"]] if one.channel is Channel.TELEGRAM else []
        values = {
            "idempotency_key": f"alert:{row.id}:{row.rounds}:{one.name}:{one.target}",
            "purpose": Purpose.ALERT.value,
            "channel": one.channel.value,
            "address": json.dumps(one.address),
            "text": f"{said}\n{link}",
            "language": language,
            "is_public": False,
            "details": {"alert": row.id, "buttons": buttons},
            "state": "owed",
            "not_before": now,
            "attempts": 0,
            "last_error": "",
            "external_id": "",
            "delivery": "",
            "created_at": now,
        }
        insert_new(session, OutboxRow, [values])
