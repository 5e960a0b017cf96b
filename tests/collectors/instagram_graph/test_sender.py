"""Each address is answered the one way Instagram allows; where there is none, a person is told so."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from intake109.collectors.base import Sender
from intake109.collectors.instagram_graph import InstagramSender
from intake109.collectors.instagram_graph.compose import DIRECT_LIMIT_BYTES, direct_texts
from intake109.config import Instagram
from intake109.errors import Backoff, ChannelError, UnknownOutcomeError, UnreachableError
from intake109.model import Button, Channel, Language, Outgoing, Receipt
from tests.collectors.instagram_graph.city import CITIZEN, CONFIG, FACEBOOK, GONE, OURS, Graph, answering, token

DIRECT = Outgoing(
    channel=Channel.INSTAGRAM,
    to=f'{{"recipient": "{CITIZEN}"}}',
    text="Принято, № 2026-000001",
    language=Language.RU,
    idempotency_key="outbox-7",
)
COMMENT = replace(DIRECT, to='{"comment_id": "18", "media_id": "17", "way": "replies"}', is_public=True)
MENTION = replace(DIRECT, to='{"comment_id": "18", "media_id": "17", "way": "mentions"}', is_public=True)
POST = replace(DIRECT, to='{"media_id": "17"}', is_public=True)
WRITTEN = 200, {"id": "19"}
SENT = 200, {"recipient_id": CITIZEN, "message_id": "mid.out"}


def send(message: Outgoing, graph: Graph, config: Instagram = CONFIG) -> Receipt:
    async def once() -> Receipt:
        sender: Sender = InstagramSender(config, token, transport=graph.transport)
        return await sender.send(message)

    return asyncio.run(once())


def failure(message: Outgoing, *answers: tuple[int, object]) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        send(message, answering(*answers))
    return caught.value


def error(code: int, subcode: int | None = None) -> tuple[int, object]:
    return 400, {"error": {"code": code, "error_subcode": subcode, "message": f"to {CITIZEN}"}}


def test_a_comment_under_our_post_is_answered_under_itself() -> None:
    graph = answering(WRITTEN)

    receipt = send(COMMENT, graph)

    assert graph.paths == ["POST /v23.0/18/replies"]
    assert graph.form() == {"message": "Принято, № 2026-000001"}
    assert graph.requests[0].url.query == b""
    assert receipt.external_id == "comment:19"


def test_a_comment_elsewhere_is_answered_as_a_mention() -> None:
    graph = answering(WRITTEN)

    send(MENTION, graph)

    assert graph.paths == [f"POST /v23.0/{OURS}/mentions"]
    assert graph.form() == {"media_id": "17", "comment_id": "18", "message": "Принято, № 2026-000001"}


@pytest.mark.parametrize("message", [COMMENT, MENTION])
def test_if_one_edge_refuses_the_other_is_tried(message: Outgoing) -> None:
    graph = answering(GONE, WRITTEN)

    assert send(message, graph).external_id == "comment:19"
    assert len(set(graph.paths)) == 2


def test_if_both_refuse_a_person_answers() -> None:
    problem = failure(COMMENT, GONE, GONE)

    assert isinstance(problem, UnreachableError)
    assert "by hand" in str(problem)


def test_a_passing_failure_is_no_reason_to_try_the_other_edge() -> None:
    graph = answering((500, {"error": {"code": 2}}), WRITTEN)

    with pytest.raises(ChannelError) as caught:
        send(COMMENT, graph)

    assert not caught.value.permanent
    assert len(graph.requests) == 1


def test_a_caption_that_names_us_is_answered_under_the_post() -> None:
    graph = answering(WRITTEN)

    send(POST, graph)

    assert graph.form() == {"media_id": "17", "message": "Принято, № 2026-000001"}


def test_a_post_that_only_tags_us_in_the_picture_goes_to_a_person() -> None:
    problem = failure(POST, GONE)

    assert isinstance(problem, UnreachableError)
    assert "picture" in str(problem)


def test_a_post_that_only_instaloader_has_seen_goes_to_a_person() -> None:
    graph = answering(WRITTEN)

    with pytest.raises(UnreachableError, match="instaloader"):
        send(replace(POST, to='{"shortcode": "DP0007"}'), graph)

    assert graph.requests == []


def test_a_direct_message_goes_to_the_citizens_id_with_its_choices() -> None:
    graph = answering(SENT)
    buttons = (Button("Қазақша", "language:kk"), Button("Очень длинная подпись кнопки", "x"))

    receipt = send(replace(DIRECT, buttons=buttons), graph)

    assert graph.paths == [f"POST /v23.0/{OURS}/messages"]
    assert graph.json() == {
        "recipient": {"id": CITIZEN},
        "message": {
            "text": "Принято, № 2026-000001",
            "quick_replies": [
                {"content_type": "text", "title": "Қазақша", "payload": "language:kk"},
                {"content_type": "text", "title": "Очень длинная подпи…", "payload": "x"},
            ],
        },
    }
    assert receipt.external_id == "mid.out"


def test_with_a_facebook_login_the_page_behind_the_token_writes() -> None:
    graph = answering(SENT)

    send(DIRECT, graph, FACEBOOK)

    assert graph.paths == ["POST /v23.0/me/messages"]


def test_a_long_text_goes_in_several_messages_and_loses_no_word() -> None:
    text = "Здравствуйте! Обращение принято. " * 40
    graph = answering(SENT)

    send(replace(DIRECT, text=text, buttons=(Button("ok", "ok"),)), graph)

    sent = [graph.json(i)["message"] for i in range(len(graph.requests))]
    assert len(sent) > 1
    assert ["quick_replies" in str(one) for one in sent] == [False] * (len(sent) - 1) + [True]


def test_every_part_fits_and_together_they_are_the_text() -> None:
    for text in ("қ" * 2000, "слово " * 500, "a\n\nб" * 700, "одно"):
        parts = direct_texts(text)

        assert all(0 < len(part.encode()) <= DIRECT_LIMIT_BYTES for part in parts)
        assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_private_answer_to_a_comment_goes_by_the_comment() -> None:
    graph = answering(SENT)

    send(replace(COMMENT, is_public=False), graph)

    assert graph.json()["recipient"] == {"comment_id": "18"}


def test_what_is_private_is_never_written_under_a_post() -> None:
    graph = answering(WRITTEN)

    with pytest.raises(UnreachableError):
        send(replace(POST, is_public=False), graph)

    assert graph.requests == []


@pytest.mark.parametrize(
    ("code", "subcode"), [(10, 2534022), (551, 1545041), (100, 2534014), (10900, None), (10901, None)]
)
def test_a_citizen_who_cannot_be_written_to_goes_to_a_person(code: int, subcode: int | None) -> None:
    problem = failure(DIRECT, error(code, subcode))

    assert isinstance(problem, UnreachableError)
    assert CITIZEN not in str(problem)


def test_a_missing_permission_is_not_mistaken_for_a_closed_window() -> None:
    problem = failure(DIRECT, error(10))

    assert not isinstance(problem, UnreachableError)
    assert problem.backoff is Backoff.BLOCKED


def test_an_answer_without_an_id_leaves_it_unknown() -> None:
    assert isinstance(failure(DIRECT, (200, {})), UnknownOutcomeError)
    assert isinstance(failure(COMMENT, (200, {})), UnknownOutcomeError)


@pytest.mark.parametrize("to", ["", "[]", "{}", '{"comment_id": "../17"}', '{"recipient": ""}'])
def test_an_address_that_cannot_be_read_is_shown_to_a_person(to: str) -> None:
    assert failure(replace(COMMENT, to=to), WRITTEN).permanent


@pytest.mark.parametrize("text", ["", " \n", "я" * 2201])
def test_a_comment_that_does_not_fit_is_never_sent(text: str) -> None:
    graph = answering(WRITTEN)

    with pytest.raises(ChannelError) as caught:
        send(replace(COMMENT, text=text), graph)

    assert caught.value.permanent
    assert graph.requests == []


def test_a_private_answer_is_one_message_or_none() -> None:
    graph = answering(SENT)

    with pytest.raises(ChannelError):
        send(replace(COMMENT, is_public=False, text="слово " * 200), graph)

    assert graph.requests == []
