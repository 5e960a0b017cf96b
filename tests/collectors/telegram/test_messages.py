"""What citizens say, in every form Telegram knows."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from intake109.collectors.telegram.parser import TelegramParser
from intake109.model import AttachmentKind, Author, Message, Point, Unreadable
from tests.collectors.telegram.build import (
    CITIZEN,
    CLOSED_GROUP,
    GROUP,
    NEWS,
    PRIVATE,
    WRITTEN,
    WRITTEN_AT,
    file,
    parse,
    photo,
    reference,
    said,
    update,
)


def test_a_private_message_carries_everything_an_answer_needs() -> None:
    message = said(update(text="Абай 10, жарық жоқ"))

    assert message == Message(
        key="501:7",
        thread="501",
        author=Author("501", "Гүлнар", "gulnar", "", "kk"),
        text="Абай 10, жарық жоқ",
        mentioned_at=WRITTEN_AT,
        reply_to='{"chat_id": 501, "message_id": 7}',
    )


def test_an_edit_keeps_key_and_time_and_says_when_it_was_edited() -> None:
    first = said(update(text="яма"))
    second = said(update("edited_message", text="яма, Абая 10", edit_date=WRITTEN + 60))

    assert (second.key, second.mentioned_at) == (first.key, first.mentioned_at)
    assert second.edited_at == WRITTEN_AT + timedelta(minutes=1)
    assert first.edited_at is None


def test_an_edit_without_a_date_is_still_an_edit() -> None:
    assert said(update("edited_message", text="яма")).edited_at == WRITTEN_AT


def test_of_a_photo_the_largest_size_is_taken() -> None:
    message = said(update(photo=photo(), caption="Мусор", media_group_id="album-1"))

    (attachment,) = message.attachments
    assert (attachment.reference, attachment.size_bytes) == (reference("photo-large"), 90_000)
    assert (message.text, message.album) == ("Мусор", "album-1")


@pytest.mark.parametrize(
    ("name", "fields", "kind", "mime"),
    [
        ("video", {"width": 1, "height": 1, "duration": 3}, AttachmentKind.VIDEO, "video/mp4"),
        ("video_note", {"length": 1, "duration": 3}, AttachmentKind.VIDEO, "video/mp4"),
        ("voice", {"duration": 3}, AttachmentKind.VOICE, "audio/ogg"),
        ("audio", {"duration": 3, "mime_type": "audio/mp4"}, AttachmentKind.AUDIO, "audio/mp4"),
        ("document", {"mime_type": "application/pdf"}, AttachmentKind.DOCUMENT, "application/pdf"),
        ("animation", {"width": 1, "height": 1, "duration": 3}, AttachmentKind.VIDEO, "video/mp4"),
    ],
)
def test_each_kind_of_file_becomes_an_attachment(
    name: str, fields: dict[str, Any], kind: AttachmentKind, mime: str
) -> None:
    message = said(update(**{name: file(name, file_size=48_000_000, **fields)}))

    (attachment,) = message.attachments
    assert (attachment.kind, attachment.mime, attachment.size_bytes) == (kind, mime, 48_000_000)
    assert attachment.reference == reference(name)


@pytest.mark.parametrize(
    ("flags", "mime"),
    [
        ({"is_animated": False, "is_video": False}, "image/webp"),
        ({"is_animated": True, "is_video": False}, "application/x-tgsticker"),
        ({"is_animated": False, "is_video": True}, "video/webm"),
    ],
)
def test_a_sticker_says_of_what_it_is_made(flags: dict[str, bool], mime: str) -> None:
    sticker = file("sticker", width=1, height=1, type="regular", **flags)

    (attachment,) = said(update(sticker=sticker)).attachments

    assert (attachment.kind, attachment.mime) == (AttachmentKind.STICKER, mime)


def test_an_animation_is_not_counted_twice_for_its_document() -> None:
    animation = file("cat", width=1, height=1, duration=1)

    assert len(said(update(animation=animation, document=file("cat"))).attachments) == 1


def test_paid_media_and_live_photos_are_files_too() -> None:
    paid = {"star_count": 1, "paid_media": [{"type": "photo", "photo": photo("paid")}]}
    live = file("live", width=1, height=1, duration=2, photo=photo("still"))

    assert [item.reference for item in said(update(paid_media=paid)).attachments] == [reference("paid-large")]
    assert [item.kind for item in said(update(live_photo=live)).attachments] == [
        AttachmentKind.PHOTO,
        AttachmentKind.VIDEO,
    ]


def test_a_venue_gives_its_place_with_name_and_address() -> None:
    spot = {"latitude": 51.1, "longitude": 71.4}
    venue = {"location": spot, "title": "ЦОН", "address": "Абая 1"}

    assert said(update(location=spot, venue=venue)).point == Point(51.1, 71.4, "ЦОН, Абая 1")
    assert said(update(location=spot)).point == Point(51.1, 71.4)


def test_a_place_outside_the_globe_is_unreadable() -> None:
    (incoming,) = parse(update(location={"latitude": 151.1, "longitude": 71.4}))

    assert isinstance(incoming, Unreadable)


def test_the_own_contact_gives_the_authors_phone_and_somebody_elses_does_not() -> None:
    contact = {"phone_number": "+77010000000", "first_name": "Гүлнар"}

    own = said(update(contact={**contact, "user_id": CITIZEN["id"]}))
    neighbours = said(update(contact={**contact, "user_id": 999}))

    assert (own.author.phone, own.contact) == ("+77010000000", "Гүлнар +77010000000")
    assert (neighbours.author.phone, neighbours.contact) == ("", "Гүлнар +77010000000")


def test_a_poll_and_a_dice_are_read_by_what_they_show() -> None:
    options = [{"text": "да", "voter_count": 0, "persistent_id": "1"}]
    poll = {
        "id": "1",
        "question": "Когда дадут воду?",
        "options": options,
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    }

    assert said(update(poll=poll)).text == "Когда дадут воду?\nда"
    assert said(update(dice={"emoji": "🎲", "value": 3})).text == "🎲"


@pytest.mark.parametrize(
    ("origin", "key", "link"),
    [
        ({"type": "user", "sender_user": {"id": 5, "is_bot": False, "first_name": "Болат"}}, "Болат", ""),
        ({"type": "hidden_user", "sender_user_name": "Скрытый"}, "Скрытый", ""),
        ({"type": "chat", "sender_chat": GROUP}, "Двор 7", ""),
        (
            {"type": "channel", "chat": NEWS, "message_id": 77},
            "-1003000000001:77",
            "https://t.me/karatobe_news/77",
        ),
        ({"type": "future"}, "", ""),
    ],
)
def test_a_forward_says_where_it_comes_from(origin: dict[str, Any], key: str, link: str) -> None:
    message = said(update(text="Смотрите", forward_origin={"date": WRITTEN, **origin}))

    assert (message.origin, message.origin_permalink) == (key, link)


@pytest.mark.parametrize(
    ("chat", "link"),
    [
        (GROUP, "https://t.me/dvor7/7"),
        (CLOSED_GROUP, "https://t.me/c/2000000002/7"),
        (NEWS, "https://t.me/karatobe_news/7"),
        ({"id": -77, "type": "group", "title": "Старая группа"}, ""),
        (PRIVATE, ""),
    ],
)
def test_a_link_leads_to_what_everybody_or_the_members_can_open(chat: dict[str, Any], link: str) -> None:
    message = said(update(chat=chat, text="яма"))

    assert message.permalink == link
    assert message.is_public is (chat["type"] != "private")


def test_a_topic_is_a_thread_of_its_own_and_a_comment_thread_is_not() -> None:
    topic = said(update(chat=GROUP, text="яма", message_thread_id=5, is_topic_message=True))
    comment = said(update(chat=GROUP, text="яма", message_thread_id=49))

    assert (topic.thread, json.loads(topic.reply_to)["thread_id"]) == ("-1002000000001:5", 5)
    assert (comment.thread, "thread_id" in json.loads(comment.reply_to)) == ("-1002000000001", False)


def test_an_anonymous_admin_and_a_channel_write_in_the_name_of_their_chat() -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}

    admin = said(update(chat=GROUP, text="@city109_bot", sender_chat=GROUP, **{"from": anonymous}))
    channel = said(update(chat=GROUP, text="@city109_bot", sender_chat=NEWS, **{"from": anonymous}))

    assert (admin.author.id, admin.author.name) == ("-1002000000001", "Двор 7")
    assert channel.author == Author("-1003000000001", "Новости", "karatobe_news")


def test_a_channel_post_without_a_sender_is_the_channels() -> None:
    post = {"message_id": 7, "chat": NEWS, "date": WRITTEN, "text": "@city109_bot проверьте"}

    assert said(update("channel_post", post)).author.id == "-1003000000001"


def test_a_direct_message_to_a_channel_is_private_and_answered_in_its_topic() -> None:
    chat = {"id": -1003000000009, "type": "supergroup", "title": "Канал", "is_direct_messages": True}

    message = said(update(chat=chat, text="яма", direct_messages_topic={"topic_id": 44}))

    assert (message.is_public, message.thread) == (False, "-1003000000009:44")
    assert json.loads(message.reply_to)["direct_topic_id"] == 44


def test_a_business_message_has_its_own_key_thread_and_way_back() -> None:
    message = said(update("business_message", text="яма", business_connection_id="bc"))

    assert (message.key, message.thread) == ("bc:501:7", "bc:501")
    assert json.loads(message.reply_to)["business_connection_id"] == "bc"


def test_a_guests_message_is_answered_by_its_query_or_privately() -> None:
    message = said(update("guest_message", chat=CLOSED_GROUP, text="@city109_bot яма", guest_query_id="q1"))

    assert json.loads(message.reply_to) == {"guest_query_id": "q1", "chat_id": 501}
    assert (message.is_public, message.is_addressed) == (True, True)


def test_what_no_database_stores_is_replaced_and_offsets_stay_right() -> None:
    text = "\0\ud83d @city109_bot яма"
    entities = [{"type": "mention", "offset": 3, "length": 12}]

    message = said(update(chat=GROUP, text=text, entities=entities))

    assert message.text == "\ufffd\ufffd @city109_bot яма"
    assert message.is_addressed
    message.text.encode()


def test_our_name_may_be_configured_with_its_sign() -> None:
    parser = TelegramParser("@city109_bot")

    assert said(update(chat=GROUP, text="@City109_bot яма"), parser).is_addressed
