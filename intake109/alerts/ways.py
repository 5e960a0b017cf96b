"""The ways by which the staff can be told: who is at a screen, and which messages leave the house."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake109.alerts.raising import Kind
from intake109.config import Alerts
from intake109.model import Channel
from intake109.outbox.letters import Purpose
from intake109.store import duties, people
from intake109.store.rows import insert_new
from intake109.store.tables import OutboxRow, UserRow

DECIDING = ("inspector", "supervisor", "administrator")


@dataclass(frozen=True, slots=True)
class Ways:
    """How the staff can be told here. `address` is the web application's, for links; `has_telegram`: the bot is on."""

    alerts: Alerts
    address: str
    has_telegram: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One message outside: its way, where to, and what tells it from the others of the round."""

    name: str
    channel: Channel
    address: dict[str, object]
    target: str

    def key(self, of: str) -> str:
        """Return what makes the message of a round unique."""
        return f"{of}:{self.name}:{self.target}"


@dataclass(frozen=True, slots=True)
class Found:
    """The ways out of one round: their names, and the messages that leave the house."""

    names: tuple[str, ...]
    messages: tuple[Way, ...]

    @property
    def joined(self) -> str:
        """The names as they stand on an alert, empty if nobody can be told."""
        return ",".join(dict.fromkeys(self.names))


@dataclass(frozen=True, slots=True)
class Said:
    """What one message says. `button` is its label and what it sends back; only Telegram has any."""

    key: str
    text: str
    button: tuple[str, str]


def find(session: Session, kind: Kind, audience: str, ways: Ways, now: datetime) -> Found:
    """Return by which ways an audience can be told now; the fallback's if by no other, none if not even so."""
    since = now - timedelta(minutes=ways.alerts.on_shift_minutes)
    is_seen = any(_is_for(audience, one) for one in duties.at_desk(session, now, since))
    screen = ("screen",) if is_seen else ()
    if kind is Kind.REMINDER and is_seen:
        return Found(screen, ())  # nobody else needs to hear that
    messages = tuple(_outside(ways))
    names = screen + tuple(one.name for one in messages)
    if names:
        return Found(names, messages)
    messages = tuple(_fallback(session, ways))
    return Found(fallback_ways(session, ways), messages)


def fallback_ways(session: Session, ways: Ways) -> tuple[str, ...]:
    """Return the ways by which the fallback can be told, empty if there is none."""
    return tuple(f"fallback {one.name}" for one in _fallback(session, ways))


def owe(session: Session, alert_id: int, said: Said, messages: Sequence[Way], language: str, now: datetime) -> None:
    """Owe what is said by each of the ways that leave the house."""
    for one in messages:
        buttons = [list(said.button)] if one.channel is Channel.TELEGRAM else []
        values: dict[str, object] = {
            "idempotency_key": one.key(said.key),
            "channel": one.channel.value,
            "address": json.dumps(one.address),
            "text": said.text,
            "language": language,
            "details": {"alert": alert_id, "buttons": buttons},
        }
        insert_new(session, OutboxRow, [to_staff(values, now)])


def chat_keys(session: Session, of: str, ways: Ways) -> list[str]:
    """Return under which keys a round may stand in a chat."""
    messages = (*_outside(ways), *_fallback(session, ways))
    return [one.key(of) for one in messages if one.channel is Channel.TELEGRAM]


def to_staff(values: dict[str, object], now: datetime) -> dict[str, object]:
    """Return a row of the outbox for the staff: what is given, and what is the same in all of them."""
    return {
        "purpose": Purpose.ALERT.value,
        "is_public": False,
        "state": "owed",
        "not_before": now,
        "attempts": 0,
        "last_error": "",
        "external_id": "",
        "delivery": "",
        "created_at": now,
        **values,
    }


def _is_for(audience: str, one: UserRow) -> bool:
    scope, _, who = audience.partition(":")
    if scope == "user":
        return who == str(one.id)
    return one.role == who if scope == "role" else one.role in DECIDING


def _outside(ways: Ways) -> Iterator[Way]:
    chat = ways.alerts.telegram_chat
    if ways.has_telegram and chat is not None:
        yield _telegram(chat)
    if ways.alerts.email.host:
        yield from (_mail(one) for one in ways.alerts.email.to)


def _fallback(session: Session, ways: Ways) -> Iterator[Way]:
    fallback = ways.alerts.fallback
    user = people.by_login(session, fallback.login) if fallback.login else None
    own = int(user.telegram_id) if user is not None and user.telegram_id else None
    chat = fallback.telegram if fallback.telegram is not None else own
    if ways.has_telegram and chat is not None:
        yield _telegram(chat)
    if ways.alerts.email.host and fallback.email:
        yield _mail(fallback.email)


def _telegram(chat: int) -> Way:
    return Way("telegram", Channel.TELEGRAM, {"chat_id": chat}, str(chat))


def _mail(address: str) -> Way:
    return Way("email", Channel.EMAIL, {"to": address}, address)
