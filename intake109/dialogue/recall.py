"""What we know when a message arrives, read from the store."""

from __future__ import annotations

from sqlalchemy.orm import Session

from intake109.dedup.fingerprint import text_hash
from intake109.dedup.originals import WINDOW
from intake109.dialogue.meaning import Known
from intake109.model import Channel, Message
from intake109.store import mentions, tasks
from intake109.store.tables import MessageRow


def recall(session: Session, channel: Channel, message: Message) -> Known:
    """Gather what `meaning.decide` needs to know about a message."""
    stored = mentions.message_by_key(session, channel, message.key)
    if stored is not None:
        return Known(has_message=True, last_wording_at=stored.edited_at, mention_id=stored.mention_id)
    album = mentions.by_album(session, channel, message.album) if message.album else None
    quoted = mentions.message_by_key(session, channel, message.quotes) if message.quotes else None
    conversation = mentions.conversation(session, channel, message.author, message.thread)
    latest = mentions.latest_of(session, conversation.id) if conversation is not None and conversation.id else None
    known = Known(
        album_mention_id=album.id if album else None,
        quoted_mention_id=quoted.mention_id if quoted else None,
        quoted_is_ours=quoted.is_ours if quoted else False,
    )
    if latest is None or conversation is None or conversation.id is None:
        return known
    mention, task = latest
    assert mention.id is not None
    return Known(
        album_mention_id=known.album_mention_id,
        mention_id=mention.id,
        is_open=task.decided_at is None,
        last_message_at=mentions.last_message_at(session, mention.id),
        was_asked_at=task.asked_at,
        quoted_mention_id=known.quoted_mention_id,
        quoted_is_ours=known.quoted_is_ours,
        repeats_mention_id=_repeated(session, message, conversation.id),
    )


def _repeated(session: Session, message: Message, conversation_id: int) -> int | None:
    fingerprint = text_hash(message.text)
    if not fingerprint:
        return None
    for row in mentions.own_with_text_hash(session, conversation_id, fingerprint, message.mentioned_at - WINDOW):
        task = tasks.of_mention(session, row.id) if row.id is not None else None
        if task is not None and task.decided_at is None:
            return row.id
    return None


def wording(rows: list[MessageRow]) -> str:
    """Return what a mention says now: its messages joined, without those taken back or merely repeated."""
    texts = [row.text.strip() for row in rows if row.deleted_at is None and row.role != "repeat"]
    return "\n".join(text for text in texts if text)
