"""What executors say in the Telegram chats into which their work is sent. The caller's transaction.

A reply to a letter of ours is an answer to its appeal. What is said to our bot otherwise is neither an answer nor a
citizen's mention: a person looks at it, and the chat is told how to answer. What is said to others is overheard.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from intake109.appeals.work.answers import Via
from intake109.appeals.work.replies import Why
from intake109.dialogue.meaning import Decision, Meaning
from intake109.model import Channel, Message
from intake109.outbox import links
from intake109.outbox.letters import Purpose
from intake109.outbox.texts import read
from intake109.store import changes, organisations, outbox, replies
from intake109.store.rows import insert_new
from intake109.store.tables import AppealRow, OutboxRow, ReplyRow

_ALBUM = timedelta(seconds=10)
"""So long the rest of an album is waited for."""
_LETTERS = frozenset(
    one.value for one in (Purpose.FORWARD, Purpose.LETTER, Purpose.REMINDER, Purpose.RENEWAL, Purpose.WITHDRAWAL)
)


def chat_of(message: Message) -> str:
    """Return the id of the chat a message of Telegram's stands in; empty where it has no chat of ours."""
    try:
        return str(json.loads(message.reply_to).get("chat_id") or "")
    except (ValueError, AttributeError):
        return ""


def work_chats(session: Session, said: Iterable[tuple[Channel, Message]]) -> frozenset[str]:
    """Return those of the chats in which something is said into which an organisation gets its work."""
    chats = {chat_of(message) for channel, message in said if channel is Channel.TELEGRAM} - {""}
    return frozenset(one.address for one in organisations.of_chats(session, chats))


def instead(session: Session, message: Message, decision: Decision) -> Decision:
    """Say what a message in such a chat is: a reply to work of ours, and nobody's mention."""
    if decision.meaning is Meaning.MENTION or _answered(session, message) is not None:
        return Decision(Meaning.EXECUTOR)
    return Decision(Meaning.EXECUTOR) if replies.is_known(session, _key(message)) else decision


def take(session: Session, message: Message, now: datetime) -> None:
    """Keep what was said until its photos are fetched (`jobs.replying`); the parts of an album are one reply."""
    row = replies.by_key(session, _key(message))
    if row is not None and row.state == "waiting":
        _add(row, message, now)
        return
    if row is None:
        _open(session, message, _key(message), now)
    elif message.edited_at is not None and message.text != row.text:
        _open(session, message, f"{_key(message)}:{message.edited_at.isoformat()}", now, Why.EDITED)
    elif message.album and not _holds(row, message):
        _open(session, message, f"{Via.TELEGRAM}:{message.key}", now)  # so late that the others are an answer already


def _open(session: Session, message: Message, key: str, now: datetime, why: Why | None = None) -> None:
    if replies.by_key(session, key) is not None:
        return
    appeal = _answered(session, message)
    chat = chat_of(message)
    codes = {one.code for one in organisations.of_chats(session, {chat})}
    is_reply = appeal is not None
    row = replies.add(
        session,
        ReplyRow(
            key=key,
            via=Via.TELEGRAM.value,
            at=now,
            sender=" · ".join(part for part in (message.author.name, message.author.username, chat) if part)[:300],
            text="",
            organisation=appeal.organisation if appeal is not None and appeal.organisation in codes else "",
            appeal_id=appeal.id if appeal is not None else None,
            why=why.value if why is not None else "" if is_reply else Why.NOT_A_REPLY.value,
            next_attempt_at=now,
        ),
    )
    _add(row, message, now)
    if not is_reply and why is None:
        _tell_how(session, message, key, now)
    changes.tell(session, changes.Topic.OUTBOX, row.id or 0, now)


def _add(row: ReplyRow, message: Message, now: datetime) -> None:
    text = message.text.strip()
    if message.edited_at is not None and not message.album:
        row.text = text
    elif text and text not in row.text:
        row.text = f"{row.text}\n{text}".strip()
    row.files = [*row.files, *(file for file in _files(message) if file["reference"] not in _references(row))]
    row.next_attempt_at = now + _ALBUM if message.album else now


def _files(message: Message) -> list[dict[str, Any]]:
    return [
        {"reference": one.reference, "file_name": one.file_name[:200], "mime": one.mime, "kind": one.kind.value}
        for one in message.attachments
    ]


def _references(row: ReplyRow) -> set[str]:
    return {str(file.get("reference", "")) for file in row.files}


def _holds(row: ReplyRow, message: Message) -> bool:
    """Whether a part of an album is in the reply already; once it is settled only the number of parts can tell."""
    return {one.reference for one in message.attachments} <= _references(row)


def _key(message: Message) -> str:
    name = f"album:{message.thread}:{message.album}" if message.album else message.key
    return f"{Via.TELEGRAM}:{name}"


def _answered(session: Session, message: Message) -> AppealRow | None:
    """Return the appeal of the letter that a message replies to; None if it replies to none."""
    if not message.quotes:
        return None
    letter = outbox.by_external_id(session, Channel.TELEGRAM.value, message.quotes)
    if letter is not None and letter.purpose in _LETTERS and letter.appeal_id is not None:
        return session.get(AppealRow, letter.appeal_id)
    quoted = message.parent.text if message.parent is not None and message.parent.is_ours else ""
    for found in links.TOKEN.finditer(quoted):  # a long letter went in parts, and only the last one's id is kept
        ticket = links.read(session, found[0], message.mentioned_at)
        if ticket is not None:
            return session.get(AppealRow, ticket.appeal_id)
    return None


def _tell_how(session: Session, message: Message, key: str, now: datetime) -> None:
    text = "\n\n".join(read(session, "reply_how", language) for language in ("kk", "ru"))
    values = {
        "idempotency_key": f"{key}:how",
        "purpose": Purpose.DIALOGUE.value,
        "channel": Channel.TELEGRAM.value,
        "address": message.reply_to,
        "text": text,
        "language": "ru",
        "is_public": False,
        "details": {},
        "state": "owed",
        "not_before": now,
        "attempts": 0,
        "last_error": "",
        "external_id": "",
        "delivery": "",
        "created_at": now,
    }
    insert_new(session, OutboxRow, [values])
