"""Photos from the web site: sent along, or linked."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx

from intake109.collectors.base import Download
from intake109.collectors.payload import dict_of, text_of
from intake109.collectors.website.addresses import Guard, Resolve, Target, resolve
from intake109.config import Website
from intake109.errors import MediaError
from intake109.model import Channel

_CHUNK = 64 * 1024
_HOPS = 3


class WebsiteMedia:
    """Opens `{"data": base64}` and `{"url": …}`; see `base.MediaSource`."""

    channel = Channel.WEBSITE

    def __init__(
        self,
        config: Website,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        resolve: Resolve = resolve,
        timeout: timedelta = timedelta(seconds=20),
    ) -> None:
        self._guard = Guard(config.allowed_origins, resolve)
        self._client = httpx.AsyncClient(
            transport=transport, timeout=timeout.total_seconds(), follow_redirects=False, headers={"Accept": "*/*"}
        )

    @asynccontextmanager
    async def open(self, reference: str) -> AsyncIterator[Download]:
        """Open one file. A link may redirect three times; each step is checked like the first.

        Raises:
            MediaError: permanent where the link is not followed, the file is gone or the data is no base64.
        """
        fields = _fields(reference)
        if fields.get("error"):
            raise MediaError(text_of(fields.get("error")), permanent=True)
        if fields.get("data"):
            content = _decoded(text_of(fields.get("data")))
            yield Download(_chunks(content), size_bytes=len(content))
            return
        try:
            async with self._opened(text_of(fields.get("url"))) as response:
                mime, size = response.headers.get("content-type", ""), response.headers.get("content-length", "")
                length = int(size) if size.isascii() and size.isdigit() and len(size) < 16 else None
                yield Download(response.aiter_bytes(), mime, length)
        except httpx.HTTPError as error:
            raise MediaError(f"the file could not be fetched ({type(error).__name__})") from error

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    @asynccontextmanager
    async def _opened(self, link: str) -> AsyncIterator[httpx.Response]:
        try:
            url = httpx.URL(link)
            for _ in range(_HOPS + 1):
                target = await self._guard.target(url)
                async with self._stream(target) as response:
                    if not response.has_redirect_location:
                        _check(response)
                        yield response
                        return
                    url = url.join(response.headers["location"])
        except httpx.InvalidURL as error:
            raise MediaError("the link is no web address", permanent=True) from error
        raise MediaError("the link redirects too often", permanent=True)

    @asynccontextmanager
    async def _stream(self, target: Target) -> AsyncIterator[httpx.Response]:
        """Connect to the checked address, but speak to the site by its name: certificate and virtual host are its."""
        extensions = {"sni_hostname": target.server_name}
        headers = {"Host": target.host}
        async with self._client.stream("GET", target.url, headers=headers, extensions=extensions) as response:
            yield response


def _fields(reference: str) -> dict[str, object]:
    try:
        return dict_of(json.loads(reference))
    except (ValueError, RecursionError) as error:
        raise MediaError("the file's reference cannot be read", permanent=True) from error


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise MediaError("the photo is no base64", permanent=True) from error


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    for chunk in _pieces(content):
        yield chunk


def _pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), _CHUNK):
        yield content[start : start + _CHUNK]


def _check(response: httpx.Response) -> None:
    status = response.status_code
    if response.is_success:
        return
    is_passing = status >= 500 or status in {408, 425, 429}
    raise MediaError(f"the site refused the file (HTTP {status})", permanent=not is_passing)
