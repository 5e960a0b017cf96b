"""Updates that are no citizen's words, and updates nobody can read."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake109.collectors.telegram.parser import EPOCH, TelegramParser
from intake109.model import (
    Channel,
    Deletion,
    Event,
    Message,
    Noted,
    Press,
    Reachability,
    Unreadable,
)
from tests.collectors.telegram.build import (
    BOT,
    BOT_ID,
    CITIZEN,
    CLOSED_GROUP,
    GROUP,
    NEWS,
    PRIVATE,
    WRITTEN,
    WRITTEN_AT,
    file,
    mention,
    message,
    parse,
    photo,
    update,
)

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PARSER = TelegramParser("city109_bot", (), BOT_ID)
OUR_QUESTION = {**message(message_id=70, text="Вы довольны?"), "from": BOT}


def query(**changes: Any) -> dict[str, Any]:
    content = {"id": "q1", "from": CITIZEN, "chat_instance": "1", "data": "csat:42:5", "message": OUR_QUESTION}
    return update("callback_query", {**content, **changes})


def membership(status: str, chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
    new = {"user": BOT, "status": status, **({"until_date": 0} if status == "kicked" else {})}
    content = {"chat": chat, "from": CITIZEN, "date": WRITTEN, "new_chat_member": new}
    return update("my_chat_member", {**content, "old_chat_member": {"user": BOT, "status": "left"}})


def received(content: object) -> Event:
    return Event(Channel.TELEGRAM, "1", json.dumps(content), "telegram.poll", received_at=NOW)


def test_a_press_says_on_what_and_takes_the_events_time() -> None:
    (press,) = PARSER(received(query()))

    assert isinstance(press, Press)
    assert (press.key, press.callback, press.data, press.on) == ("q1", "q1", "csat:42:5", "501:70")
    assert (press.thread, press.author.id, press.pressed_at) == ("501", "501", NOW)
    assert json.loads(press.reply_to) == {"chat_id": 501, "message_id": 70}


def test_a_press_on_a_message_too_old_to_be_shown_is_still_a_press() -> None:
    (press,) = parse(query(message={"message_id": 70, "chat": PRIVATE, "date": 0}))

    assert isinstance(press, Press)
    assert (press.on, press.pressed_at) == ("501:70", EPOCH)


def test_a_press_on_a_guests_answer_leads_to_the_private_chat() -> None:
    content = query(inline_message_id="inline-1")
    del content["callback_query"]["message"]

    (press,) = parse(content)

    assert isinstance(press, Press)
    assert (press.thread, press.on, press.reply_to) == ("501", "inline-1", '{"chat_id": 501}')


def test_a_press_on_a_business_message_keeps_the_way_back() -> None:
    (press,) = parse(query(message={**OUR_QUESTION, "business_connection_id": "bc"}))

    assert isinstance(press, Press)
    assert (press.on, press.thread) == ("bc:501:70", "bc:501")


def test_a_press_in_a_game_is_of_no_consequence() -> None:
    content = query(game_short_name="chess")
    del content["callback_query"]["data"]

    assert parse(content) == (Noted("a press without data"),)


@pytest.mark.parametrize(("status", "can_be_written_to"), [("kicked", False), ("member", True)])
def test_a_citizen_blocks_and_unblocks_us(status: str, can_be_written_to: bool) -> None:
    (change,) = parse(membership(status))

    assert isinstance(change, Reachability)
    assert (change.thread, change.author.id, change.at) == ("501", "501", WRITTEN_AT)
    assert change.can_be_written_to is can_be_written_to


def test_being_added_to_a_group_is_noted_with_its_id() -> None:
    assert parse(membership("member", GROUP)) == (Noted("our bot is now member in supergroup -1002000000001"),)


def test_deleted_business_messages_are_deletions_one_by_one() -> None:
    gone = {"business_connection_id": "bc", "chat": PRIVATE, "message_ids": [60, 61]}

    deletions = PARSER(received(update("deleted_business_messages", gone)))

    assert deletions == (Deletion("bc:501:60", NOW), Deletion("bc:501:61", NOW))


@pytest.mark.parametrize(
    "fields",
    [
        {"new_chat_members": [CITIZEN]},
        {"left_chat_member": CITIZEN},
        {"pinned_message": message(GROUP, message_id=3, text="закреплено")},
        {"new_chat_title": "Двор 8"},
        {"video_chat_started": {}},
        {"forum_topic_created": {"name": "Свет", "icon_color": 1}},
    ],
)
def test_notices_of_a_chat_are_noted(fields: dict[str, Any]) -> None:
    (incoming,) = parse(update(chat=GROUP, **fields))

    assert isinstance(incoming, Noted)
    assert incoming.reason == f"notice of the chat: {next(iter(fields))}"


def test_a_migration_is_noted_with_both_ids() -> None:
    old = {"id": -77, "type": "group", "title": "Группа"}

    assert parse(update(chat=old, migrate_to_chat_id=-1009)) == (Noted("group -77 became supergroup -1009"),)
    assert parse(update(chat=GROUP, migrate_from_chat_id=-77)) == (Noted("supergroup -1002000000001 was group -77"),)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (update(chat=GROUP, text="Погода", **{"from": {**BOT, "id": 5}}), "written by a bot"),
        (update(chat=GROUP, text="Принято", **{"from": BOT}), "our own message"),
        (
            update(
                "business_message", text="Здравствуйте", business_connection_id="bc", **{"from": {**CITIZEN, "id": 9}}
            ),
            "written by the business account itself",
        ),
        (
            update("edited_message", location={"latitude": 1, "longitude": 1, "live_period": 900}, edit_date=WRITTEN),
            "a live location moved",
        ),
        (
            update(chat=GROUP, text="Новости дня", sender_chat=NEWS, is_automatic_forward=True),
            "a channel's own post, copied into its discussion group",
        ),
        (
            update(
                "message_reaction",
                {
                    "chat": PRIVATE,
                    "message_id": 1,
                    "date": WRITTEN,
                    "old_reaction": [],
                    "new_reaction": [],
                    "user": CITIZEN,
                },
            ),
            "message_reaction",
        ),
    ],
)
def test_what_is_of_no_consequence_is_noted_with_its_reason(content: dict[str, Any], reason: str) -> None:
    assert parse(content) == (Noted(reason),)


def test_a_channels_own_post_that_names_us_is_heard() -> None:
    (incoming,) = parse(update(chat=GROUP, text="@city109_bot", sender_chat=NEWS, is_automatic_forward=True))

    assert isinstance(incoming, Message)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"update_id": 1, "telepathy": {}}, "unknown update type 'telepathy'"),
        ({"update_id": 1, "тайное слово": {}}, "unknown update type (none)"),
        ({"update_id": 1}, "unknown update type (none)"),
        ([], "not a JSON object"),
        ({"update_id": 1, "message": None}, "its content is empty"),
        (update(), "a message without content"),
        (update(hologram={"a": 1}), "a message of an unknown kind (hologram)"),
        (
            {"update_id": 1, "message": {**message(), "from": {"id": 1, "first_name": "А"}}},
            "not as documented: missing 'is_bot'",
        ),
        (update(text="секрет", date=None), "not as documented: TypeError"),
        (update(text=5), "not as documented: TypeError"),
        (update(text="секрет", date="секрет"), "not as documented: TypeError"),
    ],
)
def test_what_cannot_be_read_says_why_and_never_a_citizens_word(content: Any, reason: str) -> None:
    (incoming,) = parse(content)

    assert isinstance(incoming, Unreadable)
    assert incoming.reason == reason


def test_a_payload_that_is_no_json_is_unreadable() -> None:
    (incoming,) = PARSER(Event(Channel.TELEGRAM, "1", "<html>", "telegram.webhook"))

    assert isinstance(incoming, Unreadable)


def test_endless_nesting_is_unreadable() -> None:
    (incoming,) = PARSER(Event(Channel.TELEGRAM, "1", "[" * 100_000, "telegram.webhook"))

    assert isinstance(incoming, Unreadable)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
WHOLE = [
    update(chat=GROUP, text="@city109_bot", entities=[mention("@city109_bot")], reply_to_message=message(text="яма")),
    update(photo=photo(), caption="яма", forward_origin={"type": "channel", "date": 1, "chat": NEWS, "message_id": 7}),
    update(video=file("v", width=1, height=1, duration=1), location={"latitude": 1.5, "longitude": 1.5}),
    update(contact={"phone_number": "1", "first_name": "А"}, message_thread_id=1, is_topic_message=True),
    update(text="а", chat=CLOSED_GROUP, external_reply={"origin": {"type": "user", "date": 1, "sender_user": CITIZEN}}),
    query(),
    membership("kicked"),
    update("deleted_business_messages", {"business_connection_id": "bc", "chat": PRIVATE, "message_ids": [60]}),
]


@st.composite
def broken_updates(draw: st.DrawFn) -> Any:
    """A good update with one of its parts replaced by anything, or taken away."""
    content = json.loads(json.dumps(draw(st.sampled_from(WHOLE))))
    place = content
    while True:
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else list(range(len(place)))))
        if isinstance(place[key], dict | list) and place[key] and draw(st.booleans()):
            place = place[key]
            continue
        if draw(st.booleans()):
            place[key] = draw(ANYTHING)
        else:
            del place[key]
        return content


def assert_sound(incoming: Any) -> None:
    """Types are what the model says, so that nothing behind the parser meets a number for a text."""
    for part in fields(incoming):
        value = getattr(incoming, part.name)
        if part.type in ("str", "bool", "datetime"):
            assert type(value).__name__ == part.type, part.name
        if isinstance(value, str):
            value.encode()
        if is_dataclass(value) and not isinstance(value, type):
            assert_sound(value)


@given(ANYTHING)
def test_any_json_in_place_of_an_update_never_raises(content: Any) -> None:
    for incoming in parse(content):
        assert_sound(incoming)


@settings(max_examples=400, deadline=timedelta(seconds=2))
@given(broken_updates())
def test_a_broken_part_makes_an_update_unreadable_or_leaves_it_sound(content: Any) -> None:
    incoming = parse(content)

    assert incoming
    for part in incoming:
        assert_sound(part)


@given(st.dictionaries(st.sampled_from(["message", "callback_query", "my_chat_member", "update_id"]), ANYTHING))
def test_any_content_under_a_known_name_never_raises(content: Any) -> None:
    assert parse(content)
