"""What a message is: news, or part of something we know. Pure: gets what is known, decides."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from intake109.dialogue import voice
from intake109.model import Message

_COMMAND = re.compile(r"/([a-z_]+)(?:@\w+)?(?:\s+(.*))?$", re.IGNORECASE | re.DOTALL)
COMMANDS = ("start", "help", "status", "my", "language")


class Meaning(StrEnum):
    """What to do with a message."""

    MENTION = "mention"
    """Something new: a mention with a task of its own."""
    ALBUM_PART = "album_part"
    """One more picture of an album whose first part is a mention already."""
    CONTINUATION = "continuation"
    """The citizen goes on: "яма", then the address, then the photo."""
    ANSWER = "answer"
    """The reply to a question of ours."""
    REPEAT = "repeat"
    """The same words by the same citizen while the first is still waiting."""
    EDIT = "edit"
    """A later wording of a message we have."""
    KNOWN = "known"
    """Delivered before; nothing to do."""
    COMMAND = "command"
    VOICE = "voice"
    """What the citizen says of our "is it solved?": yes, no, and the photo that shows it."""
    EXECUTOR = "executor"
    """Said in an executor's chat: an answer to a letter of ours, or to be looked at by a person."""
    OVERHEARD = "overheard"
    """Said near us, not to us."""


