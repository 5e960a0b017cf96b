"""What a person does with a message that could not be delivered: answer by another way, or have it tried again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake109.errors import ConflictError, NotFoundError
from intake109.store import audit, changes, undelivered
from intake109.store.rows import insert_new
from intake109.store.tables import MessageRow, OutboxRow


def sent_by_hand(session: Session, row_id: int, user_id: int, now: datetime) -> OutboxRow:
    """Note that a person has told the citizen; the message counts as sent and stands in the conversation.

    Raises:
        NotFoundError: there is no such message.
        ConflictError: somebody else was first, or it has been delivered meanwhile.
    """
    row = _taken_over(session, row_id, "sent", now, settled_at=now, delivery="sent", last_error="")
    if row.conversation_id is not None:
        message: dict[str, object] = {
            "conversation_id": row.conversation_id,
            "mention_id": row.mention_id,
            "channel": row.channel,
            "key": f"outbox:{row.id}",
            "is_ours": True,
            "role": row.purpose,
            "text": row.text,
            "at": now,
            "versions": [],
        }
        insert_new(session, MessageRow, [message])
    audit.note(session, now, user_id, "sent by hand", "outbox", row_id, appeal=row.appeal_id)
    return row


def try_again(session: Session, row_id: int, user_id: int, now: datetime) -> OutboxRow:
    """Owe the message again at once. Attempts keep counting, so a hopeless one comes back after the first failure.

    Raises:
        NotFoundError: there is no such message.
        ConflictError: somebody else was first, or it has been delivered meanwhile.
    """
    row = _taken_over(session, row_id, "owed", now, not_before=now, settled_at=None, delivery="", external_id="")
    audit.note(session, now, user_id, "tried again", "outbox", row_id, appeal=row.appeal_id)
    return row


def _taken_over(session: Session, row_id: int, state: str, now: datetime, **values: object) -> OutboxRow:
    if not undelivered.take_over(session, row_id, state, **values):
        if session.get(OutboxRow, row_id) is None:
            raise NotFoundError(f"there is no message {row_id}")
        raise ConflictError(f"message {row_id} waits for nobody any more")
    row = session.get(OutboxRow, row_id, populate_existing=True)
    assert row is not None
    changes.tell(session, changes.Topic.OUTBOX, row_id, now)
    return row
