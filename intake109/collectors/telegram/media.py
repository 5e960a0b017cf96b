"""Files citizens sent, fetched from Telegram. Links live an hour or so, ids for ever: a link is asked for each time."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import quote

import httpx

from intake109 import config
from intake109.collectors.base import Download
from intake109.collectors.telegram.api import TelegramApi, tls_context
from intake109.errors import Backoff, ChannelError, MediaError
from intake109.model import Channel

_CHUNK_BYTES = 64 * 1024
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_SAYS_NOTHING = "application/octet-stream"


class TelegramMedia:
    """Opens attachments by their `file_id`."""

    channel = Channel.TELEGRAM

    def __init__(self, settings: config.Telegram) -> None:
        self._api = TelegramApi(settings)
        self._root = f"{settings.root}/file/bot{settings.token.get_secret_value().strip()}"
        timeout = httpx.Timeout(30, connect=10)
        self._client = httpx.AsyncClient(verify=tls_context(), timeout=timeout, follow_redirects=False)

    @asynccontextmanager
    async def open(self, reference: str) -> AsyncIterator[Download]:
        """Open one attachment.

        Raises:
            MediaError: it cannot be had; permanent if it is larger than Telegram hands to bots (20 MB).
            ChannelError: the platform could not be asked, or broke off while the chunks were read.
        """
        file_id = _file_id(reference)
        async with AsyncExitStack() as stack:
            response = await self._start(stack, file_id)
            mime = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            length = response.headers.get("content-length", "")
            size = (
                int(length)
                if length.isascii() and length.isdigit() and "content-encoding" not in response.headers
                else None
            )
            yield Download(_chunks(response), "" if mime == _SAYS_NOTHING else mime, size)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
        await self._api.close()

    async def _start(self, stack: AsyncExitStack, file_id: str) -> httpx.Response:
        """Begin the download; a link that is already dead is asked for once more."""
        path = ""
        for _ in range(2):
            path = await self._path(file_id)
            response = await self._request(stack, path)
            if response.status_code not in _GONE:
                return _checked(response)
        if path.startswith("/"):
            message = "the Bot API server runs with --local and names a path on its own disk; run it without --local"
            raise MediaError(message)
        raise MediaError("Telegram gives a link under which there is no file; it may be there later")

    async def _path(self, file_id: str) -> str:
        try:
            file = await self._api.call("getFile", {"file_id": file_id})
        except ChannelError as error:
            if error.code == "too-big":
                message = "larger than the 20 MB Telegram hands to bots; ask the citizen for a shorter one"
                raise MediaError(message, permanent=True) from error
            if error.permanent:
                # Telegram has one answer for a wrong id and for a file that is away for a while
                raise MediaError("Telegram does not give this file now; it may later") from error
            raise
        path = file.get("file_path") if isinstance(file, dict) else None
        if not isinstance(path, str) or not path:
            raise MediaError("Telegram gives no link to this file now; it may later")
        return path

    async def _request(self, stack: AsyncExitStack, path: str) -> httpx.Response:
        try:
            return await stack.enter_async_context(
                self._client.stream("GET", f"{self._root}/{quote(path.lstrip('/'))}")
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ChannelError(
                f"the file's server does not answer ({type(error).__name__})", code="no-answer"
            ) from error


async def _chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in response.aiter_bytes(_CHUNK_BYTES):
            yield chunk
    except httpx.HTTPError as error:
        raise ChannelError(f"the download broke off ({type(error).__name__})", code="no-answer") from error


def _checked(response: httpx.Response) -> httpx.Response:
    status = response.status_code
    if status == HTTPStatus.OK:
        return response
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        seconds = response.headers.get("retry-after", "")
        pause = timedelta(seconds=int(seconds[:5])) if seconds.isascii() and seconds.isdigit() else None
        raise ChannelError("Telegram asks for a pause", backoff=Backoff.RATE_LIMITED, retry_after=pause, code="429")
    if status == HTTPStatus.UNAUTHORIZED:
        raise ChannelError("Telegram does not know our token", backoff=Backoff.AUTH_LOST, code="401")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ChannelError(f"Telegram's file server has a passing fault (HTTP {status})", code=str(status))
    raise MediaError(f"Telegram's file server refuses the file (HTTP {status})")


def _file_id(reference: str) -> str:
    try:
        file_id = json.loads(reference)["file_id"]
    except (ValueError, TypeError, KeyError) as error:
        raise MediaError("this is no file of Telegram's", permanent=True) from error
    if not isinstance(file_id, str) or not file_id:
        raise MediaError("this is no file of Telegram's", permanent=True)
    return file_id
