"""A mention that is only ids becomes the thing itself, or is given up with the reason."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest

from intake109.collectors.base import LookupSource
from intake109.collectors.instagram_graph import InstagramLookup
from intake109.errors import Backoff, ChannelError
from intake109.model import Event
from tests.collectors.instagram_graph.city import CONFIG, GONE, OURS, Graph, Json, answering, parse_message, post, token

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
COMMENT: Json = {
    "id": "18",
    "text": "karatobe109 помогите",
    "timestamp": "2026-11-21T22:05:00+0000",
    "media": post(7),
}
BOTH = '{"media_id": "17", "comment_id": "18"}'


def look_up(graph: Graph, reference: str) -> tuple[Event, ...]:
    async def once() -> tuple[Event, ...]:
        source: LookupSource = InstagramLookup(CONFIG, token, transport=graph.transport)
        return await source.look_up(reference, NOW)

    return asyncio.run(once())


def test_a_comment_is_asked_for_with_its_post() -> None:
    graph = answering((200, {"mentioned_comment": COMMENT, "id": OURS}))

    (event,) = look_up(graph, BOTH)

    fields = graph.requests[0].url.params["fields"]
    assert graph.paths == [f"GET /v23.0/{OURS}"]
    assert fields.startswith("mentioned_comment.comment_id(18){id,text,timestamp")
    assert "media{id,caption" in fields
    assert (event.key, event.source) == ("lookup:comment:18", "instagram.lookup")
    assert parse_message(event.payload, event.source).key == "comment:18"


def test_a_caption_is_asked_for_by_the_post() -> None:
    graph = answering((200, {"mentioned_media": post(7), "id": OURS}))

    (event,) = look_up(graph, '{"media_id": "17910007"}')

    assert graph.requests[0].url.params["fields"].startswith("mentioned_media.media_id(17910007){id,caption")
    assert event.key == "lookup:media:17910007"
    assert parse_message(event.payload, event.source).key == "media:DP0007"


def test_where_a_field_is_refused_the_documented_ones_are_asked_for() -> None:
    refused = 400, {"error": {"code": 100, "message": "Tried accessing nonexisting field (parent_id)"}}
    graph = answering(refused, (200, {"mentioned_comment": COMMENT}))

    (event,) = look_up(graph, BOTH)

    assert "parent_id" not in graph.requests[1].url.params["fields"]
    assert json.loads(event.payload)["answer"]["mentioned_comment"]["id"] == "18"


@pytest.mark.parametrize("answer", [GONE, (403, {"error": {"code": 10, "message": "no permission"}})])
def test_what_is_gone_or_forbidden_is_given_up(answer: tuple[int, object]) -> None:
    with pytest.raises(ChannelError) as caught:
        look_up(answering(answer), BOTH)

    assert caught.value.permanent


def test_a_rate_limit_is_waited_for() -> None:
    with pytest.raises(ChannelError) as caught:
        look_up(answering((403, {"error": {"code": 4}})), BOTH)

    assert (caught.value.permanent, caught.value.backoff) == (False, Backoff.RATE_LIMITED)


def test_an_answer_without_the_mention_is_asked_for_again() -> None:
    with pytest.raises(ChannelError) as caught:
        look_up(answering((200, {"id": OURS})), BOTH)

    assert not caught.value.permanent


@pytest.mark.parametrize("reference", ["", "{}", '{"media_id": "17){id}"}', '{"comment_id": "x"}'])
def test_a_reference_without_ids_is_never_sent(reference: str) -> None:
    graph = answering((200, {}))

    with pytest.raises(ChannelError) as caught:
        look_up(graph, reference)

    assert caught.value.permanent
    assert graph.requests == []
