"""The list of tagged posts: nothing new is missed, nothing known comes twice, one poll never reads it all."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from intake109.collectors.base import Poller
from intake109.collectors.instagram_graph import InstagramTagsPoller
from intake109.collectors.instagram_graph.keys import shortcode_of, version_of
from intake109.collectors.instagram_graph.walk import Reach
from intake109.errors import Backoff, ChannelError
from intake109.model import Batch
from tests.collectors.instagram_graph.city import CONFIG, Graph, Json, parse_message, post, token

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
SHORT = Reach(known_in_row=3, first_posts=20, deep_posts=12, deep_every=timedelta(hours=1))
PAGE = 4


class Tags:
    """The posts in which we are tagged, newest first, four to a page; cursors and no links, as Instagram gives them."""

    def __init__(self, *posts: Json) -> None:
        self.posts = list(posts)
        self.fail_from_page: int | None = None
        self.percent = 0
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        start = int(request.url.params.get("after", "0"))
        if self.fail_from_page is not None and start // PAGE >= self.fail_from_page:
            return httpx.Response(500, json={"error": {"code": 2}})
        page = self.posts[start : start + PAGE]
        cursors = {"before": str(start), "after": str(start + len(page))}
        usage = json.dumps({"call_count": self.percent})
        return httpx.Response(200, json={"data": page, "paging": {"cursors": cursors}}, headers={"x-app-usage": usage})

    @property
    def pages(self) -> int:
        count, self.asked = len(self.asked), []
        return count

    def poller(self) -> InstagramTagsPoller:
        return InstagramTagsPoller(CONFIG, token, reach=SHORT, transport=httpx.MockTransport(self))

    def poll(self, cursor: str | None = None, now: datetime = NOW) -> Batch:
        poller: Poller = self.poller()
        return asyncio.run(poller.poll(cursor, now))


def keys(batch: Batch) -> list[str]:
    return [event.key for event in batch.events]


def newest(count: int) -> list[Json]:
    return [post(number) for number in range(count, 0, -1)]


def test_the_first_poll_takes_all_of_the_last_week_oldest_first() -> None:
    tags = Tags(*newest(6))

    batch = tags.poll()

    assert keys(batch) == [f"media:DP{number:04}" for number in range(1, 7)]
    assert parse_message(batch.events[0].payload, "instagram.tags").key == "media:DP0001"


def test_the_call_is_the_documented_one() -> None:
    tags = Tags()

    tags.poll()

    (request,) = tags.asked
    assert request.url.path == f"/v23.0/{CONFIG.user_id}/tags"
    assert "children{id,media_type,media_url,thumbnail_url}" in request.url.params["fields"]
    assert request.headers["authorization"] == "Bearer secret-token"
    assert "secret" not in str(request.url)


def test_what_is_known_is_no_news_though_its_links_change() -> None:
    cursor = Tags(*newest(6)).poll().cursor
    moved = [{**one, "media_url": "https://cdn.example/new"} for one in newest(6)]

    assert Tags(*moved).poll(cursor).events == ()


def test_a_poll_ends_at_enough_known_posts_in_a_row() -> None:
    cursor = Tags(*newest(19)).poll().cursor
    tags = Tags(post(20), *newest(19))

    batch = tags.poll(cursor)

    assert keys(batch) == ["media:DP0020"]
    assert tags.pages == 1


def test_a_new_tag_between_known_posts_is_found_in_the_same_poll() -> None:
    cursor = Tags(*newest(10)).poll().cursor
    shown = newest(10)
    shown.insert(2, post(99))

    assert keys(Tags(*shown).poll(cursor)) == ["media:DP0099"]


def test_a_new_tag_deep_under_known_posts_is_found_within_the_hour() -> None:
    cursor = Tags(*newest(10)).poll().cursor
    shown = newest(10)
    shown.insert(9, post(99))
    tags = Tags(*shown)

    early = tags.poll(cursor, NOW + timedelta(minutes=59))
    late = tags.poll(early.cursor, NOW + timedelta(hours=1))

    assert early.events == ()
    assert keys(late) == ["media:DP0099"]


def test_a_changed_caption_is_a_new_version_and_reads_as_an_edit() -> None:
    first = Tags(post(1, "яма")).poll()
    second = Tags(post(1, "яма на Абая 10")).poll(first.cursor)

    (event,) = second.events
    assert (event.key, event.version == first.events[0].version) == ("media:DP0001", False)
    assert parse_message(event.payload, "instagram.tags").edited_at == NOW
    assert Tags(post(1, "яма на Абая 10")).poll(second.cursor).events == ()


def test_a_caption_changed_back_is_one_more_edit() -> None:
    first = Tags(post(1, "яма")).poll()
    second = Tags(post(1, "люк")).poll(first.cursor)
    third = Tags(post(1, "яма")).poll(second.cursor)
    fourth = Tags(post(1, "люк")).poll(third.cursor)

    versions = [batch.events[0].version for batch in (first, second, third, fourth)]
    assert len(set(versions)) == 4


def test_the_version_does_not_depend_on_who_keeps_the_sign() -> None:
    assert version_of("Яма  @karatobe109\n") == version_of("Яма karatobe109")
    assert version_of("Яма") != version_of("яма")
    assert len(version_of("")) == 16


def test_history_is_remembered_and_not_taken() -> None:
    old = [post(number, timestamp="2026-01-01T00:00:00+0000") for number in range(60, 0, -1)]
    reach = Reach(known_in_row=3, first_posts=50, deep_posts=40, deep_every=timedelta(hours=1))

    async def poll(posts: list[Json], cursor: str | None, now: datetime) -> Batch:
        return await InstagramTagsPoller(CONFIG, token, reach=reach, transport=httpx.MockTransport(Tags(*posts))).poll(
            cursor, now
        )

    first = asyncio.run(poll(old, None, NOW))
    later = asyncio.run(poll(old[1:], first.cursor, NOW + timedelta(hours=2)))

    assert keys(first) == [f"media:DP{number:04}" for number in range(36, 61)]
    assert later.events == ()


def test_when_a_later_page_fails_the_first_ones_are_kept_and_the_next_poll_goes_deep() -> None:
    cursor = Tags(*newest(2)).poll().cursor
    tags = Tags(*newest(12))
    tags.fail_from_page = 1

    broken = tags.poll(cursor)
    tags.fail_from_page = None
    whole = tags.poll(broken.cursor)

    assert keys(broken) == [f"media:DP{number:04}" for number in range(9, 13)]
    assert sorted(keys(whole)) == [f"media:DP{number:04}" for number in range(3, 9)]


def test_when_nothing_came_the_failure_is_the_answer() -> None:
    tags = Tags(*newest(2))
    tags.fail_from_page = 0

    with pytest.raises(ChannelError) as caught:
        tags.poll()

    assert caught.value.backoff is Backoff.TRANSIENT


def test_an_expired_token_is_auth_lost_without_its_words() -> None:
    answer = {"error": {"code": 190, "error_subcode": 463, "message": "Malformed access token secret-token"}}
    graph = Graph(lambda request: (400, answer))

    with pytest.raises(ChannelError) as caught:
        asyncio.run(InstagramTagsPoller(CONFIG, token, transport=graph.transport).poll(None, NOW))

    assert caught.value.backoff is Backoff.AUTH_LOST
    assert "secret" not in str(caught.value)


def test_an_answer_without_a_list_is_a_failure_and_not_an_empty_inbox() -> None:
    with pytest.raises(ChannelError):
        asyncio.run(InstagramTagsPoller(CONFIG, token, transport=Graph(lambda _: (200, {})).transport).poll(None, NOW))


def test_the_poller_slows_down_while_the_rate_limit_is_nearly_used_up() -> None:
    tags = Tags(post(1))
    poller = tags.poller()

    tags.percent = 85
    asyncio.run(poller.poll(None, NOW))
    busy = poller.pause
    tags.percent = 10
    asyncio.run(poller.poll(None, NOW))

    assert (busy, poller.pause) == (timedelta(minutes=10), timedelta(minutes=2))


def test_a_list_that_goes_in_a_circle_ends() -> None:
    def circle(request: httpx.Request) -> httpx.Response:
        following = "b" if request.url.params.get("after") == "a" else "a"
        return httpx.Response(200, json={"data": newest(4), "paging": {"cursors": {"after": following}}})

    batch = asyncio.run(
        InstagramTagsPoller(CONFIG, token, reach=SHORT, transport=httpx.MockTransport(circle)).poll(None, NOW)
    )

    assert len(batch.events) == 4


@pytest.mark.parametrize("cursor", ["", "[]", "nonsense", '{"known": 7, "deep_at": "x"}'])
def test_a_cursor_nobody_can_read_loses_nothing(cursor: str) -> None:
    assert len(Tags(*newest(3)).poll(cursor).events) == 3


def test_a_post_without_link_and_id_is_kept_for_the_quarantine() -> None:
    (event,) = Tags({"caption": "яма"}).poll().events

    assert event.key.startswith("media:digest:")


@pytest.mark.parametrize(
    ("link", "shortcode"),
    [
        ("https://www.instagram.com/p/DPk_-01/", "DPk_-01"),
        ("https://www.instagram.com/reel/DPk1/?igsh=1", "DPk1"),
        ("https://instagram.com/citizen.1/p/DPk1/", "DPk1"),
        ("https://www.instagram.com/citizen1/", ""),
        ("", ""),
    ],
)
def test_the_shortcode_is_read_from_every_kind_of_link(link: str, shortcode: str) -> None:
    assert shortcode_of(link) == shortcode
