"""A media id becomes bytes; an expired link is asked for anew, what is gone is said for good."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest
from pydantic import SecretStr

from intake109.collectors.base import Download, MediaSource
from intake109.collectors.whatsapp import WhatsappMedia
from intake109.config import Whatsapp
from intake109.errors import Backoff, ChannelError, MediaError

CONFIG = Whatsapp(graph_url="https://graph.example", access_token=SecretStr("secret-token"))
SHA = "49f227634806293b0995459bc310b593e1400f41591efcf07e9bced335f41942"
BYTES = b"\x89PNG" + b"0" * 100_000


class Meta:
    """Gives links; `files` are the statuses the links answer with, one after the other."""

    def __init__(self, *files: int, told: dict[str, object] | None = None) -> None:
        self.asked: list[str] = []
        self.authorized = True
        self._files = iter(files or (200,))
        self._told = {"mime_type": "image/png", "sha256": SHA, "file_size": len(BYTES), "id": "77", **(told or {})}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        self.authorized &= request.headers.get("authorization") == "Bearer secret-token"
        if request.url.host == "graph.example":
            links = sum("graph.example" in url for url in self.asked)
            return httpx.Response(200, json={"url": f"https://files.example/{links}", **self._told})
        status = next(self._files)
        return httpx.Response(status, content=BYTES if status == 200 else b"expired")


def fetch(
    handler: Callable[[httpx.Request], httpx.Response], reference: str = '{"id": "77"}'
) -> tuple[Download, bytes]:
    async def once() -> tuple[Download, bytes]:
        source: MediaSource = WhatsappMedia(CONFIG, transport=httpx.MockTransport(handler))
        async with source.open(reference) as download:
            return download, b"".join([chunk async for chunk in download.chunks])

    return asyncio.run(once())


def refuse(status: int, code: int) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(status, json={"error": {"code": code, "message": "secret"}})


def test_a_file_comes_with_its_bytes_type_size_and_hash() -> None:
    meta = Meta()

    download, content = fetch(meta)

    assert content == BYTES
    assert (download.mime, download.size_bytes, download.sha256) == ("image/png", len(BYTES), SHA)
    assert meta.asked == ["https://graph.example/v23.0/77", "https://files.example/1"]
    assert meta.authorized


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_an_expired_link_is_asked_for_anew_once(status: int) -> None:
    meta = Meta(status, 200)

    _, content = fetch(meta)

    assert content == BYTES
    assert meta.asked[2:] == ["https://graph.example/v23.0/77", "https://files.example/2"]


@pytest.mark.parametrize(("status", "permanent"), [(404, True), (410, True), (401, False), (403, False)])
def test_a_link_refused_twice_is_given_up(status: int, permanent: bool) -> None:
    meta = Meta(status, status)

    with pytest.raises(MediaError) as caught:
        fetch(meta)

    assert caught.value.permanent is permanent
    assert len(meta.asked) == 4


@pytest.mark.parametrize(("status", "backoff"), [(429, Backoff.RATE_LIMITED), (503, Backoff.TRANSIENT)])
def test_a_busy_file_server_is_asked_later(status: int, backoff: Backoff) -> None:
    with pytest.raises(ChannelError) as caught:
        fetch(Meta(status))

    assert caught.value.backoff is backoff


@pytest.mark.parametrize("code", [100, 33, 131052, 131053])
def test_a_file_meta_does_not_have_is_given_up_for_good(code: int) -> None:
    with pytest.raises(MediaError) as caught:
        fetch(refuse(400, code))

    assert caught.value.permanent
    assert str(code) in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_lost_token_is_no_fault_of_the_file() -> None:
    with pytest.raises(ChannelError) as caught:
        fetch(refuse(401, 190))

    assert caught.value.backoff is Backoff.AUTH_LOST


def test_a_file_that_never_reached_meta_is_not_even_asked_for() -> None:
    meta = Meta()

    with pytest.raises(MediaError, match="ask for it again") as caught:
        fetch(meta, '{"error": "131052"}')

    assert caught.value.permanent
    assert not meta.asked


@pytest.mark.parametrize("reference", ["", "[]", "{}", '{"id": ""}', '{"id": "../me"}', '{"id": "7?x=1"}'])
def test_a_reference_that_names_no_file_is_given_up(reference: str) -> None:
    meta = Meta()

    with pytest.raises(MediaError):
        fetch(meta, reference)

    assert not meta.asked


@pytest.mark.parametrize("url", ["", None, "http://files.example/1", "file:///etc/passwd"])
def test_the_token_is_not_sent_where_the_line_is_open(url: object) -> None:
    meta = Meta(told={"url": url})

    with pytest.raises(MediaError):
        fetch(meta)

    assert len(meta.asked) == 1
