"""Writing a message into its conversation: as a mention of its own, or as part of one. Caller's transaction."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from pydantic_core import to_jsonable_python
from sqlalchemy.orm import Session

from intake109.appeals.work import shelving
from intake109.dedup.fingerprint import text_hash
from intake109.dedup.marks import marks as marks_of
from intake109.dedup.originals import Original, Said, find_original, is_near, said_by
from intake109.dedup.wording import wording as wording_of
from intake109.dialogue.meaning import Meaning
from intake109.dialogue.recall import wording
from intake109.model import Channel, Message, Parent, Point, Verdict
from intake109.queue import arrival, following, grouping
from intake109.queue.rules import Rules
from intake109.store import attachments, marks, mentions, tasks
from intake109.store.rows import insert_one
from intake109.store.tables import ConversationRow, EventRow, MentionRow, MessageRow, TaskRow

_NOT_EQUAL = frozenset({"near", "picture"})


@dataclass(frozen=True, slots=True)
class Arrived:
    """How a message reached us: the event, when it was stored, and when the citizen acted as far as can be told."""

    event_id: int
    received_at: datetime
    mentioned_at: datetime


def mentioned_at(message: Message, row: EventRow) -> datetime:
    """Return when the citizen wrote to us, as far as can be told."""
    if message.is_public and message.edited_at is not None:
        return message.edited_at  # said to others before; it became a mention when the edit tagged us
    if message.mentioned_at_is_known or row.previous_poll_at is None:
        return message.mentioned_at
    return max(message.mentioned_at, row.previous_poll_at)


def open_mention(
    session: Session,
    arrived: Arrived,
    channel: Channel,
    message: Message,
    verdict: Verdict,
    rules: Rules,
    now: datetime,
    *,
    is_stranger: bool = False,
) -> int:
    """Write a new mention with its conversation, first message, files and task, and return the mention's id.

    What certainly repeats an earlier mention follows that one's task, or is attached to its appeal at once.
    A stranger is known to have neither a conversation nor earlier words.
    """
    conversation = mentions.meet(session, channel, message, now, _language(verdict), is_stranger=is_stranger)
    assert conversation.id is not None
    fingerprint = text_hash(message.text)
    own_id = None if is_stranger else conversation.id
    original = _original(session, arrived, channel, message, verdict, fingerprint, own_id)
    values = _said(arrived, channel, message) | {
        "conversation_id": conversation.id,
        "text_hash": fingerprint,
        "original_id": original.mention_id if original else None,
        "original_why": original.why if original else "",
        **_judged(verdict),
    }
    mention_id = insert_one(session, MentionRow, values)
    if original is None or original.why in _NOT_EQUAL:  # the first of equal ones stands for all of them
        marks.add(session, mention_id, marks_of(wording_of(message.text)), now)
    keep_message(session, channel, message, conversation.id, mention_id, "mention", arrived.mentioned_at)
    keep_files(session, channel, message, mention_id, now)
    text = message.text.strip() or _parent(message.parent).get("text", "")
    told = grouping.Told(verdict, conversation, arrived.mentioned_at, arrived.received_at, message.point, is_stranger)
    placed = grouping.columns(session, told, rules.problems, rules.catalogue)
    opened = arrival.Opened(mention_id, channel.value, text, arrived.mentioned_at, arrived.received_at, placed)
    _open_task(session, opened, verdict, original, rules, now)
    return mention_id


def _open_task(
    session: Session, opened: arrival.Opened, verdict: Verdict, original: Original | None, rules: Rules, now: datetime
) -> None:
    leader = None
    if original is not None and original.is_certain:
        leader = following.leader_of(session, original.mention_id, is_incident=verdict.incident.flag)
    task_id = arrival.open_task(session, opened, verdict, rules.promise, now, leader)
    grouping.gather(session, task_id, opened.placed, rules.problems, now)
    if leader is not None:
        follower = session.get_one(TaskRow, task_id)
        if follower.follows_id is not None:
            following.followed(session, leader, follower, rules, now)


def _original(
    session: Session,
    arrived: Arrived,
    channel: Channel,
    message: Message,
    verdict: Verdict,
    fingerprint: str,
    conversation_id: int | None,
) -> Original | None:
    point = message.point
    return find_original(
        session,
        Said(
            message.text.strip(),
            fingerprint,
            channel.value,
            arrived.mentioned_at,
            conversation_id,
            message.origin,
            asdict(verdict.place),
            point.latitude if point else None,
            point.longitude if point else None,
        ),
    )


def _said(arrived: Arrived, channel: Channel, message: Message) -> dict[str, object]:
    return {
        "event_id": arrived.event_id,
        "channel": channel.value,
        "key": message.key,
        "text": message.text.strip(),
        "parent": _parent(message.parent),
        "parent_key": message.parent.key if message.parent else "",
        "permalink": message.permalink,
        "album": message.album,
        "origin": message.origin,
        "reply_to": message.reply_to,
        "is_public": message.is_public,
        "mentioned_at": arrived.mentioned_at,
        "received_at": arrived.received_at,
        "edited_at": message.edited_at,
        **_located(message),
    }


def extend_mention(
    session: Session,
    mention_id: int,
    channel: Channel,
    message: Message,
    meaning: Meaning,
    verdict: Verdict,
    rules: Rules,
    now: datetime,
) -> None:
    """Add a part, a continuation, an answer, a repeat or a later wording to a mention and judge it anew."""
    row = session.get(MentionRow, mention_id)
    assert row is not None
    if meaning is Meaning.EDIT:
        _reword(session, channel, message)
        row.edited_at = message.edited_at
    else:
        mentions.meet(session, channel, message, now)
        keep_message(session, channel, message, row.conversation_id, mention_id, meaning.value, message.mentioned_at)
        row.reply_to = message.reply_to if not row.is_public else row.reply_to
        shelving.heard(session, mention_id, message.mentioned_at, rules.terms, now)
    conversation = session.get(ConversationRow, row.conversation_id)
    assert conversation is not None
    if not conversation.language_is_chosen:
        conversation.language = _language(verdict) or conversation.language
    session.flush()
    before = row.text
    row.text = wording(mentions.messages_of_mention(session, mention_id))
    row.text_hash = text_hash(row.text)
    for name, value in (_located(message) | _judged(verdict)).items():
        setattr(row, name, value)
    keep_files(session, channel, message, mention_id, now)
    task = tasks.of_mention(session, mention_id)
    if task is not None:
        arrival.refresh(session, task, row, verdict, rules.promise, now)
        point = Point(row.latitude, row.longitude) if row.latitude is not None and row.longitude is not None else None
        told = grouping.Told(verdict, conversation, row.mentioned_at, row.received_at, point)
        grouping.place_anew(session, task, told, rules.problems, rules.catalogue, now)
    if row.text != before:
        _reconsider(session, row, task, now)


def _reconsider(session: Session, row: MentionRow, task: TaskRow | None, now: datetime) -> None:
    """Look again at what a mention repeats, and at what repeats it, for its words have changed."""
    assert row.id is not None
    marks.put(session, row.id, marks_of(wording_of(row.text)), now)
    first = session.get(MentionRow, row.original_id) if row.original_id is not None else None
    if first is not None and not is_near(said_by(row), first):
        row.original_id, row.original_why = None, ""
    if task is not None:
        session.flush()
        following.heed(session, task, row, now)


def mark_deleted(session: Session, channel: Channel, key: str, deleted_at: datetime, now: datetime) -> bool:
    """Mark a message the citizen took back; what it said stays readable for the inspector.

    Return False if there is no such message: never heard, or still on its way.
    """
    message = mentions.message_by_key(session, channel, key)
    if message is None:
        return False
    if message.deleted_at is not None:
        return True
    message.deleted_at = deleted_at
    if message.mention_id is None:
        return True
    session.flush()
    row = session.get(MentionRow, message.mention_id)
    assert row is not None
    if all(one.deleted_at is not None for one in mentions.messages_of_mention(session, message.mention_id)):
        row.deleted_at = deleted_at
    task = tasks.of_mention(session, message.mention_id)
    if task is not None:
        arrival.note_news(session, task, now)
    return True


def _language(verdict: Verdict) -> str:
    """Return the language of what was judged, empty if there were no words to tell it by."""
    return verdict.language.value if verdict.text.strip() else ""


def _judged(verdict: Verdict) -> dict[str, object]:
    return {"kind": verdict.kind.value, "language": verdict.language.value, "verdict": to_jsonable_python(verdict)}


def _located(message: Message) -> dict[str, object]:
    point = message.point
    if point is None:
        return {}
    return {"latitude": point.latitude, "longitude": point.longitude, "point_name": point.name}


def keep_message(
    session: Session,
    channel: Channel,
    message: Message,
    conversation_id: int,
    mention_id: int,
    role: str,
    at: datetime,
) -> None:
    """Put a message into its conversation, as part of a mention."""
    values = {
        "conversation_id": conversation_id,
        "mention_id": mention_id,
        "channel": channel.value,
        "key": message.key,
        "role": role,
        "text": message.text if not message.contact else f"{message.text}\n{message.contact}".strip(),
        "at": at,
        "edited_at": message.edited_at,
    }
    insert_one(session, MessageRow, values)


def _reword(session: Session, channel: Channel, message: Message) -> None:
    stored = mentions.message_by_key(session, channel, message.key)
    assert stored is not None
    earlier_at = (stored.edited_at or stored.at).isoformat()
    stored.versions = [*stored.versions, {"text": stored.text, "at": earlier_at}]
    stored.text = message.text
    stored.edited_at = message.edited_at


def keep_files(session: Session, channel: Channel, message: Message, mention_id: int, now: datetime) -> None:
    """Have the files of a message fetched, with its parent's."""
    attachments.add(session, mention_id, channel, message.attachments, now, message_key=message.key)
    if message.parent is not None:
        attachments.add(session, mention_id, channel, message.parent.attachments, now, is_parents=True)


def _parent(parent: Parent | None) -> dict[str, str]:
    if parent is None or parent.is_ours:
        return {}
    return {"key": parent.key, "text": parent.text, "author": parent.author, "permalink": parent.permalink}
