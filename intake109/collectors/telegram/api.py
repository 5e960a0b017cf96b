"""The Bot API as this room uses it: one call, raw JSON back, whatever goes wrong in our tree of errors.

Calls go through python-telegram-bot's `Bot.do_api_request`, which returns what came and parses nothing: one update the
library does not understand must not cost its neighbours.
"""

from __future__ import annotations

import functools
import json
import logging
import re
import ssl
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

import httpx
from telegram import Bot
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from intake109 import config
from intake109.collectors.telegram.failures import Refusal, lost_connection, no_answer_of_the_api, refused
from intake109.errors import Backoff, ChannelError

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_TOKEN_IN_ADDRESS = re.compile(r"/bot[^/\s\"]+")
_WELL_FORMED_TOKEN = re.compile(r"[\x21-\x2e\x30-\x7e]+")


class Identity(NamedTuple):
    """Who our bot is: the id its messages carry and the name (without "@") it is mentioned by."""

    id: int
    username: str


class TelegramApi:
    """Calls Bot API methods at `config.root`. One event loop per instance; `close` when done."""

    def __init__(self, settings: config.Telegram, *, pool_size: int = 8) -> None:
        """Build the client; nothing is sent yet.

        Raises:
            ChannelError: AUTH_LOST, the token is missing or holds characters no token has.
        """
        token = settings.token.get_secret_value().strip()
        if not _WELL_FORMED_TOKEN.fullmatch(token):
            message = "the bot's token is missing or malformed; set INTAKE109_TELEGRAM_TOKEN to what BotFather gave"
            raise ChannelError(message, backoff=Backoff.AUTH_LOST, code="token")
        _keep_secrets_out_of_logs()
        shared = {"verify": tls_context()}
        self._requests = (
            _Request(connection_pool_size=1, httpx_kwargs=shared),
            _Request(connection_pool_size=pool_size, httpx_kwargs=shared),
        )
        self._bot = _RawBot(
            token,
            base_url=f"{settings.root}/bot",
            base_file_url=f"{settings.root}/file/bot",
            get_updates_request=self._requests[0],
            request=self._requests[1],
        )
        self._identity: Identity | None = None

    async def call(
        self,
        method: str,
        parameters: Mapping[str, object] | None = None,
        *,
        read_timeout_s: float = 20,
        writes: bool = False,
    ) -> Any:
        """Call `method` and return its `result` as it came.

        Args:
            writes: a citizen may see the effect, so an answer that never came leaves the outcome unknown.

        Raises:
            UnknownOutcomeError: it left us and no usable answer came (only with `writes`).
            UnreachableError: this chat cannot be written to (only with `writes`).
            ChannelError: it was refused or never left.
        """
        try:
            return await self._bot.do_api_request(
                method,
                api_kwargs=dict(parameters or {}),
                read_timeout=read_timeout_s,
                connect_timeout=10,
                pool_timeout=10,
            )
        except Refusal as error:
            raise refused(error, method, writes=writes) from error
        except NetworkError as error:
            is_sent = not isinstance(error.__cause__, _NOT_SENT)
            raise lost_connection(error, method, may_have_acted=writes and is_sent) from error
        except TelegramError as error:
            raise no_answer_of_the_api(method, may_have_acted=writes) from error

    async def identify(self) -> Identity:
        """Return who the token belongs to; asked once, remembered after.

        Raises:
            ChannelError: the platform could not be asked or answered nonsense.
        """
        if self._identity is None:
            me = await self.call("getMe")
            if not isinstance(me, dict) or not isinstance(me.get("id"), int):
                raise no_answer_of_the_api("getMe", may_have_acted=False)
            self._identity = Identity(me["id"], str(me.get("username") or ""))
        return self._identity

    async def close(self) -> None:
        """Close the connections, those of a cancelled long poll too."""
        for request in self._requests:
            await request.shutdown()


@functools.cache
def tls_context() -> ssl.SSLContext:
    """Return the certificates to check servers by; read from disk once, for it takes 20 ms and each client wants it."""
    return httpx.create_ssl_context()


def bot_id_of(settings: config.Telegram) -> int | None:
    """Return our bot's id, which every token begins with; None if this one does not.

    Source: core.telegram.org/bots/api, "Authorizing your bot" (`<bot id>:<secret>`).
    """
    head = settings.token.get_secret_value().strip().partition(":")[0]
    return int(head) if head.isascii() and head.isdigit() and len(head) < 18 else None


class _RawBot(Bot):
    """Silent about being used raw, which is what it is here for.

    Not by `warnings.catch_warnings` around the call: it swaps the process's filters, and a long poll would keep them
    swapped for every other task for as long as it waits.
    """

    @classmethod
    def _warn(cls, message: object, category: type[Warning] = UserWarning, stacklevel: int = 0) -> None:
        return


class _Request(HTTPXRequest):
    """Keeps the status and the parameters of a refusal, which the library's own exceptions mostly drop."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: Any = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        status, body = await super().do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return status, body
        raise Refusal.from_answer(status, body)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the envelope. The library's own version logs a body it cannot read, citizens' words and all."""
        try:
            envelope = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError) as error:
            raise TelegramError("the answer is not JSON") from error
        if not isinstance(envelope, dict) or "result" not in envelope:
            raise TelegramError("the answer is not a Bot API answer")
        return envelope


class _TokenFilter(logging.Filter):
    """Takes the token out of addresses: httpx logs every one of them at INFO."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if _TOKEN_IN_ADDRESS.search(text):
            record.msg, record.args = _TOKEN_IN_ADDRESS.sub("/bot(token)", text), ()
        return True


class _DebugFilter(logging.Filter):
    """Drops what the library tells at DEBUG: parameters and results, which are citizens' words."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno > logging.DEBUG


def _keep_secrets_out_of_logs() -> None:
    for name, wanted in (("httpx", _TokenFilter), ("telegram.Bot", _DebugFilter)):
        logger = logging.getLogger(name)
        if not any(isinstance(present, wanted) for present in logger.filters):
            logger.addFilter(wanted())
