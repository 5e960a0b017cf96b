"""Entering by hand: links, the event, what the parser makes of it, the screenshot."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.collectors.manual import (
    Entry,
    ManualMedia,
    ManualParser,
    StoredFile,
    event_of,
    links_like,
    normal_link,
    platform_of,
)
from intake109.errors import MediaError
from intake109.model import AttachmentKind, Channel, Event, Message, Unreadable

NOON = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
SHA = "ab" * 32


def parsed(entry: Entry) -> Message:
    (message,) = ManualParser()(event_of(entry, 7, NOON))
    assert isinstance(message, Message)
    return message


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("https://www.instagram.com/p/AbC/?igsh=xyz", "https://instagram.com/p/AbC"),
        ("instagram.com/p/AbC", "https://instagram.com/p/AbC"),
        (
            "http://m.facebook.com/story.php?story_fbid=2&id=1&mibextid=q",
            "https://facebook.com/story.php?id=1&story_fbid=2",
        ),
        ("https://t.me/chat/12#top", "https://t.me/chat/12"),
        ("https://youtu.be/abc?si=tracking&utm_source=x&t=12", "https://youtu.be/abc?t=12"),
        ("ftp://host/file", ""),
        ("javascript:alert(1)", ""),
        ("просто текст", ""),
        ("https://[broken", ""),
    ],
)
def test_one_post_has_one_link_however_it_was_shared(given: str, normal: str) -> None:
    assert normal_link(given) == normal


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_links(text: str) -> None:
    normal = normal_link(text)

    assert normal == "" or normal.startswith("https://")
    assert normal_link(normal) == normal


def test_the_platform_is_told_by_the_link() -> None:
    assert [platform_of(one) for one in ("https://www.instagram.com/p/1", "vk.com/wall1", "https://a.kz/1", "")] == [
        "instagram",
        "vk",
        "other",
        "",
    ]


def test_a_link_is_looked_for_in_the_ways_platforms_write_it() -> None:
    assert "https://www.instagram.com/p/AbC/" in links_like("instagram.com/p/AbC")


def test_the_same_post_entered_twice_has_one_key_and_another_comment_under_it_its_own() -> None:
    first = event_of(Entry("one", link="https://instagram.com/p/1?igsh=a"), 7, NOON)
    again = event_of(Entry("two", link="https://www.instagram.com/p/1/"), 7, NOON)
    another = event_of(Entry("three", link="https://instagram.com/p/1", is_another=True), 7, NOON)

    assert first.key == again.key == "https://instagram.com/p/1"
    assert another.key == "https://instagram.com/p/1#three"
    assert (first.channel, first.source) == (Channel.MANUAL, "manual.form")


def test_an_entry_becomes_a_message_whose_clock_runs_from_now() -> None:
    entry = Entry(
        "one", "https://instagram.com/p/1", " Яма ", "Асель", files=(StoredFile(SHA, "image/png", "a.png", 3),)
    )

    message = parsed(entry)

    assert (message.text, message.mentioned_at, message.reply_to, message.is_public) == ("Яма", NOON, "", True)
    assert (message.author.id, message.author.name) == ("instagram:асель", "Асель")
    assert [(one.kind, one.sha256) for one in message.attachments] == [(AttachmentKind.PHOTO, SHA)]


def test_without_an_author_every_entry_is_a_strangers() -> None:
    assert parsed(Entry("one", text="а")).author.id != parsed(Entry("two", text="а")).author.id


@pytest.mark.parametrize("payload", ["", "[]", "{}", '{"key": "k", "id": "i", "created_at": "yesterday"}'])
def test_a_broken_payload_is_unreadable_never_a_crash(payload: str) -> None:
    (found,) = ManualParser()(Event(Channel.MANUAL, "k", payload, "manual.form"))

    assert isinstance(found, Unreadable)


def test_the_screenshot_is_opened_from_the_store(tmp_path: Path) -> None:
    (tmp_path / SHA).write_bytes(b"picture")
    media = ManualMedia(lambda sha256: tmp_path / sha256)

    async def read(reference: str) -> bytes:
        async with media.open(reference) as download:
            return b"".join([chunk async for chunk in download.chunks])

    assert asyncio.run(read(json.dumps({"sha256": SHA}))) == b"picture"
    with pytest.raises(MediaError) as refused:
        asyncio.run(read(json.dumps({"sha256": "cd" * 32})))
    assert refused.value.permanent
