"""The post a mention stands under, and whether it is meant for the centre."""

from __future__ import annotations

from typing import Any

import pytest

from intake109.collectors.telegram.parser import TelegramParser
from intake109.model import Parent
from tests.collectors.telegram.build import (
    BOT,
    BOT_ID,
    CITIZEN,
    CLOSED_GROUP,
    GROUP,
    NEWS,
    PRIVATE,
    WRITTEN,
    mention,
    message,
    photo,
    said,
    update,
)

POST: dict[str, Any] = {
    **message(GROUP, message_id=49, photo=photo("post"), caption="Прорвало трубу"),
    "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"},
    "sender_chat": NEWS,
    "is_automatic_forward": True,
    "forward_origin": {"type": "channel", "date": WRITTEN, "chat": NEWS, "message_id": 78},
}
NEIGHBOUR = {"id": 502, "is_bot": False, "first_name": "Сәуле"}
TAG = {"chat": GROUP, "text": "@city109_bot", "entities": [mention("@city109_bot")]}


def test_a_tag_under_a_channels_post_carries_the_post_by_its_own_key() -> None:
    tag = said(update(**TAG, reply_to_message=POST))

    assert tag.parent is not None
    assert (tag.parent.key, tag.parent.text, tag.parent.author) == ("-1003000000001:78", "Прорвало трубу", "Новости")
    assert tag.parent.permalink == "https://t.me/karatobe_news/78"
    assert len(tag.parent.attachments) == 1
    assert tag.quotes == "-1002000000001:49"


def test_a_tag_under_a_neighbours_message_carries_it() -> None:
    reply = {**message(GROUP, message_id=48, text="Открытый люк"), "from": NEIGHBOUR}

    tag = said(update(**TAG, reply_to_message=reply))

    assert tag.parent == Parent("-1002000000001:48", "Открытый люк", "Сәуле", "https://t.me/dvor7/48")


def test_a_reply_to_our_bot_is_ours_and_addressed() -> None:
    reply = {**message(GROUP, message_id=48, text="Какой дом?"), "from": BOT}

    answer = said(update(chat=GROUP, text="десятый", reply_to_message=reply))

    assert answer.parent is not None
    assert answer.parent.is_ours
    assert answer.is_addressed


def test_a_reply_to_another_bot_is_neither() -> None:
    reply = {**message(GROUP, message_id=48, text="Погода"), "from": {**BOT, "id": 5, "username": "other_bot"}}

    answer = said(update(chat=GROUP, text="ясно", reply_to_message=reply))

    assert answer.parent is not None
    assert not answer.parent.is_ours
    assert not answer.is_addressed


def test_our_bot_is_known_by_its_name_where_its_id_is_not() -> None:
    reply = {**message(PRIVATE, message_id=6, text="Какой дом?"), "from": BOT}

    answer = said(update(text="десятый", reply_to_message=reply), TelegramParser("City109_bot"))

    assert answer.parent is not None
    assert answer.parent.is_ours


def test_the_notice_that_opened_a_topic_is_nobodys_message() -> None:
    notice = message(GROUP, message_id=5, forum_topic_created={"name": "Свет", "icon_color": 1})

    written = said(update(chat=GROUP, text="яма", message_thread_id=5, is_topic_message=True, reply_to_message=notice))

    assert (written.parent, written.quotes) == (None, "")


def test_the_head_of_a_topic_is_nobodys_message_even_where_the_notice_is_left_out() -> None:
    head = message(GROUP, message_id=5)

    written = said(update(chat=GROUP, text="яма", message_thread_id=5, is_topic_message=True, reply_to_message=head))

    assert (written.parent, written.quotes) == (None, "")


def test_a_reply_to_another_chats_message_carries_what_was_quoted() -> None:
    origin = {"type": "channel", "date": WRITTEN, "chat": NEWS, "message_id": 78}
    external = {"origin": origin, "chat": NEWS, "message_id": 78, "photo": photo("post")}

    tag = said(update(**TAG, external_reply=external, quote={"text": "трубу", "position": 9}))

    assert tag.parent is not None
    assert (tag.parent.key, tag.parent.text, tag.parent.author) == ("-1003000000001:78", "трубу", "Новости")
    assert (tag.parent.permalink, len(tag.parent.attachments)) == ("https://t.me/karatobe_news/78", 1)


