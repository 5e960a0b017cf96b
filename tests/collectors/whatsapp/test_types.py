"""Every type of message says what the citizen said, or that it could not be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from intake109.model import (
    Attachment,
    AttachmentKind,
    Deletion,
    Message,
    Noted,
    Point,
    Press,
    Unreadable,
)
from tests.collectors.whatsapp.deliveries import CITIZEN, message, parse_one

SENT_AT = datetime(2026, 11, 21, 22, 26, 40, tzinfo=UTC)
SHA_BASE64 = "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI="
SHA_HEX = "49f227634806293b0995459bc310b593e1400f41591efcf07e9bced335f41942"


def said(item: dict[str, object]) -> Message:
    incoming = parse_one(item)
    assert isinstance(incoming, Message)
    return incoming


def test_a_text_becomes_a_message_with_author_thread_and_address() -> None:
    incoming = said(message("text", {"body": "Яма на Абая 10"}))

    assert incoming.key == "wamid.A"
    assert incoming.text == "Яма на Абая 10"
    assert incoming.mentioned_at == SENT_AT
    assert (incoming.author.id, incoming.author.name, incoming.author.phone) == (CITIZEN, "Асель", f"+{CITIZEN}")
    assert incoming.thread == CITIZEN
    assert json.loads(incoming.reply_to) == {"to": CITIZEN}
    assert incoming.is_addressed
    assert not incoming.is_public


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("image", {"id": "1", "mime_type": "image/jpeg"}, AttachmentKind.PHOTO),
        ("video", {"id": "1"}, AttachmentKind.VIDEO),
        ("document", {"id": "1", "filename": "акт.pdf"}, AttachmentKind.DOCUMENT),
        ("audio", {"id": "1", "voice": True}, AttachmentKind.VOICE),
        ("audio", {"id": "1", "voice": False}, AttachmentKind.AUDIO),
        ("voice", {"id": "1"}, AttachmentKind.VOICE),
        ("sticker", {"id": 1, "animated": False}, AttachmentKind.STICKER),
    ],
)
def test_each_kind_of_file_is_an_attachment_found_by_its_id(
    kind: str, content: dict[str, object], expected: AttachmentKind
) -> None:
    (attachment,) = said(message(kind, content)).attachments

    assert attachment.kind is expected
    assert json.loads(attachment.reference) == {"id": "1"}
    assert attachment.file_name == content.get("filename", "")


def test_a_photo_brings_its_caption_type_and_hash_in_hex() -> None:
    image = {"id": "77", "caption": "Люк открыт", "mime_type": "image/jpeg", "sha256": SHA_BASE64}

    incoming = said(message("image", image))

    assert incoming.text == "Люк открыт"
    assert incoming.attachments == (
        Attachment(AttachmentKind.PHOTO, '{"id": "77"}', mime="image/jpeg", sha256=SHA_HEX),
    )


@pytest.mark.parametrize(
    ("given", "known"), [(SHA_HEX.upper(), SHA_HEX), ("SfInY0gGKTsJ", ""), ("не хеш", ""), (7, "")]
)
def test_a_hash_is_known_in_hex_or_not_at_all(given: object, known: str) -> None:
    (attachment,) = said(message("image", {"id": "77", "sha256": given})).attachments

    assert attachment.sha256 == known


def test_a_file_meta_could_not_take_keeps_its_caption_and_the_reason() -> None:
    incoming = said(message("image", {"caption": "Смотрите"}, errors=[{"code": 131052}]))

    assert incoming.text == "Смотрите"
    assert json.loads(incoming.attachments[0].reference) == {"error": "131052"}


def test_a_file_without_id_and_without_reason_is_unreadable() -> None:
    assert isinstance(parse_one(message("image", {"caption": "Смотрите"})), Unreadable)


def test_a_location_is_a_point_with_its_name_and_address() -> None:
    place = {"latitude": 51.1, "longitude": 71.4, "name": "Двор", "address": "Абая 10"}

    assert said(message("location", place)).point == Point(51.1, 71.4, "Двор, Абая 10")


@pytest.mark.parametrize("place", [{}, {"latitude": "NaN", "longitude": 71.4}, {"latitude": 91, "longitude": 0}])
def test_a_location_without_degrees_is_unreadable(place: dict[str, object]) -> None:
    assert isinstance(parse_one(message("location", place)), Unreadable)


def test_shared_contacts_are_kept_as_text() -> None:
    cards = [{"name": {"formatted_name": "Болат"}, "phones": [{"phone": "+7 701 555 02 02"}]}, {"vcard": "…"}]

    assert said(message("contacts", cards)).contact == "Болат, +7 701 555 02 02"


def test_an_order_says_its_text() -> None:
    assert said(message("order", {"text": "справка", "product_items": []})).text == "справка"


def test_what_meta_cannot_show_is_an_empty_message_so_that_somebody_looks() -> None:
    incoming = said(message("unsupported", errors=[{"code": 131051}]))

    assert (incoming.text, incoming.attachments, incoming.key) == ("", (), "wamid.A")


def test_a_type_of_the_future_is_unreadable_and_not_an_empty_message() -> None:
    incoming = parse_one(message("poll", {"name": "Тайные слова"}))

    assert isinstance(incoming, Unreadable)
    assert incoming.where == "entry[0].changes[0].messages[0]"
    assert "poll" in incoming.reason
    assert "Тайные" not in incoming.reason


@pytest.mark.parametrize(
    ("kind", "content", "data"),
    [
        ("button", {"payload": "csat:yes", "text": "Да"}, "csat:yes"),
        ("button", {"text": "Да"}, "Да"),
        ("interactive", {"type": "button_reply", "button_reply": {"id": "csat:no", "title": "Нет"}}, "csat:no"),
        ("interactive", {"type": "list_reply", "list_reply": {"id": "row-7", "title": "Свет"}}, "row-7"),
        ("interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": '{"a": 1}', "name": "flow"}}, '{"a": 1}'),
    ],
)
def test_a_choice_is_a_press_on_our_message(kind: str, content: dict[str, object], data: str) -> None:
    press = parse_one(message(kind, content, context={"from": "77172000109", "id": "wamid.OURS"}))

    assert isinstance(press, Press)
    assert (press.data, press.on, press.key, press.callback) == (data, "wamid.OURS", "wamid.A", "")
    assert json.loads(press.reply_to) == {"to": CITIZEN}


def test_a_choice_of_nothing_known_is_unreadable() -> None:
    assert isinstance(parse_one(message("interactive", {"type": "hologram", "hologram": {}})), Unreadable)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("reaction", {"message_id": "wamid.OURS", "emoji": "👍"}),
        ("system", {"type": "user_changed_number", "wa_id": "77015550202", "body": "User Асель changed"}),
        ("request_welcome", None),
    ],
)
def test_reactions_and_system_notices_are_only_noted_without_names(kind: str, content: object) -> None:
    noted = parse_one(message(kind, content))

    assert isinstance(noted, Noted)
    assert "Асель" not in noted.reason


def test_an_edit_is_the_first_message_with_its_new_words() -> None:
    edit = {
        "original_message_id": "wamid.FIRST",
        "message": {"context": {"id": "M0"}, "type": "image", "image": {"id": "5", "caption": "Абая 12, не 10"}},
    }

    incoming = said(message("edit", edit, id="wamid.EDIT"))

    assert incoming.key == "wamid.FIRST"
    assert incoming.text == "Абая 12, не 10"
    assert incoming.edited_at == SENT_AT
    assert len(incoming.attachments) == 1


def test_a_revoke_takes_the_first_message_back() -> None:
    incoming = parse_one(message("revoke", {"original_message_id": "wamid.FIRST"}))

    assert incoming == Deletion("wamid.FIRST", SENT_AT)


@pytest.mark.parametrize("kind", ["edit", "revoke"])
def test_an_edit_or_revoke_of_nothing_is_unreadable(kind: str) -> None:
    assert isinstance(parse_one(message(kind, {})), Unreadable)


def test_a_reply_quotes_the_message_it_answers() -> None:
    incoming = said(message("text", {"body": "Да"}, context={"from": "77172000109", "id": "wamid.OURS"}))

    assert incoming.quotes == "wamid.OURS"
    assert incoming.parent is None


@pytest.mark.parametrize("mark", ["forwarded", "frequently_forwarded"])
def test_a_forward_says_so(mark: str) -> None:
    assert said(message("text", {"body": "Перешлите всем"}, context={mark: True})).origin == "whatsapp:forwarded"


def test_a_message_from_an_advertisement_is_a_message() -> None:
    assert said(message("text", {"body": "Алло"}, referral={"source_type": "ad", "body": "Пишите"})).text == "Алло"


@pytest.mark.parametrize("stamp", [None, "", "вчера", "-5", "1795300000000", "99999999999", True, 1.5])
def test_a_message_without_a_moment_is_unreadable(stamp: object) -> None:
    assert isinstance(parse_one(message("text", {"body": "Яма"}, timestamp=stamp)), Unreadable)


def test_what_no_database_stores_is_taken_out_of_words() -> None:
    assert said(message("text", {"body": "я\u0000ма \ud83d"})).text == "яма ?"
