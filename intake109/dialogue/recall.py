"""What we know when a message arrives, read from the store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.appeals.course import Status
from intake109.dedup.fingerprint import text_hash
from intake109.dedup.originals import WINDOW
from intake109.dialogue import executors
from intake109.dialogue.meaning import Decision, Known, Meaning, Question
from intake109.model import Channel, Message
from intake109.store import appeals, asked, mentions, tasks
from intake109.store.tables import AppealRow, MessageRow, TaskRow

_SAYING_NOTHING = frozenset({"repeat", "voice"})
"""Roles of messages that add nothing to what a mention is about."""


class Strangers:
    """Those among several writers of whom nothing is stored: there is nothing to recall of what they say.

    Asked for once, where each message would take two questions; in a storm most people write for the first time.
    """

    def __init__(self, session: Session, said: Iterable[tuple[Channel, Message]]) -> None:
        said = list(said)
        ids = {one for channel, message in said for one in _ids(channel, message)}
        self._unknown = ids - mentions.known_authors(session, ids)
        self._stored = mentions.known_keys(session, {(channel, message.key) for channel, message in said})
        self._work_chats = executors.work_chats(session, said)

    def include(self, channel: Channel, message: Message) -> bool:
        """Whether the writer is one, and the message neither stored nor tied to another."""
        is_alone = not message.album and not message.quotes and (channel, message.key) not in self._stored
        return is_alone and self._unknown.issuperset(_ids(channel, message))

    def are_at_work(self, channel: Channel, message: Message) -> bool:
        """Whether the message stands in the chat into which an organisation gets its work."""
        return channel is Channel.TELEGRAM and executors.chat_of(message) in self._work_chats

    def meet(self, channel: Channel, message: Message) -> None:
        """Note that this is being stored."""
        self._unknown.difference_update(_ids(channel, message))
        self._stored.add((channel, message.key))


def _ids(channel: Channel, message: Message) -> list[tuple[Channel, str]]:
    return [(channel, one) for one in (message.author.id, *message.author.aliases)]


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
        question=question_of(session, channel, message),
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
        was_asked_at=_asked_at(session, message, task),
        quoted_mention_id=known.quoted_mention_id,
        quoted_is_ours=known.quoted_is_ours,
        repeats_mention_id=_repeated(session, message, conversation.id),
        question=known.question,
    )


def question_of(session: Session, channel: Channel, message: Message) -> Question | None:
    """Return what this citizen was asked last, here or, of what is said in private, anywhere on the channel.

    A reply answers what it replies to, though something else was asked since.
    """
    thread = message.thread if message.is_public else ""
    quoted = mentions.message_by_key(session, channel, message.quotes) if message.quotes else None
    row = None
    if quoted is not None and quoted.mention_id is not None:
        row = asked.latest(session, channel, message.author, thread, quoted.mention_id)
    row = row or asked.latest(session, channel, message.author, thread)
    if row is None or row.asked_at is None or row.id is None:
        return None
    appeal = appeals.live(session, session.get_one(AppealRow, row.appeal_id))
    return Question(
        reporter_id=row.id,
        mention_id=row.mention_id,
        asked_at=row.asked_at,
        said=row.said,
        said_at=row.said_at,
        last_message_at=mentions.last_message_at(session, row.mention_id),
        closed_at=appeal.closed_at,
        is_incident=appeal.is_incident,
    )


def _asked_at(session: Session, message: Message, task: TaskRow) -> datetime | None:
    """Return since when an answer counts; while an appeal waits for one, for as long as it does."""
    if task.asked_at is None or task.appeal_id is None:
        return task.asked_at
    appeal = appeals.live(session, session.get_one(AppealRow, task.appeal_id))
    return max(task.asked_at, message.mentioned_at) if appeal.status == Status.WAITING else task.asked_at


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
    """Return what a mention says now: its messages joined, without those taken back, repeated or on what was done."""
    texts = [row.text.strip() for row in rows if row.deleted_at is None and row.role not in _SAYING_NOTHING]
    return "\n".join(text for text in texts if text)


def later_wording(rest: list[MessageRow], message: Message, decision: Decision) -> str:
    """Return what a mention will say: its other messages with the one that is to join them."""
    before = wording(rest)
    if decision.meaning is Meaning.REPEAT:
        return before or message.text
    return "\n".join(text for text in (before, message.text.strip()) if text)