def test_a_reply_to_somebodys_hidden_message_has_a_key_of_its_own() -> None:
    external = {"origin": {"type": "hidden_user", "date": WRITTEN, "sender_user_name": "Сосед"}}

    tag = said(update(**TAG, external_reply=external, quote={"text": "нет света", "position": 0}))

    assert tag.parent == Parent("external:-1002000000001:7", "нет света", "Сосед")


def test_a_reply_to_a_story_names_it() -> None:
    tag = said(update(text="смотрите", reply_to_story={"chat": NEWS, "id": 3}))

    assert tag.parent == Parent("-1003000000001:story:3", "", "Новости", "https://t.me/karatobe_news/s/3")


@pytest.mark.parametrize(
    ("text", "entities", "is_addressed"),
    [
        ("🕳🕳 @City109_Bot яма", [mention("🕳🕳 @City109_Bot", "@City109_Bot")], True),
        ("@other_bot яма", [mention("@other_bot", "@other_bot")], False),
        ("@city109_bot2 яма", [], False),
        ("mail@city109_bot.kz", [], False),
        ("/appeal@city109_bot яма", [mention("/appeal@city109_bot", "/appeal@city109_bot", "bot_command")], True),
        ("/appeal@other_bot яма", [mention("/appeal@other_bot", "/appeal@other_bot", "bot_command")], False),
        ("/start", [mention("/start", "/start", "bot_command")], False),
        ("контакт-центр, яма", [{"type": "text_mention", "offset": 0, "length": 13, "user": BOT}], True),
        ("Сәуле, яма", [{"type": "text_mention", "offset": 0, "length": 5, "user": NEIGHBOUR}], False),
        ("просто разговор", [], False),
    ],
)
def test_in_a_group_only_what_names_us_is_addressed(
    text: str, entities: list[dict[str, Any]], is_addressed: bool
) -> None:
    assert said(update(chat=GROUP, text=text, entities=entities)).is_addressed is is_addressed
    assert said(update(chat=GROUP, photo=photo(), caption=text, caption_entities=entities)).is_addressed is is_addressed


def test_while_our_name_is_unknown_every_mention_and_command_counts() -> None:
    parser = TelegramParser("", (), BOT_ID)

    for name, kind in (("@any_bot", "mention"), ("/start", "bot_command")):
        assert said(update(chat=GROUP, text=name, entities=[mention(name, name, kind)]), parser).is_addressed
    assert not said(update(chat=GROUP, text="просто разговор"), parser).is_addressed


def test_in_a_watched_chat_everything_counts() -> None:
    parser = TelegramParser("city109_bot", (GROUP["id"],), BOT_ID)

    assert said(update(chat=GROUP, text="нет света"), parser).is_addressed


def test_a_comment_under_a_watched_channels_post_counts() -> None:
    parser = TelegramParser("city109_bot", (NEWS["id"],), BOT_ID)

    assert said(update(chat=GROUP, text="а у нас нет воды", reply_to_message=POST), parser).is_addressed
    assert not said(update(chat=GROUP, text="а у нас нет воды", reply_to_message=POST)).is_addressed


def test_a_message_in_a_private_chat_is_always_addressed() -> None:
    assert said(update(text="добрый день", **{"from": CITIZEN})).is_addressed


def test_what_the_staff_says_in_its_own_group_is_never_addressed() -> None:
    parser = TelegramParser("city109_bot", (), BOT_ID, staff_chat=GROUP["id"])
    answer = message(GROUP, text="⚠ ИНЦИДЕНТ") | {"from": BOT}
    text = "@city109_bot кто взял?"

    for update_ in (
        update(chat=GROUP, text=text, entities=[mention(text)]),
        update(chat=GROUP, text="беру", reply_to_message=answer),
        update(chat=GROUP, text="/status", entities=[mention("/status", "/status", "bot_command")]),
    ):
        assert not said(update_, parser).is_addressed
    assert said(update(chat=CLOSED_GROUP, text=text, entities=[mention(text)]), parser).is_addressed
