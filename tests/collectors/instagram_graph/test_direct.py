"""Direct messages: everything a citizen can send is read, nothing of it is dropped without a word."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from intake109.model import AttachmentKind, Deletion, Message, Noted, Press, Unreadable
from tests.collectors.instagram_graph.city import CITIZEN, OURS, Json, delivery, direct, parse, parse_message, part

URL = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1"
WRITTEN_AT = datetime(2026, 11, 21, 22, 26, 40, 349000, UTC)


def sent(kind: str, **payload: object) -> Json:
    return direct(attachments=[{"type": kind, "payload": payload}])


def test_a_text_is_a_private_message_with_its_moment_to_the_millisecond() -> None:
    message = parse_message(direct(text="Здравствуйте, нет света"))

    assert (message.key, message.thread, message.author.id) == ("mid.1", CITIZEN, CITIZEN)
    assert message.text == "Здравствуйте, нет света"
    assert message.mentioned_at == WRITTEN_AT
    assert not message.is_public
    assert json.loads(message.reply_to) == {"recipient": CITIZEN}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("image", AttachmentKind.PHOTO),
        ("video", AttachmentKind.VIDEO),
        ("audio", AttachmentKind.VOICE),
        ("file", AttachmentKind.DOCUMENT),
        ("story_mention", AttachmentKind.PHOTO),
    ],
)
def test_a_citizens_own_file_is_an_attachment(kind: str, expected: AttachmentKind) -> None:
    (file,) = parse_message(sent(kind, url=URL)).attachments

    assert file.kind is expected
    assert json.loads(file.reference) == {"url": URL}


def test_several_pictures_of_one_message_stay_one_message() -> None:
    files = [{"type": "image", "payload": {"url": f"{URL}&n={n}"}} for n in range(3)]

    assert len(parse_message(direct(text="Абая 10", attachments=files)).attachments) == 3


@pytest.mark.parametrize("kind", ["share", "ig_post", "ig_reel", "reel", "ig_story"])
def test_somebody_elses_post_that_is_sent_on_is_the_parent(kind: str) -> None:
    message = parse_message(sent(kind, url=URL, title="Открытый люк на Сатпаева"))

    assert message.attachments == ()
    assert message.parent is not None
    assert message.parent.text == "Открытый люк на Сатпаева"
    assert len(message.parent.attachments) == 1


def test_a_shared_post_with_a_link_is_known_by_its_shortcode() -> None:
    message = parse_message(sent("share", url="https://www.instagram.com/p/DP0001/?igsh=x"))

    assert message.parent is not None
    assert message.parent.key == "media:DP0001"
    assert message.permalink == "https://www.instagram.com/p/DP0001/?igsh=x"
    assert message.parent.attachments == ()


def test_of_several_shared_posts_all_words_and_files_are_kept() -> None:
    files = [{"type": "ig_post", "payload": {"url": f"{URL}&n={n}", "title": f"пост {n}"}} for n in (1, 2)]

    parent = parse_message(direct(attachments=files)).parent

    assert parent is not None
    assert parent.text == "пост 1\nпост 2"
    assert len(parent.attachments) == 2


def test_a_link_and_a_card_are_read_as_words() -> None:
    fallback = {"type": "fallback", "payload": {"title": "Новость", "url": "https://news.example/1"}}
    card = {"type": "template", "payload": {"generic": {"elements": [{"title": "Карточка"}]}}}

    assert parse_message(direct(text="см.", attachments=[fallback, card])).text == (
        "см.\nНовость\nhttps://news.example/1\nКарточка"
    )


def test_a_file_without_a_link_is_kept_with_the_reason() -> None:
    (file,) = parse_message(sent("image")).attachments

    assert "no link" in json.loads(file.reference)["gone"]


def test_an_unknown_attachment_is_shown_and_the_words_beside_it_are_kept() -> None:
    message, broken = parse(direct(text="вот", attachments=[{"type": "hologram", "payload": {}}]))

    assert isinstance(message, Message)
    assert message.text == "вот"
    assert isinstance(broken, Unreadable)
    assert "hologram" in broken.reason


def test_an_unsupported_message_is_an_empty_one_for_somebody_did_write() -> None:
    message = parse_message(direct(is_unsupported=True))

    assert (message.text, message.attachments) == ("", ())


def test_a_quick_reply_and_a_postback_are_presses() -> None:
    (quick,) = parse(direct(text="Да", quick_reply={"payload": "language:kk"}))
    (postback,) = parse(delivery({"messaging": [part(postback={"mid": "mid.2", "title": "Начать", "payload": "GO"})]}))

    assert isinstance(quick, Press)
    assert (quick.key, quick.data, quick.thread) == ("mid.1", "language:kk", CITIZEN)
    assert isinstance(postback, Press)
    assert (postback.key, postback.data) == ("mid.2", "GO")


def test_an_edit_keeps_the_key_and_a_deletion_names_it() -> None:
    edit = parse_message(
        delivery({"messaging": [part(message_edit={"mid": "mid.1", "text": "Абая 12", "num_edit": "1"})]})
    )
    (deletion,) = parse(direct(is_deleted=True))

    assert (edit.key, edit.text, edit.edited_at) == ("mid.1", "Абая 12", WRITTEN_AT)
    assert deletion == Deletion("mid.1", WRITTEN_AT)


def test_an_answer_quotes_the_message_and_a_story_reply_has_our_story_as_parent() -> None:
    answer = parse_message(direct(text="да", reply_to={"mid": "mid.0"}))
    story = parse_message(direct(text="а у нас?", reply_to={"story": {"id": "179", "url": URL}}))

    assert answer.quotes == "mid.0"
    assert story.parent is not None
    assert (story.parent.key, story.parent.is_ours) == ("story:179", True)


def test_what_we_wrote_ourselves_is_only_noted() -> None:
    (echo,) = parse(direct(text="Принято", is_echo=True))
    (own,) = parse(delivery({"messaging": [{**part(message={"mid": "m", "text": "x"}), "sender": {"id": OURS}}]}))

    assert isinstance(echo, Noted)
    assert isinstance(own, Noted)


@pytest.mark.parametrize("silent", ["reaction", "read", "delivery", "referral", "optin", "pass_thread_control"])
def test_a_sign_without_words_is_only_noted(silent: str) -> None:
    (noted,) = parse(delivery({"messaging": [part(**{silent: {"mid": "mid.1"}})]}))

    assert isinstance(noted, Noted)


def test_a_message_in_a_chat_that_another_app_leads_counts_as_any_other() -> None:
    message = parse_message(delivery({"standby": [part(message={"mid": "mid.9", "text": "Прорвало трубу"})]}))

    assert message.text == "Прорвало трубу"


def test_a_message_told_as_a_change_is_read_as_well() -> None:
    body = delivery({"changes": [{"field": "messages", "value": part(message={"mid": "m", "text": "проверка"})}]})

    assert parse_message(body).text == "проверка"


def test_a_part_of_no_known_kind_is_shown() -> None:
    (broken,) = parse(delivery({"messaging": [part(telepathy={})]}))

    assert isinstance(broken, Unreadable)
    assert broken.where == "entry[0].messaging[0]"


@pytest.mark.parametrize("broken", [{"sender": {}}, {"timestamp": "yesterday"}, {"message": {"text": "no id"}}])
def test_a_broken_message_does_not_take_its_neighbour_with_it(broken: Json) -> None:
    good = part(message={"mid": "mid.2", "text": "люк"})
    bad = {**part(message={"mid": "mid.1", "text": "x"}), **broken}

    first, second = parse(delivery({"messaging": [bad, good]}))

    assert isinstance(first, Unreadable)
    assert isinstance(second, Message)
