"""Whether Meta still tells us anything: it switches webhooks off after failures, silently."""

from __future__ import annotations

from datetime import datetime

import httpx

from intake109.collectors.instagram_graph.client import Token, graph_client, inbox_node, is_facebook_login
from intake109.collectors.payload import dict_of, list_of, text_of
from intake109.config import Instagram
from intake109.errors import ChannelError

_PAGE_FIELDS = ("messages", "messaging_postbacks")
_FIELDS = ("comments", "mentions", "messages", "messaging_postbacks")
_NEEDED = frozenset({"comments", "messages"})


class InstagramSubscription:
    """Looks whether the app is subscribed to the account, and subscribes it again.

    With a Facebook login the page's subscription is looked at: comments and mentions are subscribed in the app's
    dashboard, where no token can look.
    """

    name = "instagram.webhook"
    channel = "instagram"

    def __init__(self, config: Instagram, token: Token, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._graph = graph_client(config, token, transport=transport)
        self._path = f"{inbox_node(config)}/subscribed_apps"
        self._wanted = _PAGE_FIELDS if is_facebook_login(config) else _FIELDS
        self._needed = _NEEDED & set(self._wanted)

    async def check(self, now: datetime) -> str | None:
        """Return None if all is well, else what was wrong; what was missing has been subscribed again then.

        Raises:
            ChannelError: it could not be asked, or not be subscribed again.
        """
        answer = await self._graph.get(self._path)
        fields = {
            text_of(field)
            for app in list_of(answer.get("data"))
            for field in list_of(dict_of(app).get("subscribed_fields"))
        }
        missing = sorted(self._needed - fields)
        if not missing:
            return None
        await self._subscribe(fields)
        since = f"were off and have been switched on again at {now:%d.%m.%Y %H:%M} UTC"
        return (
            f"webhooks ({', '.join(missing)}) {since}; if it happens again, see what /webhooks/instagram answers Meta"
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._graph.aclose()

    async def _subscribe(self, fields: set[str]) -> None:
        """Subscribe to all we read; where one of them does not exist for this login, at least to what is needed."""
        try:
            await self._post(fields | set(self._wanted))
        except ChannelError as error:
            if not error.permanent:
                raise
            await self._post(fields | self._needed)

    async def _post(self, fields: set[str]) -> None:
        await self._graph.post(self._path, data={"subscribed_fields": ",".join(sorted(fields - {""}))})
