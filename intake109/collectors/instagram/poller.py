"""Reading tagged posts through instaloader, in a thread of its own, every quarter of an hour or so."""

from __future__ import annotations

import asyncio
import json
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from intake109 import config
from intake109.collectors.instagram.border import TaggedPost, TaggedPosts
from intake109.collectors.instagram_graph.keys import EDITED_AT, post_key
from intake109.collectors.instagram_graph.walk import Reach, Sight, Walk
from intake109.errors import ChannelError
from intake109.model import Batch, Channel, Event

SOURCE = "instagram.instaloader"
REACH = Reach(known_in_row=12, first_posts=60, deep_posts=48, deep_every=None)
"""A page has 12 posts and every page is a risk for the account: no deep walks but after one that broke off."""
_JITTER = 0.3


class InstaloaderPoller:
    """See `base.Poller`. The pause differs by up to 30 per cent each time, for clockwork looks like a robot."""

    name = "instagram.instaloader"
    channel = Channel.INSTAGRAM

    def __init__(
        self,
        settings: config.Instagram,
        randomness: random.Random,
        *,
        posts: TaggedPosts | None = None,
        reach: Reach = REACH,
    ) -> None:
        """`posts` stands in for the library, which is loaded at the first poll only."""
        self._settings = settings
        self._randomness = randomness
        self._posts = posts
        self._reach = reach
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="instaloader")
        self.pause = self._next_pause()

    async def poll(self, cursor: str | None, now: datetime) -> Batch:
        """Return new posts and changed captions, oldest first; a walk that breaks off returns what it has.

        Raises:
            ChannelError: nothing new came before the failure.
        """
        self.pause = self._next_pause()
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._walk, cursor, now)

    async def aclose(self) -> None:
        """Let a poll that runs come to its end unwatched, and take no more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _next_pause(self) -> timedelta:
        factor = self._randomness.uniform(1 - _JITTER, 1 + _JITTER)
        return timedelta(minutes=self._settings.instaloader.pause_minutes) * factor

    def _walk(self, cursor: str | None, now: datetime) -> Batch:
        walk = Walk(cursor, now, self._reach)
        events: list[Event] = []
        try:
            for post in self._library().newest():
                event = _event(post, walk, now)
                events += [event] if event is not None else []
                if walk.is_enough:
                    break
        except ChannelError:
            if not events:
                raise
            return Batch(tuple(reversed(events)), walk.cursor(is_whole=False))
        return Batch(tuple(reversed(events)), walk.cursor())

    def _library(self) -> TaggedPosts:
        if self._posts is None:
            from intake109.collectors.instagram.library import LibraryPosts

            self._posts = LibraryPosts(self._settings)
        return self._posts


def _event(post: TaggedPost, walk: Walk, now: datetime) -> Event | None:
    """Return the post as an event if it is news; its details are asked for only then, before it counts as met."""
    key, caption = post_key(post.shortcode), post.caption
    sight = walk.look(key, caption, post.posted_at)
    if sight in {Sight.KNOWN, Sight.OLD}:
        walk.meet(key, caption, post.posted_at)
        return None
    described = post.describe()
    version = walk.meet(key, caption, post.posted_at).version
    shown = described if sight is Sight.NEW else {**described, EDITED_AT: now.isoformat()}
    return Event(Channel.INSTAGRAM, key, json.dumps(shown, ensure_ascii=False), SOURCE, version)
