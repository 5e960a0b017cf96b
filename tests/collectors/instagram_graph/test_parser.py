"""Comments, mentions and tagged posts, of both logins; no JSON at all makes the parser raise."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.collectors.base import Parser
from intake109.collectors.instagram_graph import SOURCES, InstagramParser
from intake109.model import AttachmentKind, Incoming, Lookup, Message, Noted, Point, Unreadable
from tests.collectors.instagram_graph.city import (
    CITIZEN,
    OURS,
    Json,
    change,
    delivery,
    event,
    parse,
    parse_message,
    post,
)

COMMENT: Json = {
    "id": "1789",
    "from": {"id": CITIZEN, "username": "asel"},
    "text": "Когда починят?",
    "media": {"id": "1799", "media_product_type": "FEED"},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
NAMES = """sender message mid text attachments type payload url timestamp id from media caption permalink children data
username files taken_at location lat lng answer mentioned_comment mentioned_media comment_id media_id postback
message_edit reply_to story"""
FIELDS = st.sampled_from(NAMES.split())
NESTED = st.recursive(
    JSON | st.sampled_from(["comments", "mentions", "1795300000", "image", "share", "2026-11-21T22:00:00+0000"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=5),
    max_leaves=20,
)


def test_a_comment_under_our_post_is_public_and_answered_under_itself() -> None:
    message = parse_message(change("comments", COMMENT))

    assert (message.key, message.thread, message.text) == ("comment:1789", "1799", "Когда починят?")
    assert (message.author.id, message.author.username, message.author.aliases) == (CITIZEN, "asel", ())
    assert message.mentioned_at == datetime(2026, 11, 21, 22, 26, 40, tzinfo=UTC)
    assert message.is_public
    assert json.loads(message.reply_to) == {"comment_id": "1789", "media_id": "1799", "way": "replies"}
    assert message.parent is not None
    assert message.parent.is_ours


def test_an_answer_to_a_comment_quotes_it() -> None:
    assert parse_message(change("comments", COMMENT | {"parent_id": "1788"})).quotes == "comment:1788"


def test_a_comment_that_names_us_may_stand_under_anybodys_post() -> None:
    body = delivery({"field": "comments", "value": COMMENT | {"text": "@Karatobe109, яма"}})

    message = parse_message(body)

    assert message.text == "яма"
    assert json.loads(message.reply_to)["way"] == "mentions"
    assert message.parent is not None
    assert not message.parent.is_ours


def test_both_logins_say_the_same() -> None:
    facebook = parse(change("comments", COMMENT))
    instagram = parse(delivery({"field": "comments", "value": COMMENT}))

    assert facebook == instagram


def test_our_own_comment_is_only_noted() -> None:
    by_id, by_name = {"id": OURS}, {"id": "1", "username": "KARATOBE109"}

    assert all(isinstance(parse(change("comments", COMMENT | {"from": who}))[0], Noted) for who in (by_id, by_name))


@pytest.mark.parametrize("field", ["live_comments", "story_insights", "something_new"])
def test_fields_by_which_nobody_appeals_are_noted(field: str) -> None:
    (noted,) = parse(change(field, {"id": "1"}))

    assert isinstance(noted, Noted)


def test_a_mention_is_only_a_pointer_and_has_to_be_looked_up() -> None:
    (comment,) = parse(change("mentions", {"media_id": "17", "comment_id": "18"}))
    (caption,) = parse(change("mentions", {"media_id": "17"}))

    assert isinstance(comment, Lookup)
    assert (comment.key, json.loads(comment.reference)) == ("lookup:comment:18", {"media_id": "17", "comment_id": "18"})
    assert isinstance(caption, Lookup)
    assert (caption.key, json.loads(caption.reference)) == ("lookup:media:17", {"media_id": "17"})


def looked_up(name: str, found: Json, **ids: str) -> Json:
    return {"media_id": "17", "comment_id": "", **ids, "answer": {name: found, "id": OURS}}


def test_a_comment_that_names_us_brings_the_post_it_stands_under() -> None:
    comment: Json = {
        "id": "18",
        "text": "karatobe109 помогите",
        "timestamp": "2026-11-21T22:05:00+0000",
        "username": "marat",
        "media": post(7, "Люк открыт на Абая 10"),
    }

    message = parse_message(looked_up("mentioned_comment", comment, comment_id="18"), "instagram.lookup")

    assert (message.key, message.thread, message.text) == ("comment:18", "media:DP0007", "помогите")
    assert message.author.id == "marat"
    assert message.parent is not None
    assert (message.parent.key, message.parent.text, message.parent.author) == (
        "media:DP0007",
        "Люк открыт на Абая 10",
        "citizen7",
    )
    assert message.parent.permalink == "https://www.instagram.com/p/DP0007/"
    assert json.loads(message.parent.attachments[0].reference)["way"] == "comment"
    assert json.loads(message.reply_to) == {"comment_id": "18", "media_id": "17910007", "way": "mentions"}


def test_a_caption_that_names_us_has_the_key_of_the_tagged_post() -> None:
    named = parse_message(looked_up("mentioned_media", post(7)), "instagram.lookup")
    tagged = parse_message(post(7), "instagram.tags")

    assert named.key == tagged.key == "media:DP0007"
    assert named.thread == tagged.thread


def test_a_tagged_post_is_a_public_mention_whose_moment_is_not_known() -> None:
    message = parse_message(post(7, "karatobe109 Яма на Абая 10"), "instagram.tags")

    assert message.text == "Яма на Абая 10"
    assert message.author.id == message.author.username == "citizen7"
    assert message.mentioned_at == datetime(2026, 11, 21, 22, tzinfo=UTC)
    assert not message.mentioned_at_is_known
    assert message.is_public
    assert message.edited_at is None
    assert json.loads(message.reply_to) == {"media_id": "17910007"}


@pytest.mark.parametrize(
    ("caption", "said"),
    [
        ("@karatobe109 яма", "яма"),
        ("Karatobe109: @karatobe109, яма", "яма"),
        ("karatobe109. Яма", "Яма"),
        ("karatobe1090 яма", "karatobe1090 яма"),
        ("karatobe109.kz не открывается", "karatobe109.kz не открывается"),
        ("яма, karatobe109", "яма, karatobe109"),
        ("karatobe109", ""),
    ],
)
def test_only_our_own_name_at_the_start_is_taken_off(caption: str, said: str) -> None:
    assert parse_message(post(7, caption), "instagram.tags").text == said


def test_all_parts_of_an_album_are_attachments() -> None:
    children = [
        {"id": "1", "media_type": "IMAGE", "media_url": "https://cdn.example/1.jpg"},
        {"id": "2", "media_type": "VIDEO", "media_url": "https://cdn.example/2.mp4", "thumbnail_url": "https://cdn/2"},
    ]

    files = parse_message(
        post(7, media_type="CAROUSEL_ALBUM", children={"data": children}), "instagram.tags"
    ).attachments

    assert [file.kind for file in files] == [AttachmentKind.PHOTO, AttachmentKind.VIDEO]
    assert [json.loads(file.reference)["child"] for file in files] == ["1", "2"]


def test_of_a_video_that_may_not_be_downloaded_the_still_picture_or_the_reason_is_shown() -> None:
    video = {**post(7, media_type="VIDEO"), "media_url": None}

    (still,) = parse_message({**video, "thumbnail_url": "https://cdn.example/7.jpg"}, "instagram.tags").attachments
    (missing,) = parse_message(video, "instagram.tags").attachments

    assert still.kind is AttachmentKind.PHOTO
    assert "music" in json.loads(missing.reference)["gone"]


def test_a_changed_caption_is_an_edit_that_brings_no_files_twice() -> None:
    edited = parse_message(post(7, edited_seen_at="2026-11-21T23:00:00+00:00"), "instagram.tags")

    assert edited.edited_at == datetime(2026, 11, 21, 23, tzinfo=UTC)
    assert edited.attachments == ()


def test_a_post_of_instaloader_is_the_same_mention() -> None:
    body = {
        "shortcode": "DP0007",
        "caption": "Яма @karatobe109",
        "username": "citizen7",
        "taken_at": 1795298400,
        "files": [{"kind": "video", "url": "https://cdn.example/7.mp4", "position": 0}],
        "location": {"name": "Абая 10", "lat": 51.1, "lng": 71.4},
    }

    message = parse_message(body, "instagram.instaloader")

    assert (message.key, message.thread) == ("media:DP0007", "media:DP0007")
    assert message.author == parse_message(post(7), "instagram.tags").author
    assert message.point == Point(51.1, 71.4, "Абая 10")
    assert message.attachments[0].kind is AttachmentKind.VIDEO
    assert json.loads(message.reply_to) == {"shortcode": "DP0007"}


def test_a_post_of_our_own_account_is_only_noted() -> None:
    (noted,) = parse(post(7, username="karatobe109"), "instagram.tags")

    assert isinstance(noted, Noted)


@pytest.mark.parametrize("missing", ["id", "timestamp"])
def test_a_post_without_what_is_needed_is_shown(missing: str) -> None:
    (broken,) = parse({**post(7), missing: None}, "instagram.tags")

    assert isinstance(broken, Unreadable)
    assert missing in broken.reason


def test_all_entries_and_changes_of_one_delivery_are_read() -> None:
    one = {"field": "comments", "value": COMMENT}
    two = {"field": "comments", "value": COMMENT | {"id": "1790"}}
    bad = {"field": "comments", "value": {"text": "no id"}}

    parts = parse(delivery({"changes": [one, bad]}, {"changes": [two]}))

    assert [type(incoming) for incoming in parts] == [Message, Unreadable, Message]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"object": "page"}', '{"object": "instagram", "entry": [{}]}'])
def test_what_is_no_delivery_is_shown(body: str) -> None:
    parts = parse(body)

    assert parts
    assert all(isinstance(incoming, Unreadable) for incoming in parts)


def _read(payload: str, source: str) -> tuple[Incoming, ...]:
    parser: Parser = InstagramParser(OURS, "karatobe109")
    return parser(event(payload, source))


@given(st.sampled_from(SOURCES), JSON | st.text())
def test_no_payload_makes_the_parser_raise(source: str, body: object) -> None:
    assert _read(body if isinstance(body, str) else json.dumps(body), source)


@given(st.sampled_from(SOURCES), st.dictionaries(FIELDS, NESTED, max_size=6))
def test_no_post_or_part_makes_the_parser_raise(source: str, inner: Json) -> None:
    entry = {
        "time": 1795300000,
        "messaging": [inner],
        "standby": inner,
        "changes": [{"field": "comments", "value": inner}],
    }
    mention = {"changes": [{"field": "mentions", "value": inner}]}
    whole: Json = {**inner, "object": "instagram", "entry": [entry, mention, inner]}

    for incoming in _read(json.dumps(whole), source):
        if isinstance(incoming, Message):
            assert incoming.mentioned_at.tzinfo is not None
            incoming.text.encode()
