"""A submission is a message with who, where and what, or unreadable with the field that is wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.collectors.website import WebsiteParser
from intake109.collectors.website.parser import PHOTO_LIMIT_BYTES, phone_of
from intake109.model import AttachmentKind, Channel, Event, Incoming, Message, Point, Unreadable

FULL: dict[str, object] = {
    "id": "A-7",
    "language": "kk",
    "name": "Асель",
    "phone": "8 (701) 555-01-01",
    "email": "Asel@Example.kz",
    "text": "Көшеде жарық жоқ",
    "address": "Абай 10",
    "latitude": 51.1,
    "longitude": 71.4,
    "photos": [],
    "consent": True,
    "created_at": "2026-11-22T15:00:00+05:00",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def parse(fields: object) -> Incoming:
    payload = fields if isinstance(fields, str) else json.dumps(fields)
    (incoming,) = WebsiteParser()(Event(Channel.WEBSITE, "k", payload, "website.json"))
    return incoming


def read(**changes: object) -> Message:
    incoming = parse({**FULL, **changes})
    assert isinstance(incoming, Message)
    return incoming


def references(*photos: object) -> list[dict[str, object]]:
    return [json.loads(attachment.reference) for attachment in read(photos=list(photos)).attachments]


def test_a_full_submission_is_read() -> None:
    message = read()

    assert (message.key, message.thread) == ("A-7", "A-7")
    assert message.text == "Көшеде жарық жоқ\nАбай 10"
    assert message.mentioned_at == datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    assert message.point == Point(51.1, 71.4, "Абай 10")
    assert json.loads(message.reply_to) == {"phone": "+77015550101", "email": "Asel@Example.kz"}
    assert message.contact == "+77015550101, Asel@Example.kz"
    assert message.author.id == "tel:+77015550101"
    assert message.author.aliases == ("mail:asel@example.kz",)
    assert (message.author.name, message.author.phone, message.author.language) == ("Асель", "+77015550101", "kk")


def test_a_submission_needs_no_more_than_id_consent_and_moment() -> None:
    message = parse({"id": 7, "consent": True, "created_at": "2026-11-22T10:00:00Z"})

    assert isinstance(message, Message)
    assert (message.key, message.text, message.author.id, message.reply_to) == ("7", "", "form:7", "{}")
    assert message.point is None


def test_the_same_citizen_is_known_by_mail_where_no_phone_is_given() -> None:
    assert read(phone="").author.id == "mail:asel@example.kz"


def test_an_address_already_in_the_words_is_not_said_twice() -> None:
    assert read(text="На АБАЙ 10 темно").text == "На АБАЙ 10 темно"
    assert read(text="").text == "Абай 10"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"consent": False}, "consent"),
        ({"consent": "true"}, "consent"),
        ({"id": ""}, "id"),
        ({"created_at": ""}, "created_at"),
        ({"created_at": "2026-11-22T15:00:00"}, "created_at"),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, "created_at"),
    ],
)
def test_a_submission_against_the_documentation_names_the_field(changes: dict[str, object], field: str) -> None:
    incoming = parse({**FULL, **changes})

    assert isinstance(incoming, Unreadable)
    assert field in incoming.reason
    assert "жарық" not in incoming.reason


@pytest.mark.parametrize(
    ("given_phone", "phone"),
    [
        ("8 (701) 555-01-01", "+77015550101"),
        ("+7 701 555 01 01", "+77015550101"),
        ("7015550101", "+77015550101"),
        ("+998 90 123 45 67", "+998901234567"),
        ("55-01-09", "550109"),
        ("нет", ""),
        ("109", ""),
    ],
)
def test_a_phone_is_written_one_way(given_phone: str, phone: str) -> None:
    assert phone_of(given_phone) == phone


@pytest.mark.parametrize(
    ("photo", "reference"),
    [
        ("https://akim.example/1.jpg", {"url": "https://akim.example/1.jpg"}),
        ({"url": "https://akim.example/1.jpg"}, {"url": "https://akim.example/1.jpg"}),
        ("data:image/jpeg;base64,/9j/4A==", {"data": "/9j/4A=="}),
        ("data:image/jpeg;name=a.jpg;base64,/9j/4A==", {"data": "/9j/4A=="}),
        ({"data": "/9j/4A==", "mime": "image/jpeg"}, {"data": "/9j/4A=="}),
        ("/9j/4A==", {"data": "/9j/4A=="}),
        ("", {"error": "neither url nor data"}),
        (None, {"error": "neither url nor data"}),
        ("A" * (PHOTO_LIMIT_BYTES * 4 // 3 + 8), {"error": "larger than 10 MB"}),
    ],
)
def test_each_way_of_giving_a_photo_is_understood(photo: object, reference: dict[str, object]) -> None:
    assert references(photo) == [reference]


def test_photos_beyond_the_tenth_are_shown_as_not_taken() -> None:
    found = references(*["/9j/4A=="] * 12)

    assert len(found) == 11
    assert found[-1] == {"error": "2 more files than the 10 taken"}


@pytest.mark.parametrize(
    ("mime", "kind"),
    [
        ("image/png", AttachmentKind.PHOTO),
        ("video/mp4", AttachmentKind.VIDEO),
        ("application/pdf", AttachmentKind.DOCUMENT),
        ("", AttachmentKind.PHOTO),
    ],
)
def test_the_type_says_what_kind_of_file_it_is(mime: str, kind: AttachmentKind) -> None:
    (attachment,) = read(photos=[{"data": "/9j/4A==", "mime": mime, "name": "1"}]).attachments

    assert (attachment.kind, attachment.mime, attachment.file_name) == (kind, mime, "1")


@given(JSON)
def test_any_json_is_read_without_raising(fields: object) -> None:
    assert isinstance(parse(json.dumps(fields)), Unreadable)


@given(st.dictionaries(st.sampled_from(sorted(FULL)), JSON))
def test_any_field_may_hold_anything(changes: dict[str, object]) -> None:
    assert isinstance(parse(json.dumps({**FULL, **changes})), Message | Unreadable)


@given(st.text())
def test_any_text_is_read_without_raising(payload: str) -> None:
    assert isinstance(parse(payload), Unreadable)
