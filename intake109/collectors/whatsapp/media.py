"""Citizens' files on WhatsApp: a media id gives a link that lives five minutes and needs the token as well.

Source: Meta, "Media" (16 June 2026): ids from webhooks live 7 days, files have at most 100 MB. 20 refused look-ups
within an hour close the endpoint for 30 minutes (360dialog), so what is gone for good is not asked for again.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from intake109.collectors.base import Download
from intake109.collectors.graph_files import EXPIRED, check, size_of
from intake109.collectors.payload import dict_of, id_of, text_of
from intake109.collectors.whatsapp.codes import RULES, rule_of
from intake109.collectors.whatsapp.content import sha256_of
from intake109.collectors.whatsapp.sender import graph_client
from intake109.config import Whatsapp
from intake109.errors import ChannelError, MediaError
from intake109.model import Channel


class WhatsappMedia:
    """Opens citizens' files; see `base.MediaSource`."""

    channel = Channel.WHATSAPP

    def __init__(self, config: Whatsapp, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._graph = graph_client(config, transport=transport)
        self._needs_https = config.graph_url.startswith("https://")

    @asynccontextmanager
    async def open(self, reference: str) -> AsyncIterator[Download]:
        """Open the file behind `{"id": …}`; a link that has expired meanwhile is asked for anew, once.

        Raises:
            MediaError: permanent when the file is gone or Meta never had it; else the link failed twice.
            ChannelError: the platform could not be asked just now.
        """
        media_id = _media_id(reference)
        for is_last in (False, True):
            told = await self._ask(media_id)
            async with self._graph.stream(self._url(told)) as response:
                if response.status_code in EXPIRED and not is_last:
                    continue
                check(response, RULES)
                yield _download(response, told)
                return

    async def aclose(self) -> None:
        """Close the connections."""
        await self._graph.aclose()

    async def _ask(self, media_id: str) -> dict[str, object]:
        try:
            return await self._graph.get(media_id)
        except ChannelError as error:
            if error.permanent:
                raise MediaError(str(error), permanent=True) from error
            raise

    def _url(self, told: dict[str, object]) -> str:
        url = text_of(told.get("url"))
        if not url.startswith("https://" if self._needs_https else ("https://", "http://")):
            raise MediaError("the platform gave no link to the file")
        return url


def _media_id(reference: str) -> str:
    try:
        fields = dict_of(json.loads(reference))
    except (ValueError, RecursionError) as error:
        raise MediaError("the file's reference cannot be read", permanent=True) from error
    media_id, code = id_of(fields.get("id")), id_of(fields.get("error"))
    if code:
        rule = rule_of(code)
        raise MediaError(f"{rule.meaning if rule else 'Meta has no file'} (code {code[:20]})", permanent=True)
    if not (media_id.isascii() and media_id.replace("-", "").replace("_", "").isalnum()):
        raise MediaError("the file's reference names no media id", permanent=True)
    return media_id


def _download(response: httpx.Response, told: dict[str, object]) -> Download:
    size = size_of(id_of(told.get("file_size")), response.headers.get("content-length", ""))
    mime = text_of(told.get("mime_type")) or response.headers.get("content-type", "")
    return Download(response.aiter_bytes(), mime, size, sha256_of(told.get("sha256")))
