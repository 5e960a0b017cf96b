"""Asking the Graph API for posts in which the centre is tagged."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import httpx

from intake109.collectors.instagram_graph.client import Token, graph_client
from intake109.collectors.instagram_graph.keys import EDITED_AT, media_key
from intake109.collectors.instagram_graph.posts import posted_at
from intake109.collectors.instagram_graph.walk import Reach, Sight, Walk
from intake109.collectors.payload import dict_of, id_of, list_of, text_of
from intake109.config import Instagram
from intake109.errors import ChannelError, PayloadError
from intake109.model import Batch, Channel, Event

SOURCE = "instagram.tags"
MEDIA_FIELDS = (
    "id,caption,media_type,media_product_type,permalink,timestamp,username,media_url,thumbnail_url,"
    "children{id,media_type,media_url,thumbnail_url}"
)
REACH = Reach(known_in_row=25, first_posts=300, deep_posts=200, deep_every=timedelta(hours=1))
PAGE = 50
_BUSY_PERCENT = 80
_BUSY_FACTOR = 5


class InstagramTagsPoller:
    """Reads `/tags` from the newest; see `base.Poller`. Slows down while the app's rate limit is nearly used up."""

    name = "instagram.tags"
    channel = Channel.INSTAGRAM

    def __init__(
        self,
        config: Instagram,
        token: Token,
        *,
        reach: Reach = REACH,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._graph = graph_client(config, token, transport=transport)
        self._path = f"{config.user_id}/tags"
        self._reach = reach
        self._ordinary_pause = timedelta(seconds=config.poll_seconds)
        self.pause = self._ordinary_pause

    async def poll(self, cursor: str | None, now: datetime) -> Batch:
        """Return new posts and changed captions, oldest first.

        Where a later page fails, what the pages before it brought is returned, and the next poll goes deep.

        Raises:
            ChannelError: the first page could not be read, or nothing new came before the failure.
        """
        walk = Walk(cursor, now, self._reach)
        events: list[Event] = []
        after = ""
        while not walk.is_enough:
            try:
                posts, following = await self._page(after)
            except ChannelError:
                if not events:
                    raise
                return Batch(tuple(reversed(events)), walk.cursor(is_whole=False))
            met_before = walk.met_count
            events += [event for post in posts if (event := _event(post, walk, now)) is not None]
            if not following or walk.met_count == met_before:
                break  # the end, or a list that goes in a circle
            after = following
        is_busy = self._graph.usage.percent >= _BUSY_PERCENT
        self.pause = self._ordinary_pause * (_BUSY_FACTOR if is_busy else 1)
        return Batch(tuple(reversed(events)), walk.cursor())

    async def aclose(self) -> None:
        """Close the connections."""
        await self._graph.aclose()

    async def _page(self, after: str) -> tuple[list[dict[str, object]], str]:
        """Return a page and the cursor of the next; this edge gives cursors only, never a link to follow."""
        parameters: dict[str, str | int] = {"fields": MEDIA_FIELDS, "limit": PAGE}
        if after:
            parameters["after"] = after
        answer = await self._graph.get(self._path, parameters)
        if not isinstance(answer.get("data"), list):
            raise ChannelError("the answer holds no list of posts; check graph_url and user_id")
        cursors = dict_of(dict_of(answer.get("paging")).get("cursors"))
        return [dict_of(post) for post in list_of(answer.get("data"))], id_of(cursors.get("after"))


def _event(post: dict[str, object], walk: Walk, now: datetime) -> Event | None:
    """Return the post as an event if it is news. Its links change with every poll and make no difference."""
    key = media_key(post)
    try:
        at = posted_at(post)
    except PayloadError:
        at = None
    met = walk.meet(key, text_of(post.get("caption")), at)
    if met.sight in {Sight.KNOWN, Sight.OLD}:
        return None
    shown = post if met.sight is Sight.NEW else {**post, EDITED_AT: now.isoformat()}
    return Event(Channel.INSTAGRAM, key, json.dumps(shown, ensure_ascii=False), SOURCE, met.version)
