"""The real python-telegram-bot against the stand-in."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken

from intake109.demo.standin import Chat, City

T = TypeVar("T")


def with_bot(city: City, do: Callable[[Bot], Awaitable[T]]) -> T:
    """Do something with a bot that lives in the city."""

    async def run() -> T:
        token = city.world.ground.centre.bot_token
        async with Bot(token, base_url=f"{city.url}/bot", base_file_url=f"{city.url}/file/bot") as bot:
            return await do(bot)

    return asyncio.run(run())


def heard(city: City) -> list[Message]:
    """List the messages that wait for the bot."""

    async def do(bot: Bot) -> list[Message]:
        return [update.effective_message for update in await bot.get_updates() if update.effective_message]

    return with_bot(city, do)


ACTS = [
    {"act": "message", "text": "Абай 10 @city109_bot https://2gis.kz/x 🕳 #яма"},
    {"act": "message", "text": "Яма", "media": ["pothole"]},
    {"act": "album", "text": "Мусор", "media": ["rubbish", "snow"]},
    {"act": "voice", "duration": 4},
    {"act": "video"},
    {"act": "video_note"},
    {"act": "audio"},
    {"act": "document", "file_name": "акт.pdf", "text": "заявление"},
    {"act": "sticker"},
    {"act": "location", "location": [43.2, 76.9]},
    {"act": "contact", "contact": {"name": "Асель", "phone": "+77010000000"}},
    {"act": "start"},
    {"act": "status", "text": "/status 4512"},
]


@pytest.mark.parametrize("fields", ACTS, ids=lambda fields: fields["act"])
def test_the_library_reads_everything_a_citizen_can_send(city: City, fields: dict[str, object]) -> None:
    city.act({"channel": "telegram", "citizen": "asel", **fields})

    message = heard(city)[0]

    assert message.from_user is not None
    assert not message.api_kwargs
    assert (message.text or message.caption or "") == str(fields.get("text", message.text or ""))


def test_entities_count_in_utf_16(city: City) -> None:
    city.act(channel="telegram", act="message", citizen="asel", text="🕳 Яма! @city109_bot")

    message = heard(city)[0]

    assert [message.parse_entity(entity) for entity in message.entities] == ["@city109_bot"]


def test_a_comment_under_a_channels_post_answers_its_automatic_forward(city: City) -> None:
    settle(city)
    city.act(channel="telegram", act="post", account="news", text="Новость", media=["snow"], id="post")
    city.act(channel="telegram", act="comment", citizen="asel", under="post", text="@city109_bot смотрите")

    forward, comment = heard(city)

    assert forward.is_automatic_forward
    assert comment.reply_to_message is not None
    assert comment.reply_to_message.caption == "Новость"
    assert comment.message_thread_id == forward.message_id


def settle(city: City) -> None:
    """Open a channel with a discussion."""
    chats = city.world.ground.people.chats
    chats["news"] = Chat("news", "channel", "Новости", "news_demo", "talk", bot="none")
    chats["talk"] = Chat("talk", "discussion", "Обсуждение", None, "news")


def test_a_mention_in_a_group_without_the_bot_comes_as_a_guest_message(city: City) -> None:
    city.world.ground.people.chats["far"] = Chat("far", "foreign", "Чужой чат", bot="none")
    city.act(channel="telegram", act="message", citizen="asel", chat="far", text="просто так")
    city.act(channel="telegram", act="message", citizen="asel", chat="far", text="@city109_bot яма")

    async def do(bot: Bot) -> list[Update]:
        return list(await bot.get_updates())

    updates = with_bot(city, do)

    assert [update.guest_message.text for update in updates if update.guest_message] == ["@city109_bot яма"]
    assert len(updates) == 1


def test_a_mere_member_with_privacy_on_hears_commands_and_answers_only(city: City) -> None:
    city.world.ground.people.chats["zhk"] = Chat("zhk", "group", "ЖК", bot="member")
    city.act(channel="telegram", act="message", citizen="asel", chat="zhk", text="@city109_bot яма")
    city.act(channel="telegram", act="message", citizen="asel", chat="zhk", text="/appeal яма")

    assert [message.text for message in heard(city)] == ["/appeal яма"]


def test_an_answer_with_buttons_reaches_the_citizen_and_a_press_comes_back(city: City) -> None:
    city.act(channel="telegram", act="message", citizen="asel", text="Яма", id="q")
    message = heard(city)[0]

    async def answer(bot: Bot) -> None:
        buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Да, починили", callback_data="ok:1")]])
        await bot.send_message(
            message.chat_id,
            "<b>Починили?</b>",
            parse_mode="HTML",
            reply_markup=buttons,
            reply_to_message_id=message.message_id,
        )

    with_bot(city, answer)
    city.act(channel="telegram", act="button", citizen="asel", button={"text": "починили"})

    async def press(bot: Bot) -> str | None:
        update = (await bot.get_updates(offset=-1))[0]
        assert update.callback_query is not None
        await bot.answer_callback_query(update.callback_query.id, "Спасибо")
        await bot.edit_message_reply_markup(message.chat_id, message.message_id + 1)
        return update.callback_query.data

    assert with_bot(city, press) == "ok:1"
    lines = [(entry["direction"], entry["text"]) for entry in city.ledger()[1:]]
    assert lines == [
        ("to_citizen", "Починили?"),
        ("from_citizen", "Да, починили"),
        ("to_citizen", "Спасибо"),
    ]
    assert city.ledger()[1]["buttons"] == []


def test_a_file_is_fetched_by_a_path_that_ends(city: City) -> None:
    city.act(channel="telegram", act="message", citizen="asel", media=["pothole"])
    photo = heard(city)[0].photo[-1]

    async def fetch(bot: Bot) -> bytes:
        file = await bot.get_file(photo.file_id)
        data = bytes(await file.download_as_bytearray())
        city.act(channel="city", act="expire_links")
        # The library calls every 404 an invalid token, also that of a link which ended.
        with pytest.raises(InvalidToken, match="Not Found"):
            await file.download_as_bytearray()
        return data

    assert with_bot(city, fetch)[:2] == b"\xff\xd8"


def test_a_file_above_20_megabytes_is_too_big(city: City) -> None:
    city.act(channel="telegram", act="video", citizen="asel", size=48_000_000)
    video = heard(city)[0].video
    assert video is not None

    with pytest.raises(BadRequest, match="File is too big"):
        with_bot(city, lambda bot: bot.get_file(video.file_id))


def test_who_blocked_the_bot_cannot_be_written_to(city: City) -> None:
    city.act(channel="telegram", act="message", citizen="asel", text="Яма")
    chat_id = heard(city)[0].chat_id
    city.act(channel="telegram", act="block", citizen="asel")

    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        with_bot(city, lambda bot: bot.send_message(chat_id, "принято"))


def test_a_chat_nobody_knows_is_not_found(city: City) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        with_bot(city, lambda bot: bot.send_message(1, "принято"))


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        ("", None, "text is empty"),
        ("я" * 4097, None, "too long"),
        ("1. готово", "MarkdownV2", "must be escaped"),
        ("<b>готово", "HTML", "end tag"),
    ],
)
def test_a_text_that_telegram_would_refuse_is_refused(city: City, text: str, mode: str | None, words: str) -> None:
    city.act(channel="telegram", act="message", citizen="asel", text="Яма")
    chat_id = heard(city)[0].chat_id

    with pytest.raises(BadRequest, match=words):
        with_bot(city, lambda bot: bot.send_message(chat_id, text, parse_mode=mode))


def test_an_edit_says_so_and_carries_the_whole_new_text(city: City) -> None:
    first = city.act(channel="telegram", act="message", citizen="asel", text="Абай 10")
    city.act(channel="telegram", act="edit", citizen="asel", edit_of=first["key"], text="Абай 12")

    before, after = heard(city)

    assert (before.text, before.edit_date) == ("Абай 10", None)
    assert (after.text, after.message_id) == ("Абай 12", before.message_id)
    assert after.edit_date is not None


def test_a_planned_conflict_is_raised_by_the_library(city: City) -> None:
    city.act(channel="city", act="fault", target="telegram.getUpdates", kind="conflict")

    with pytest.raises(Conflict):
        with_bot(city, lambda bot: bot.get_updates())
