"""Settling what became of a message: sent, again later, a person's work, or unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake109.errors import ChannelError, UnknownOutcomeError, UnreachableError
from intake109.model import Button, Channel, Enclosure, Language, Outgoing, Receipt
from intake109.outbox import statuses, texts
from intake109.outbox.wording import YES_NO
from intake109.store import changes, outbox
from intake109.store.rows import insert_new
from intake109.store.tables import AppealRow, ConversationRow, MessageRow, OutboxRow

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 20
"""With the pauses below some two hours: an outage of the platform must not turn every answer into a person's work."""
_WHATSAPP_WINDOW = timedelta(hours=24)


def outgoing(
    session: Session, row: OutboxRow, template: str, now: datetime, fetch: Callable[[str], bytes] | None = None
) -> Outgoing:
    """Return a leased row as the message a sender understands; `fetch` gives a file that goes with it by its hash.

    WhatsApp lets us write freely only within 24 hours of the citizen's last message. Source: Meta, "Messaging windows".
    """
    conversation = session.get(ConversationRow, row.conversation_id) if row.conversation_id else None
    is_closed = (
        row.channel == Channel.WHATSAPP.value
        and conversation is not None
        and now - conversation.last_incoming_at >= _WHATSAPP_WINDOW
    )
    approved = texts.whatsapp_template(session, str(row.details.get("text", "")))
    return Outgoing(
        channel=Channel(row.channel),
        to=row.address,
        text=row.text,
        language=Language(row.language),
        idempotency_key=row.idempotency_key,
        buttons=tuple(Button(label, data) for label, data in row.details.get("buttons", [])),
        template=approved.name or template,
        template_buttons=_choices(row, approved),
        parameters=(row.text,),
        must_use_template=is_closed,
        is_public=row.is_public,
        callback=str(row.details.get("callback", "")),
        edits=str(row.details.get("edits", "")),
        payload=dict(row.details.get("registry", {})),
        reply_token=str(row.details.get("reply_token", "")),
        files=tuple(_enclosures(row, fetch)) if fetch else (),
        photos=tuple(_photos(row, fetch)) if fetch and not is_closed else (),
    )


def _choices(row: OutboxRow, approved: texts.Approved) -> tuple[Button, ...]:
    """Return what the quick replies of a template are to send back, in the order it was approved with."""
    if approved.buttons != YES_NO:
        return ()
    return tuple(Button(label, data) for label, data in row.details.get("choices", []))


def _enclosures(row: OutboxRow, fetch: Callable[[str], bytes]) -> Iterator[Enclosure]:
    for file in row.details.get("files", []):
        try:
            yield Enclosure(str(file["name"]), str(file["mime"]), fetch(str(file["sha256"])))
        except OSError as error:
            raise LookupError(f"the file {file['name']} is gone") from error


def _photos(row: OutboxRow, fetch: Callable[[str], bytes]) -> Iterator[Enclosure]:
    """Give the pictures that are still there: without one the message goes all the same."""
    for number, file in enumerate(row.details.get("photos", []), start=1):
        with suppress(OSError, ValueError):
            mime = str(file["mime"])
            yield Enclosure(f"{number}.{mime.partition('/')[2]}", mime, fetch(str(file["sha256"])))


def settle_sent(session: Session, row: OutboxRow, receipt: Receipt, now: datetime) -> None:
    """Note that the platform took the message, and put it into the conversation."""
    assert row.id is not None
    if receipt.external_id:
        statuses.prepare(session, row, receipt.external_id)
    if not outbox.settle(
        session, row.id, row.attempts, now, "sent", external_id=receipt.external_id, delivery="sent", last_error=""
    ):
        return
    number = receipt.details.get("number", "")
    if row.channel == Channel.REGISTRY.value and row.appeal_id is not None and number:
        session.get_one(AppealRow, row.appeal_id).external_number = number
    if row.conversation_id is not None:
        message: dict[str, object] = {
            "conversation_id": row.conversation_id,
            "mention_id": row.mention_id,
            "channel": row.channel,
            "key": receipt.external_id or f"outbox:{row.id}",
            "is_ours": True,
            "role": row.purpose,
            "text": row.text,
            "at": now,
            "versions": [],
        }
        insert_new(session, MessageRow, [message])
    if receipt.external_id:
        statuses.catch_up(session, session.get_one(OutboxRow, row.id, populate_existing=True), now)
    changes.tell(session, changes.Topic.OUTBOX, row.id, now)


def settle_failure(session: Session, row: OutboxRow, error: ChannelError, now: datetime) -> None:
    """Decide what a failure means for the message.

    Messages to citizens are repeated when it is unknown whether they arrived: silence is worse than a double.
    """
    assert row.id is not None
    if isinstance(error, UnreachableError):
        outbox.settle(session, row.id, row.attempts, now, "by_hand", last_error=str(error))
    elif error.permanent:
        outbox.settle(session, row.id, row.attempts, now, "failed", last_error=str(error))
    elif row.attempts >= MOST_ATTEMPTS:
        state = "unknown" if isinstance(error, UnknownOutcomeError) else "failed"
        outbox.settle(session, row.id, row.attempts, now, state, last_error=str(error))
    else:
        outbox.put_off(session, row.id, row.attempts, now + pause(row.attempts, error.retry_after), str(error))
    changes.tell(session, changes.Topic.OUTBOX, row.id, now)


def pause(attempts: int, asked: timedelta | None) -> timedelta:
    """Return how long to wait after an attempt: 2, 4, 8 … seconds up to ten minutes, or longer if the platform asks.

    "Retry after 1 s" under a flood does not shorten it, or the attempts would be used up within seconds.
    """
    return max(asked or timedelta(0), min(timedelta(seconds=2 ** min(attempts, 10)), timedelta(minutes=10)))