@dataclass(frozen=True, slots=True)
class Question:
    """That a citizen was asked whether it is solved: what was answered last (yes, no or nothing), when, and of what.

    Attributes:
        mention_id: the mention about which it was asked.
        last_message_at: when the citizen last added to that mention.
        closed_at: when its case was closed, if it is.
    """

    reporter_id: int
    mention_id: int
    asked_at: datetime
    said: str = ""
    said_at: datetime | None = None
    last_message_at: datetime | None = None
    closed_at: datetime | None = None
    is_incident: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when a message arrives.

    Attributes:
        has_message: the platform's key is known already.
        last_wording_at: when the stored wording was edited; None if it is the first one, which any edit replaces.
        album_mention_id: the mention that holds the album's first part.
        mention_id: the citizen's latest mention in this thread, `is_open` if it still waits for a decision.
        last_message_at: when the citizen last added to it.
        was_asked_at: when we asked the citizen a question about it.
        quoted_mention_id: the mention that the quoted message belongs to (the citizen's own or our reply to it).
        repeats_mention_id: the citizen's own open mention with the same words.
        question: what the citizen was asked last about something that was done.
    """

    has_message: bool = False
    last_wording_at: datetime | None = None
    album_mention_id: int | None = None
    mention_id: int | None = None
    is_open: bool = False
    last_message_at: datetime | None = None
    was_asked_at: datetime | None = None
    quoted_mention_id: int | None = None
    quoted_is_ours: bool = False
    repeats_mention_id: int | None = None
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A meaning, and the mention it concerns (None for new ones, commands and what is overheard)."""

    meaning: Meaning
    mention_id: int | None = None


def decide(
    message: Message,
    known: Known,
    continuation: timedelta,
    answer_within: timedelta,
    reopening: timedelta = timedelta(days=30),
) -> Decision:
    """Say what a message is; for so long as `reopening` after a case was closed its citizen may still say no.

    The boundary belongs to the citizen: exactly at the end of a window is still inside.
    """
    if known.has_message:
        return _decide_known(message, known)
    if command(message) is not None:
        return Decision(Meaning.COMMAND)
    question = known.question
    if (
        question is not None
        and question.closed_at is not None
        and message.mentioned_at > question.closed_at + reopening
    ):
        known = replace(known, question=None)
    part = _part_of(message, known, continuation, answer_within)
    if part is not None:
        return part
    return Decision(Meaning.MENTION if message.is_addressed else Meaning.OVERHEARD)


def _part_of(message: Message, known: Known, continuation: timedelta, answer_within: timedelta) -> Decision | None:
    if known.album_mention_id is not None:
        return Decision(Meaning.ALBUM_PART, known.album_mention_id)
    if known.question is not None and _is_word(message, known, known.question, continuation, answer_within):
        return Decision(Meaning.VOICE, known.question.mention_id)
    if known.mention_id is not None and _is_answer(message, known, continuation, answer_within):
        return Decision(Meaning.ANSWER, known.mention_id)
    if known.repeats_mention_id is not None:
        return Decision(Meaning.REPEAT, known.repeats_mention_id)
    if known.mention_id is not None and known.is_open and _continues(message, known, continuation):
        return Decision(Meaning.CONTINUATION, known.mention_id)
    return None


def command(message: Message) -> tuple[str, str] | None:
    """Return the command a message gives us and its argument; None if it is none of ours."""
    match = _COMMAND.match(message.text.strip())
    if not match or not message.is_addressed or message.attachments or match[1].lower() not in COMMANDS:
        return None
    return match[1].lower(), (match[2] or "").strip()


def _decide_known(message: Message, known: Known) -> Decision:
    is_newer = message.edited_at is not None and (
        known.last_wording_at is None or message.edited_at > known.last_wording_at
    )
    return Decision(Meaning.EDIT if is_newer else Meaning.KNOWN, known.mention_id)


def _is_answer(message: Message, known: Known, continuation: timedelta, answer_within: timedelta) -> bool:
    """Say whether our question is being answered.

    Once the task is decided only the first words since the question count, and what directly goes on from them:
    what the citizen says hours later is news, and news must not hide in a closed task.
    """
    if known.was_asked_at is None:
        return False
    if known.quoted_is_ours and known.quoted_mention_id == known.mention_id:
        return True
    if message.origin or not known.was_asked_at <= message.mentioned_at <= known.was_asked_at + answer_within:
        return False
    if known.is_open or known.last_message_at is None or known.last_message_at <= known.was_asked_at:
        return True
    return abs(message.mentioned_at - known.last_message_at) <= continuation


def _continues(message: Message, known: Known, continuation: timedelta) -> bool:
    if known.quoted_mention_id == known.mention_id:
        return True
    if known.last_message_at is None or message.origin or (message.parent is not None and message.is_public):
        return False
    return abs(message.mentioned_at - known.last_message_at) <= continuation  # platforms deliver days late, too


def _is_word(
    message: Message, known: Known, asked: Question, continuation: timedelta, answer_within: timedelta
) -> bool:
    """Say whether this is the citizen's word on what was done; what is not plainly that takes the ordinary way.

    Before everybody only a reply to us is: "да" may be said to a neighbour. While the citizen is in the midst of
    something newer, that is what is gone on with; and a reply to words about another appeal is none to the question.
    """
    is_to_us = known.quoted_is_ours or (message.parent is not None and message.parent.is_ours)
    if message.origin or message.mentioned_at < asked.asked_at or (message.is_public and not is_to_us):
        return False
    if known.quoted_mention_id not in (None, asked.mention_id):
        return False
    is_busy = known.is_open and known.mention_id != asked.mention_id and not is_to_us
    if is_busy and (_was_asked_since(known, asked) or _continues(message, known, continuation)):
        return False
    if voice.said(message.text) is not None:
        return True
    if not asked.said and is_to_us and known.quoted_mention_id == asked.mention_id:
        return True
    return asked.said != "yes" and _shows(message, asked, continuation, answer_within)


def _was_asked_since(known: Known, asked: Question) -> bool:
    return known.was_asked_at is not None and known.was_asked_at >= asked.asked_at


def _shows(message: Message, asked: Question, continuation: timedelta, answer_within: timedelta) -> bool:
    """Say whether this is the photo that shows how it is, or goes on from a no."""
    if not message.text.strip():
        return bool(message.attachments) and message.mentioned_at <= (asked.said_at or asked.asked_at) + answer_within
    last_at = asked.last_message_at or asked.said_at
    return asked.said == "no" and last_at is not None and abs(message.mentioned_at - last_at) <= continuation
