"""What a message is to us: a table of cases, and laws that hold for all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.dialogue.meaning import COMMANDS, Decision, Known, Meaning, command, decide
from intake109.model import Attachment, AttachmentKind, Message, Parent
from tests.city import said
from tests.conftest import NOON

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
CONTINUATION = 10 * MINUTE
ANSWER = 72 * HOUR
NEW = Decision(Meaning.MENTION)
OPEN = Known(mention_id=7, is_open=True, last_message_at=NOON)
ASKED = replace(OPEN, was_asked_at=NOON + MINUTE)
CLOSED = replace(ASKED, is_open=False)
ANSWERED = replace(CLOSED, last_message_at=NOON + HOUR)
PHOTO = Attachment(AttachmentKind.PHOTO, "{}")


def meaning(message: Message, known: Known) -> Decision:
    return decide(message, known, CONTINUATION, ANSWER)


def after(gap: timedelta, text: str = "Абая 10", **more: object) -> Message:
    return said("m", text, NOON + gap, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "known", "decision"),
    [
        # nothing is known
        (after(MINUTE), Known(), NEW),
        (after(MINUTE, is_addressed=False), Known(), Decision(Meaning.OVERHEARD)),
        # the same message again
        (after(MINUTE), Known(has_message=True, mention_id=7), Decision(Meaning.KNOWN, 7)),
        (
            after(MINUTE, edited_at=NOON + HOUR),
            Known(has_message=True, last_wording_at=NOON, mention_id=7),
            Decision(Meaning.EDIT, 7),
        ),
        (
            after(MINUTE, edited_at=NOON),
            Known(has_message=True, last_wording_at=NOON, mention_id=7),
            Decision(Meaning.KNOWN, 7),
        ),
        (
            after(MINUTE, "/start", edited_at=NOON + HOUR),
            Known(has_message=True, last_wording_at=NOON, mention_id=7),
            Decision(Meaning.EDIT, 7),
        ),
        # commands
        (after(MINUTE, "/status 2026-000001"), OPEN, Decision(Meaning.COMMAND)),
        (after(MINUTE, "/start", is_addressed=False), Known(), Decision(Meaning.OVERHEARD)),
        (after(MINUTE, "/unknown"), Known(), NEW),
        # albums
        (after(MINUTE), replace(OPEN, album_mention_id=3), Decision(Meaning.ALBUM_PART, 3)),
        (after(MINUTE), replace(ASKED, album_mention_id=3), Decision(Meaning.ALBUM_PART, 3)),
        # continuations
        (after(CONTINUATION), OPEN, Decision(Meaning.CONTINUATION, 7)),
        (after(CONTINUATION + TICK), OPEN, NEW),
        (after(-CONTINUATION), OPEN, Decision(Meaning.CONTINUATION, 7)),
        (after(-72 * HOUR), OPEN, NEW),
        (after(MINUTE), replace(OPEN, is_open=False), NEW),
        (after(MINUTE, origin="channel:1"), OPEN, NEW),
        (after(MINUTE, is_public=True, parent=Parent("post")), OPEN, NEW),
        (after(MINUTE, parent=Parent("post")), OPEN, Decision(Meaning.CONTINUATION, 7)),
        (after(HOUR), replace(OPEN, quoted_mention_id=7), Decision(Meaning.CONTINUATION, 7)),
        (after(HOUR), replace(OPEN, quoted_mention_id=6), NEW),
        (after(HOUR), replace(OPEN, is_open=False, quoted_mention_id=7), NEW),
        (after(MINUTE, is_addressed=False), OPEN, Decision(Meaning.CONTINUATION, 7)),
        # answers to our question
        (after(MINUTE), ASKED, Decision(Meaning.ANSWER, 7)),
        (after(MINUTE + ANSWER), ASKED, Decision(Meaning.ANSWER, 7)),
        (after(MINUTE + ANSWER + TICK), ASKED, NEW),
        (after(MINUTE - TICK), ASKED, Decision(Meaning.CONTINUATION, 7)),
        (after(HOUR, origin="channel:1"), ASKED, NEW),
        (after(100 * HOUR), replace(ASKED, quoted_is_ours=True, quoted_mention_id=7), Decision(Meaning.ANSWER, 7)),
        (after(100 * HOUR), replace(ASKED, quoted_is_ours=True, quoted_mention_id=6), NEW),
        (after(100 * HOUR), replace(OPEN, quoted_is_ours=True, quoted_mention_id=6), NEW),
        # the question of a task decided meanwhile
        (after(HOUR), CLOSED, Decision(Meaning.ANSWER, 7)),
        (after(HOUR + CONTINUATION), ANSWERED, Decision(Meaning.ANSWER, 7)),
        (after(HOUR + CONTINUATION + TICK), ANSWERED, NEW),
        (after(9 * HOUR), replace(ANSWERED, quoted_is_ours=True, quoted_mention_id=7), Decision(Meaning.ANSWER, 7)),
        (after(9 * HOUR), replace(ANSWERED, is_open=True), Decision(Meaning.ANSWER, 7)),
        # repeats
        (after(HOUR), replace(OPEN, repeats_mention_id=5), Decision(Meaning.REPEAT, 5)),
        (after(MINUTE), replace(OPEN, repeats_mention_id=5), Decision(Meaning.REPEAT, 5)),
        (after(HOUR), replace(ASKED, repeats_mention_id=5), Decision(Meaning.ANSWER, 7)),
    ],
)
def test_the_table(message: Message, known: Known, decision: Decision) -> None:
    assert meaning(message, known) == decision


ids = st.none() | st.integers(1, 9)
moments = st.none() | st.timedeltas(timedelta(days=-9), timedelta(days=9)).map(lambda gap: NOON + gap)
knowns = st.builds(
    Known,
    has_message=st.booleans(),
    last_wording_at=moments,
    album_mention_id=ids,
    mention_id=ids,
    is_open=st.booleans(),
    last_message_at=moments,
    was_asked_at=moments,
    quoted_mention_id=ids,
    quoted_is_ours=st.booleans(),
    repeats_mention_id=ids,
)
messages = st.builds(
    after,
    st.timedeltas(timedelta(days=-9), timedelta(days=9)),
    st.sampled_from(["яма", "/start", "/status 1", ""]),
    is_addressed=st.booleans(),
    is_public=st.booleans(),
    origin=st.sampled_from(["", "channel:1"]),
    parent=st.sampled_from([None, Parent("post")]),
    edited_at=moments,
)


@given(messages, knowns)
def test_what_is_addressed_to_us_is_never_overheard(message: Message, known: Known) -> None:
    found = meaning(message, known)

    assert found.meaning is not Meaning.OVERHEARD or not message.is_addressed


@given(messages, knowns)
def test_every_part_names_its_mention_and_nothing_new_does(message: Message, known: Known) -> None:
    found = meaning(message, known)

    parts = {Meaning.ALBUM_PART, Meaning.CONTINUATION, Meaning.ANSWER, Meaning.REPEAT}
    assert found.mention_id is not None or found.meaning not in parts
    assert found.mention_id is None or found.meaning not in {Meaning.MENTION, Meaning.COMMAND, Meaning.OVERHEARD}


@given(messages, knowns)
def test_a_known_message_is_never_news_and_a_new_one_never_known(message: Message, known: Known) -> None:
    assert (meaning(message, known).meaning in {Meaning.KNOWN, Meaning.EDIT}) == known.has_message


@given(messages, knowns)
def test_nothing_continues_a_decided_task_unasked(message: Message, known: Known) -> None:
    found = meaning(message, replace(known, is_open=False, was_asked_at=None))

    assert found.meaning not in {Meaning.CONTINUATION, Meaning.ANSWER}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_are_heard_in_any_case_and_with_the_bots_name(name: str) -> None:
    assert command(after(MINUTE, f" /{name.upper()}@city109_bot  x y \n")) == (name, "x y")


@pytest.mark.parametrize("text", ["", "start", "/", "//start", "/started", "см. /start", "/start-up", "/старт"])
def test_what_is_no_command_is_none(text: str) -> None:
    assert command(after(MINUTE, text)) is None


def test_a_photo_under_a_command_is_an_appeal() -> None:
    assert command(after(MINUTE, "/start", attachments=(PHOTO,))) is None
