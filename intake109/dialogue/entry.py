"""Writing a message into its conversation: as a mention of its own, or as part of one. Caller's transaction."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.config import Promise
from intake109.dedup.fingerprint import text_hash
from intake109.dedup.originals import find_original
from intake109.dialogue.meaning import Meaning
from intake109.dialogue.recall import wording
from intake109.model import Channel, Message, Parent, Verdict
from intake109.queue import arrival
from intake109.store import attachments, mentions, tasks
from intake109.store.tables import ConversationRow, MentionRow, MessageRow


@dataclass(frozen=True, slots=True)
class Arrived:
    """How a message reached us: the event, when it was stored, and when the citizen acted as far as can be told."""

    event_id: int
    received_at: datetime
    mentioned_at: datetime


def open_mention(
    session: Session,
    arrived: Arrived,
    channel: Channel,
    message: Message,
    verdict: Verdict,
    promise: Promise,
    now: datetime,
) -> MentionRow:
    """Write a new mention with its conversation, first message, files and task."""
    conversation = mentions.meet(session, channel, message, now)
    assert conversation.id is not None
    fingerprint = text_hash(message.text)
    original = find_original(
        session, fingerprint, conversation.id, arrived.mentioned_at, is_forward=bool(message.origin)
    )
    row = MentionRow(
        event_id=arrived.event_id,
        conversation_id=conversation.id,
        channel=channel.value,
        key=message.key,
        text=message.text.strip(),
        text_hash=fingerprint,
        parent=_parent(message.parent),
        parent_key=message.parent.key if message.parent else "",
        permalink=message.permalink,
        album=message.album,
        origin=message.origin,
        reply_to=message.reply_to,
        is_public=message.is_public,
        mentioned_at=arrived.mentioned_at,
        received_at=arrived.received_at,
        edited_at=message.edited_at,
        original_id=original.mention_id if original else None,
        original_why=original.why if original else "",
    )
    _locate(row, message)
    _judge(row, conversation, verdict)
    session.add(row)
    session.flush()
    _keep_message(session, channel, message, row, "mention", arrived.mentioned_at)
    _keep_files(session, channel, message, row, now)
    arrival.open_task(session, row, verdict, promise, now, has_content=bool(verdict.text.strip()))
    return row


def extend_mention(
    session: Session,
    mention_id: int,
    channel: Channel,
    message: Message,
    meaning: Meaning,
    verdict: Verdict,
    promise: Promise,
    now: datetime,
) -> None:
    """Add a part, a continuation, an answer, a repeat or a later wording to a mention and judge it anew."""
    row = session.get(MentionRow, mention_id)
    assert row is not None
    conversation = session.get(ConversationRow, row.conversation_id)
    assert conversation is not None
    if meaning is Meaning.EDIT:
        _reword(session, channel, message)
        row.edited_at = message.edited_at
    else:
        mentions.meet(session, channel, message, now)
        _keep_message(session, channel, message, row, meaning.value, message.mentioned_at)
        row.reply_to = message.reply_to if not row.is_public else row.reply_to
    session.flush()
    row.text = wording(mentions.messages_of_mention(session, mention_id))
    row.text_hash = text_hash(row.text)
    _locate(row, message)
    _judge(row, conversation, verdict)
    _keep_files(session, channel, message, row, now)
    task = tasks.of_mention(session, mention_id)
    if task is not None:
        arrival.refresh(session, task, row, verdict, promise, now, has_content=bool(verdict.text.strip()))


def mark_deleted(session: Session, channel: Channel, key: str, deleted_at: datetime, now: datetime) -> None:
    """Mark a message the citizen took back; what it said stays readable for the inspector."""
    message = mentions.message_by_key(session, channel, key)
    if message is None or message.deleted_at is not None:
        return
    message.deleted_at = deleted_at
    if message.mention_id is None:
        return
    session.flush()
    row = session.get(MentionRow, message.mention_id)
    assert row is not None
    if all(one.deleted_at is not None for one in mentions.messages_of_mention(session, message.mention_id)):
        row.deleted_at = deleted_at
    task = tasks.of_mention(session, message.mention_id)
    if task is not None:
        arrival.note_news(session, task, now)


def _judge(row: MentionRow, conversation: ConversationRow, verdict: Verdict) -> None:
    row.kind = verdict.kind.value
    row.language = verdict.language.value
    row.verdict = asdict(verdict)
    if verdict.text.strip() and not conversation.language_is_chosen:
        conversation.language = verdict.language.value


def _locate(row: MentionRow, message: Message) -> None:
    if message.point is not None:
        row.latitude, row.longitude = message.point.latitude, message.point.longitude
        row.point_name = message.point.name


def _keep_message(
    session: Session, channel: Channel, message: Message, row: MentionRow, role: str, at: datetime
) -> None:
    text = message.text if not message.contact else f"{message.text}\n{message.contact}".strip()
    session.add(
        MessageRow(
            conversation_id=row.conversation_id,
            mention_id=row.id,
            channel=channel.value,
            key=message.key,
            role=role,
            text=text,
            at=at,
            edited_at=message.edited_at,
        )
    )


def _reword(session: Session, channel: Channel, message: Message) -> None:
    stored = mentions.message_by_key(session, channel, message.key)
    assert stored is not None
    earlier_at = (stored.edited_at or stored.at).isoformat()
    stored.versions = [*stored.versions, {"text": stored.text, "at": earlier_at}]
    stored.text = message.text
    stored.edited_at = message.edited_at


def _keep_files(session: Session, channel: Channel, message: Message, row: MentionRow, now: datetime) -> None:
    assert row.id is not None
    attachments.add(session, row.id, channel, message.attachments, now, message_key=message.key)
    if message.parent is not None:
        attachments.add(session, row.id, channel, message.parent.attachments, now, is_parents=True)


def _parent(parent: Parent | None) -> dict[str, str]:
    if parent is None or parent.is_ours:
        return {}
    return {"key": parent.key, "text": parent.text, "author": parent.author, "permalink": parent.permalink}
