"""A link becomes bytes; an expired one is asked for again the way the post was found, and never with our token."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from intake109.collectors.base import Download, MediaSource
from intake109.collectors.instagram_graph import InstagramMedia
from intake109.config import Instagram
from intake109.errors import Backoff, ChannelError, MediaError
from tests.collectors.instagram_graph.city import CONFIG, GONE, OURS, Graph, Json, parse_message, post, token

CHILDREN: Json = {
    "data": [
        {"id": "1", "media_type": "IMAGE", "media_url": "https://cdn.example/fresh-1"},
        {"id": "2", "media_type": "IMAGE", "media_url": "https://cdn.example/fresh-2"},
    ]
}


class Meta:
    """The CDN refuses `old` links with `status`; the Graph shows `posts` in the tags, and `node` everywhere else."""

    def __init__(self, *posts: Json, node: Json | None = None, status: int = 403) -> None:
        self.posts, self.node, self.status = posts, node, status
        self.graph = Graph(self._answer)

    def _answer(self, request: httpx.Request) -> tuple[int, object]:
        path = request.url.path
        if request.url.host == "cdn.example":
            assert "authorization" not in request.headers
            return (self.status, b"URL signature expired") if "fresh" not in path else (200, b"JPEG")
        if path.endswith("/tags"):
            return 200, {"data": list(self.posts), "paging": {}}
        return (200, self.node) if self.node is not None else GONE


def fetch(meta: Meta, reference: Json | str, config: Instagram = CONFIG) -> tuple[Download, bytes]:
    async def once() -> tuple[Download, bytes]:
        source: MediaSource = InstagramMedia(config, token, transport=meta.graph.transport)
        given = reference if isinstance(reference, str) else json.dumps(reference)
        async with source.open(given) as download:
            return download, b"".join([chunk async for chunk in download.chunks])

    return asyncio.run(once())


def refused(meta: Meta, reference: Json | str, config: Instagram = CONFIG) -> MediaError:
    with pytest.raises(MediaError) as caught:
        fetch(meta, reference, config)
    return caught.value


def test_a_good_link_is_simply_fetched() -> None:
    meta = Meta()

    download, content = fetch(meta, {"url": "https://cdn.example/fresh"})

    assert (content, download.mime, download.size_bytes) == (b"JPEG", "image/jpeg", 4)
    assert len(meta.graph.requests) == 1


@pytest.mark.parametrize("status", [403, 404, 410])
def test_an_expired_link_of_a_tagged_post_is_found_in_the_tags_again(status: int) -> None:
    meta = Meta(post(8), post(7, media_url="https://cdn.example/fresh"), status=status)
    reference = parse_message(post(7), "instagram.tags").attachments[0].reference

    _, content = fetch(meta, reference)

    assert content == b"JPEG"
    assert meta.graph.paths[1] == f"GET /v23.0/{OURS}/tags"


def test_of_an_album_the_same_part_is_asked_for() -> None:
    meta = Meta(post(7, children=CHILDREN))

    fetch(meta, {"url": "https://cdn.example/old", "way": "tags", "media": "17910007", "child": "2"})

    assert meta.graph.requests[-1].url.path == "/fresh-2"


def test_a_post_that_instaloader_found_is_known_by_shortcode_and_place() -> None:
    meta = Meta(post(7, children=CHILDREN))

    fetch(meta, {"url": "https://cdn.example/old", "way": "tags", "shortcode": "DP0007", "child": "#1"})

    assert meta.graph.requests[-1].url.path == "/fresh-2"


@pytest.mark.parametrize(
    ("way", "node"),
    [
        ("mention", {"mentioned_media": {"id": "17", "media_url": "https://cdn.example/fresh"}}),
        ("comment", {"mentioned_comment": {"media": {"id": "17", "media_url": "https://cdn.example/fresh"}}}),
        ("", {"id": "17", "media_url": "https://cdn.example/fresh"}),
    ],
)
def test_a_post_is_asked_for_the_way_it_was_found(way: str, node: Json) -> None:
    reference: Json = {"url": "https://cdn.example/old", "way": way, "media": "17", "comment": "18"}

    _, content = fetch(Meta(node=node), reference)

    assert content == b"JPEG"


def test_what_is_not_shown_again_is_given_up_with_the_reason() -> None:
    problem = refused(Meta(), {"url": "https://cdn.example/old", "way": "tags", "media": "17"})

    assert problem.permanent
    assert "expired" in str(problem)


def test_without_the_graph_there_is_no_new_link() -> None:
    config = CONFIG.model_copy(update={"user_id": ""})

    assert refused(Meta(), {"url": "https://cdn.example/old", "shortcode": "DP0007"}, config).permanent


def test_a_new_link_that_is_refused_as_well_is_not_asked_for_a_third_time() -> None:
    meta = Meta(post(7, media_url="https://cdn.example/old-too"))

    problem = refused(meta, {"url": "https://cdn.example/old", "way": "tags", "media": "17910007"})

    assert not problem.permanent
    assert len(meta.graph.requests) == 3


def test_a_file_that_never_was_says_why() -> None:
    assert "music" in str(refused(Meta(), {"gone": "licensed music"}))
    assert refused(Meta(), "nonsense").permanent


@pytest.mark.parametrize("url", ["http://cdn.example/fresh", "file:///etc/passwd", "ftp://cdn.example/fresh"])
def test_only_https_is_fetched(url: str) -> None:
    meta = Meta()

    assert refused(meta, {"url": url}).permanent
    assert meta.graph.requests == []


def test_a_redirect_to_an_unsafe_address_is_not_followed() -> None:
    def lead_away(request: httpx.Request) -> httpx.Response:
        assert request.url.host == "cdn.example"
        return httpx.Response(302, headers={"location": "http://127.0.0.1/secret"})

    async def once() -> None:
        async with InstagramMedia(CONFIG, token, transport=httpx.MockTransport(lead_away)).open(
            '{"url": "https://cdn.example/1"}'
        ):
            raise AssertionError("nothing may be opened")

    with pytest.raises(MediaError, match="https"):
        asyncio.run(once())


def test_a_server_that_is_down_is_asked_again_later() -> None:
    with pytest.raises(ChannelError) as caught:
        fetch(Meta(status=503), {"url": "https://cdn.example/old"})

    assert caught.value.backoff is Backoff.TRANSIENT
