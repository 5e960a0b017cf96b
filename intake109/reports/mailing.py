"""Sending a sealed day to those who subscribe: owed to the outbox, the digest in the text."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.alerts.ways import to_staff
from intake109.errors import RefusedError
from intake109.model import Channel
from intake109.reports.composing import Sealed, in_time
from intake109.reports.figures import Figures
from intake109.reports.words import LANGUAGES, words
from intake109.store import audit, subscribers
from intake109.store.rows import insert_new
from intake109.store.tables import OutboxRow, SealRow, SubscriberRow

WAYS = {"email": Channel.EMAIL, "telegram": Channel.TELEGRAM}
_MAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]{1,190}")
_CHAT = re.compile(r"-?\d{3,19}")


@dataclass(frozen=True, slots=True)
class File:
    """A file in the store, as a message names it."""

    sha256: str
    name: str
    mime: str


def subscribe(session: Session, way: str, address: str, language: str, user_id: int, now: datetime) -> None:
    """Let an address have the report from the next night on.

    Raises:
        RefusedError: there is no such way, or this is no address of it.
    """
    bare = address.strip()
    pattern = {"email": _MAIL, "telegram": _CHAT}.get(way)
    if pattern is None or language not in LANGUAGES:
        raise RefusedError("way", "choose e-mail or Telegram, and a language")
    if not pattern.fullmatch(bare):
        raise RefusedError(f"{way}_address", "write one mailbox, or the number of a chat")
    if subscribers.add(session, way, bare, language, user_id, now):
        audit.note(session, now, user_id, "subscribed", "report", 0, way=way, address=bare)


def unsubscribe(session: Session, subscriber_id: int, user_id: int, now: datetime) -> None:
    """Let an address have it no more."""
    row = subscribers.remove(session, subscriber_id)
    if row is not None:
        audit.note(session, now, user_id, "unsubscribed", "report", 0, way=row.way, address=row.address)


def wants(row: SubscriberRow, link: SealRow) -> bool:
    """Say whether somebody is to get a link: who came later begins with the next one."""
    return row.added_at <= link.sealed_at


def key_of(row: SubscriberRow, link: SealRow) -> str:
    """Return what makes a message unique: each link goes to each address once."""
    return f"report:{link.id}:{row.way}:{row.address}"


def text(figures: Figures, chain: Sequence[Sealed], language: str, address: str) -> str:
    """Return what the message says; its first line is the subject of a mail.

    Args:
        address: of the web application, for the link.
    """
    told, last = words(language), chain[-1]
    share = in_time(figures, told)
    lines = [
        told("message.subject", day=told.day(figures.first), share=share),
        told("message.corrected", reason=last.reason) if last.reason else "",
        told(
            "message.body",
            mentions=told.count(figures.flow.mentions),
            share=share,
            incidents=told.count(figures.kept.incidents),
            red=told.count(figures.course.red),
        ),
        told("message.sealed", digest=last.digest),
        told("message.sealed_why"),
        told("message.open", address=f"{address}/reports/{figures.first}"),
    ]
    return "\n".join(line for line in lines if line)


def owe(session: Session, row: SubscriberRow, link: SealRow, said: str, files: Sequence[File], now: datetime) -> bool:
    """Owe a link to an address; False if it was owed before."""
    to: dict[str, object] = {"to": row.address} if row.way == "email" else {"chat_id": int(row.address)}
    values: dict[str, object] = {
        "idempotency_key": key_of(row, link),
        "channel": WAYS[row.way].value,
        "address": json.dumps(to),
        "text": said,
        "language": row.language,
        "details": {"files": [asdict(file) for file in files]},
    }
    return insert_new(session, OutboxRow, [to_staff(values, now)]) > 0
