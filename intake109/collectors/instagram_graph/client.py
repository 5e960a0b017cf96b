"""One Graph client for Instagram: address, codes, and whose token it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx

from intake109.collectors.graph import GraphClient, graph_root
from intake109.collectors.instagram_graph.codes import RULES
from intake109.config import Instagram

FACEBOOK_HOST = "graph.facebook.com"
Token = Callable[[], str]


def graph_client(
    config: Instagram,
    token: Token,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    timeout: timedelta = timedelta(seconds=20),
) -> GraphClient:
    """Return a client for the configured address; `token` is asked at every call, for it is renewed."""
    root = graph_root(config.graph_url, config.api_version)
    return GraphClient(root, token, rules=RULES, transport=transport, timeout=timeout)


def is_facebook_login(config: Instagram) -> bool:
    """Say whether the account is reached through a Facebook page and its page token."""
    return httpx.URL(config.graph_url).host == FACEBOOK_HOST


def inbox_node(config: Instagram) -> str:
    """Return the node that messages and subscriptions belong to.

    With a Facebook login that is the page behind the token, not the Instagram account (which is refused there).
    """
    return "me" if is_facebook_login(config) else config.user_id
