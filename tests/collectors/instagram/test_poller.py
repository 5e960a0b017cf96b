"""instaloader's poller against a fake of its border: few requests, nothing twice, the Graph API's own keys."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from intake109.collectors.base import Poller
from intake109.collectors.instagram import InstaloaderPoller, TaggedPost, TaggedPosts
from intake109.collectors.instagram_graph import InstagramParser
from intake109.collectors.instagram_graph.keys import version_of
from intake109.config import Instagram, Instaloader
from intake109.errors import Backoff, ChannelError
from intake109.model import Batch, Message

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
POSTED_AT = NOW - timedelta(hours=1)
CONFIG = Instagram(username="karatobe109", instaloader=Instaloader(enabled=True, pause_minutes=20))


@dataclass
class Post:
    """A post; `fails` is what asking for its details brings."""

    shortcode: str
    caption: str = "Яма @karatobe109"
    posted_at: datetime = POSTED_AT
    fails: ChannelError | None = None

    def describe(self) -> dict[str, object]:
        if self.fails is not None:
            raise self.fails
        taken_at = int(self.posted_at.timestamp())
        files = [{"kind": "photo", "url": "https://cdn.example/1.jpg", "position": 0}]
        return {
            "shortcode": self.shortcode,
            "caption": self.caption,
            "username": "citizen1",
            "taken_at": taken_at,
            "files": files,
        }


@dataclass
class Posts:
    """A list of posts, newest first; `fails` is raised at its end."""

    posts: list[Post]
    fails: ChannelError | None = None
    given: int = 0
    threads: set[str] = field(default_factory=set)

    def newest(self) -> Iterator[TaggedPost]:
        self.threads.add(threading.current_thread().name)
        self.given = 0
        for post in self.posts:
            self.given += 1
            yield post
        if self.fails is not None:
            raise self.fails


def posts(*shortcodes: str) -> Posts:
    return Posts([Post(shortcode) for shortcode in shortcodes])


def numbered(count: int) -> list[str]:
    return [f"DP{number:02}" for number in range(count, 0, -1)]


def poll(source: TaggedPosts, cursor: str | None = None, now: datetime = NOW) -> Batch:
    async def once() -> Batch:
        own = InstaloaderPoller(CONFIG, random.Random(109), posts=source)
        poller: Poller = own
        batch = await poller.poll(cursor, now)
        await own.aclose()
        return batch

    return asyncio.run(once())


def keys(batch: Batch) -> list[str]:
    return [event.key for event in batch.events]


def test_new_posts_come_oldest_first_and_read_as_mentions() -> None:
    batch = poll(posts("DP02", "DP01"))

    (message,) = InstagramParser("1", "karatobe109")(batch.events[0])
    assert keys(batch) == ["media:DP01", "media:DP02"]
    assert isinstance(message, Message)
    assert (message.key, message.mentioned_at, message.is_public) == ("media:DP01", POSTED_AT, True)


def test_key_and_version_are_those_of_the_graph_api() -> None:
    (event,) = poll(posts("DP01")).events

    assert (event.key, event.version) == ("media:DP01", version_of("Яма karatobe109"))


def test_known_posts_are_no_news_and_end_the_poll() -> None:
    known = poll(posts(*numbered(40)))
    source = posts("DP99", *numbered(40))

    batch = poll(source, known.cursor)

    assert keys(batch) == ["media:DP99"]
    assert source.given == 13


def test_the_first_poll_of_all_ends_somewhere() -> None:
    source = posts(*numbered(90))

    assert len(poll(source).events) == 60
    assert source.given == 60


def test_a_changed_caption_is_an_edit() -> None:
    first = poll(posts("DP01"))

    (event,) = poll(Posts([Post("DP01", "Яма на Абая 10")]), first.cursor).events

    (message,) = InstagramParser("1", "karatobe109")(event)
    assert isinstance(message, Message)
    assert (message.text, message.edited_at) == ("Яма на Абая 10", NOW)


def test_when_it_breaks_off_what_came_is_kept_and_the_rest_is_caught_up() -> None:
    known = poll(posts("DP01"))
    source = posts(*numbered(30))
    source.posts[14].fails = ChannelError("wait", backoff=Backoff.RATE_LIMITED)

    broken = poll(source, known.cursor)
    source.posts[14].fails = None
    rest = poll(source, broken.cursor)

    assert len(broken.events) == 14
    assert keys(rest) == [f"media:DP{number:02}" for number in range(2, 17)]


def test_when_nothing_came_the_failure_is_the_answer() -> None:
    source = Posts([], fails=ChannelError("over", backoff=Backoff.AUTH_LOST))

    with pytest.raises(ChannelError, match="over"):
        poll(source)


def test_it_works_in_a_thread_of_its_own() -> None:
    source = posts("DP01")

    poll(source)

    (name,) = source.threads
    assert name.startswith("instaloader")


def test_the_pause_is_never_twice_the_same_and_stays_within_a_third() -> None:
    async def pauses() -> list[timedelta]:
        poller = InstaloaderPoller(CONFIG, random.Random(109), posts=posts())
        found = []
        for _ in range(50):
            await poller.poll(None, NOW)
            found.append(poller.pause)
        await poller.aclose()
        return found

    found = asyncio.run(pauses())

    assert len(set(found)) == 50
    assert timedelta(minutes=14) <= min(found) < timedelta(minutes=17)
    assert timedelta(minutes=23) < max(found) <= timedelta(minutes=26)
