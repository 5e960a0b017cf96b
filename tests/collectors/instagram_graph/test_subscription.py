"""Webhooks that Meta has switched off are found and switched on again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from intake109.collectors.instagram_graph import InstagramSubscription
from intake109.config import Instagram
from intake109.errors import ChannelError
from tests.collectors.instagram_graph.city import CONFIG, FACEBOOK, OURS, Graph, answering, token

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
DONE = 200, {"success": True}


def subscribed(*fields: str) -> tuple[int, object]:
    return 200, {"data": [{"id": "1", "subscribed_fields": list(fields)}] if fields else []}


def check(graph: Graph, config: Instagram = CONFIG) -> str | None:
    return asyncio.run(InstagramSubscription(config, token, transport=graph.transport).check(NOW))


def test_a_living_subscription_is_left_alone() -> None:
    graph = answering(subscribed("comments", "messages", "mentions"))

    assert check(graph) is None
    assert graph.paths == [f"GET /v23.0/{OURS}/subscribed_apps"]


@pytest.mark.parametrize("fields", [(), ("messages",), ("mentions", "comments")])
def test_what_is_off_is_switched_on_again_and_told(fields: tuple[str, ...]) -> None:
    graph = answering(subscribed(*fields), DONE)

    problem = check(graph)

    assert problem is not None
    assert "22.11.2026 10:00" in problem
    assert set(graph.form()["subscribed_fields"].split(",")) >= {"comments", "messages", *fields}


def test_where_a_field_does_not_exist_the_needed_ones_are_subscribed() -> None:
    graph = answering(subscribed(), (400, {"error": {"code": 100}}), DONE)

    assert check(graph) is not None
    assert graph.form()["subscribed_fields"] == "comments,messages"


def test_with_a_facebook_login_the_page_is_looked_at() -> None:
    graph = answering(subscribed("messages"))

    assert check(graph, FACEBOOK) is None
    assert graph.paths == ["GET /v23.0/me/subscribed_apps"]


def test_if_it_cannot_be_switched_on_the_reason_is_told() -> None:
    with pytest.raises(ChannelError):
        check(answering(subscribed(), (403, {"error": {"code": 10}})))
