"""Hearing a citizen's word on whether it is solved, in a message or by a button. The caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake109.appeals.news import Setting
from intake109.appeals.voice import satisfaction
from intake109.appeals.voice.writing import VOICE
from intake109.dialogue import entry, voice
from intake109.dialogue.recall import question_of
from intake109.errors import NotFoundError
from intake109.model import Channel, Message, Press
from intake109.queue import arrival
from intake109.store import mentions, tasks
from intake109.store.tables import ConversationRow, MentionRow, ReporterRow

BUTTON = "solved"


def take_word(session: Session, channel: Channel, message: Message, setting: Setting, now: datetime) -> None:
    """Keep what was said, with its pictures, in the case, and act on it; what is no plain yes somebody reads.

    Raises:
        ConflictError: the case was merged this very moment; the event is tried again.
    """
    found = question_of(session, channel, message)
    assert found is not None
    mention = session.get_one(MentionRow, found.mention_id)
    mentions.meet(session, channel, message, now)
    conversation_id = mention.conversation_id
    entry.keep_message(session, channel, message, conversation_id, found.mention_id, VOICE, message.mentioned_at)
    entry.keep_files(session, channel, message, found.mention_id, now)
    is_solved = voice.said(message.text)
    task = tasks.of_mention(session, found.mention_id)
    if task is not None and (is_solved is not True or message.attachments):
        arrival.note_news(session, task, now)
    session.flush()
    if is_solved is not None:
        satisfaction.hear(session, found.reporter_id, is_solved, setting, now)


def take_press(session: Session, row: ConversationRow, press: Press, setting: Setting, now: datetime) -> bool:
    """Act on a pressed yes or no; False if the button is neither, or was not put to who pressed it.

    Raises:
        ConflictError: the case was merged this very moment; the event is tried again.
    """
    parts = press.data.split(":")
    if len(parts) != 4 or parts[0] != BUTTON or parts[3] not in ("yes", "no"):
        return False
    if not (parts[1].isdecimal() and parts[2].isdecimal()):
        return False
    reporter = session.get(ReporterRow, int(parts[1]))
    if reporter is None or reporter.conversation_id not in mentions.conversations_of_author(session, row):
        return False
    try:
        satisfaction.hear(
            session,
            int(parts[1]),
            parts[3] == "yes",
            setting,
            now,
            number_of_round=int(parts[2]),
            callback=press.callback,
        )
    except NotFoundError:  # taken off the appeal since
        return False
    return True
