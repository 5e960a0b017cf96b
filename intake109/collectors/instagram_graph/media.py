"""Citizens' files on Instagram: open links that expire after days; then the post is asked for again.

Source: Meta, Instagram Platform, "IG Media" (links to files are to be fetched anew), "Tags" (12 August 2026: no link
for videos with licensed music or whose owner allows no download). Another's post cannot be asked for by its id, only
through the list or mention it was found by.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx

from intake109.collectors.base import Download
from intake109.collectors.graph_files import EXPIRED, check, size_of
from intake109.collectors.instagram_graph import references
from intake109.collectors.instagram_graph.again import PostAgain
from intake109.collectors.instagram_graph.client import Token, graph_client
from intake109.collectors.instagram_graph.codes import RULES
from intake109.config import Instagram
from intake109.errors import ChannelError, MediaError
from intake109.model import Channel

_HOPS = 4


class InstagramMedia:
    """Opens citizens' files; see `base.MediaSource`. The token is never sent to the servers of files."""

    channel = Channel.INSTAGRAM

    def __init__(
        self,
        config: Instagram,
        token: Token,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: timedelta = timedelta(seconds=30),
    ) -> None:
        self._graph = graph_client(config, token, transport=transport)
        self._again = PostAgain(self._graph, config.user_id)
        self._files = httpx.AsyncClient(transport=transport, timeout=timeout.total_seconds(), follow_redirects=False)
        self._needs_https = config.graph_url.startswith("https://")

    @asynccontextmanager
    async def open(self, reference: str) -> AsyncIterator[Download]:
        """Open a file; a link that has expired is asked for anew, once.

        Raises:
            MediaError: permanent when Instagram has or shows no such file; else the link failed twice.
            ChannelError: the platform could not be asked just now.
        """
        fields = references.read(reference)
        if not fields.get("url"):
            raise MediaError(fields.get("gone") or "the file's reference cannot be read", permanent=True)
        url = fields["url"]
        for is_last in (False, True):
            async with self._stream(url) as response:
                if response.status_code not in EXPIRED or is_last:
                    check(response, RULES)
                    yield _download(response)
                    return
            url = await self._again.link(fields)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._files.aclose()
        await self._graph.aclose()

    @asynccontextmanager
    async def _stream(self, url: str) -> AsyncIterator[httpx.Response]:
        """Open a link and what it leads to; each step must be as safe as the Graph's address is."""
        try:
            for _ in range(_HOPS):
                async with self._files.stream("GET", self._allowed(url)) as response:
                    if not response.has_redirect_location:
                        yield response
                        return
                    url = str(response.url.join(response.headers["location"]))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise ChannelError(f"the file could not be fetched ({type(error).__name__})") from error
        raise MediaError("the link to the file leads in a circle", permanent=True)

    def _allowed(self, url: str) -> str:
        if not url.startswith("https://" if self._needs_https else ("https://", "http://")):
            raise MediaError("the link to the file is no https address", permanent=True)
        return url


def _download(response: httpx.Response) -> Download:
    mime = response.headers.get("content-type", "").partition(";")[0].strip()
    return Download(response.aiter_bytes(), mime, size_of(response.headers.get("content-length", "")))
