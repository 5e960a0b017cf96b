"""What a refusal or a silence of the Bot API means for us.

A message tells the status and, where it is plain ASCII, Telegram's own short description: that is never a citizen's
word, and never the token.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx
from telegram.error import NetworkError, TelegramError

from intake109.errors import Backoff, ChannelError, UnknownOutcomeError, UnreachableError

LONGEST_PAUSE_S = 24 * 3600
_PLAIN = re.compile(r"[ -~]{1,160}")
_TOKEN = re.compile(r"\d+:[\w-]{8,}")
_GATEWAY = (HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT)

_UNREACHABLE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "user is deactivated",
    "have no rights",
    "not enough rights",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_admin_required",
    "topic_closed",
    "group chat was deactivated",
    "business_peer_invalid",
    "business connection not found",
)
"""Parts of a 400's description that speak of this chat, not of our request."""


_TELLING = {"message thread not found": "thread", "file is too big": "too-big"}
"""Descriptions of a 400 that our callers act on, and the code they know them by."""

_LOST_TOKEN = (
    "Telegram does not know our token; set INTAKE109_TELEGRAM_TOKEN to what BotFather gives and check "
    "channels.telegram.base_url",
    Backoff.AUTH_LOST,
)
_CALM = {
    HTTPStatus.TOO_MANY_REQUESTS: ("Telegram asks for a pause", Backoff.RATE_LIMITED),
    HTTPStatus.UNAUTHORIZED: _LOST_TOKEN,
    HTTPStatus.NOT_FOUND: _LOST_TOKEN,
}
"""Statuses that mean one thing, whatever was called: what to say and how to go on. An unknown token is a 404 too."""


class Refusal(TelegramError):
    """The Bot API answered with an error; raised inside the library, never leaves this room."""

    def __init__(self, status: int, description: str, retry_after_s: int | None, migrated_to: int | None) -> None:
        super().__init__(f"refused with {status}")
        self.status = status
        self.description = description
        self.retry_after_s = retry_after_s
        self.migrated_to = migrated_to

    @classmethod
    def from_answer(cls, status: int, body: bytes) -> Refusal:
        """Read what the envelope tells; a body that is none (a proxy's page) leaves the status alone to speak."""
        try:
            envelope: Any = json.loads(body)
        except (ValueError, RecursionError):
            envelope = None
        fields = envelope if isinstance(envelope, dict) else {}
        parameters = fields.get("parameters")
        details = parameters if isinstance(parameters, dict) else {}
        return cls(
            status,
            _plain(fields.get("description")),
            _whole(details.get("retry_after")),
            _whole(details.get("migrate_to_chat_id")),
        )


class MigratedError(ChannelError):
    """The group became a supergroup with another id; everything goes there from now on."""

    def __init__(self, chat_id: int) -> None:
        super().__init__("the group has become a supergroup; send to its new id", code="migrated")
        self.chat_id = chat_id


def refused(refusal: Refusal, method: str, *, writes: bool) -> ChannelError:
    """Translate a refusal of `method`; with `writes` it was meant for one chat and may be about that chat only.

    `code` is the HTTP status, or `webhook`, `thread`, `too-big`, `migrated` where the description says more.
    """
    status, shown = refusal.status, f"{method}: HTTP {refusal.status} {refusal.description}".strip()
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status < HTTPStatus.BAD_REQUEST:
        return _fault(status, shown, writes=writes)
    if status == HTTPStatus.CONFLICT:
        return _conflict(refusal, shown)
    if status in _CALM:
        meaning, backoff = _CALM[HTTPStatus(status)]
        return ChannelError(
            f"{meaning} ({shown})", backoff=backoff, retry_after=_pause(refusal.retry_after_s), code=str(status)
        )
    if refusal.migrated_to is not None:
        return MigratedError(refusal.migrated_to)
    return _by_description(refusal, shown, writes=writes)


def lost_connection(error: NetworkError, method: str, *, may_have_acted: bool) -> ChannelError:
    """Translate a connection that failed before the answer was here."""
    reason = type(error.__cause__).__name__ if isinstance(error.__cause__, httpx.HTTPError) else type(error).__name__
    if may_have_acted:
        return UnknownOutcomeError(f"{method}: sent, but no answer came ({reason})", code="no-answer")
    return ChannelError(f"{method}: no answer from the Bot API server ({reason})", code="no-answer")


def no_answer_of_the_api(method: str, *, may_have_acted: bool) -> ChannelError:
    """Say that something answered which is no Bot API server, or a broken one."""
    message = f"{method}: the answer is not a Bot API answer; if it lasts, check channels.telegram.base_url"
    return (UnknownOutcomeError if may_have_acted else ChannelError)(message, code="answer")


def _conflict(refusal: Refusal, shown: str) -> ChannelError:
    if "webhook" in refusal.description.lower():
        message = f"a webhook is set for this bot, so it cannot be polled ({shown})"
        return ChannelError(message, backoff=Backoff.CONFLICT, code="webhook")
    message = f"another program polls with our token; stop it or give it a bot of its own ({shown})"
    return ChannelError(message, backoff=Backoff.CONFLICT, code="409")


def _fault(status: int, shown: str, *, writes: bool) -> ChannelError:
    """A server's fault: Telegram itself says nothing was done, a gateway only that it stopped waiting."""
    if writes and status in _GATEWAY:
        return UnknownOutcomeError(f"a gateway stopped waiting for Telegram's answer ({shown})", code=str(status))
    return ChannelError(f"Telegram has a passing fault ({shown})", code=str(status))


def _by_description(refusal: Refusal, shown: str, *, writes: bool) -> ChannelError:
    status, description = refusal.status, refusal.description.lower()
    is_forbidden = status == HTTPStatus.FORBIDDEN
    if writes and (is_forbidden or any(part in description for part in _UNREACHABLE)):
        return UnreachableError(f"this chat cannot be written to ({shown})", code=str(status))
    if is_forbidden:
        return ChannelError(f"Telegram forbids it ({shown})", backoff=Backoff.BLOCKED, code=str(status))
    code = next((code for part, code in _TELLING.items() if part in description), str(status))
    return ChannelError(f"Telegram refuses the request ({shown})", backoff=Backoff.BLOCKED, permanent=True, code=code)


def _pause(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=min(max(seconds, 0), LONGEST_PAUSE_S))


def _plain(description: object) -> str:
    if not isinstance(description, str) or not _PLAIN.fullmatch(description) or _TOKEN.search(description):
        return ""
    return description


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
