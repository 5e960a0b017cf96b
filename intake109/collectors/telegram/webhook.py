"""Telegram calling us: proof of origin, body to event, and setting or removing the webhook at start."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping

from intake109 import config
from intake109.collectors.telegram.api import TelegramApi
from intake109.collectors.telegram.updates import ASKED_FOR, event_of_body
from intake109.errors import ChannelError, SignatureError
from intake109.model import Channel, Event

SOURCE = "telegram.webhook"
PATH = "/webhooks/telegram"
_HEADER = "x-telegram-bot-api-secret-token"
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class TelegramWebhook:
    """Accepts what Telegram posts. One body is one update."""

    name = "telegram"
    channel = Channel.TELEGRAM

    def __init__(self, settings: config.Telegram) -> None:
        self._secret = settings.webhook_secret.get_secret_value()

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Return if the caller knows our secret; names in `headers` may have any case.

        Telegram signs nothing, so the body plays no part.

        Raises:
            SignatureError: the secret is missing or wrong, or we have none.
        """
        given = next((value for name, value in headers.items() if name.lower() == _HEADER), "")
        if not self._secret or not hmac.compare_digest(given.encode(), self._secret.encode()):
            message = "X-Telegram-Bot-Api-Secret-Token is missing or wrong; check INTAKE109_TELEGRAM_WEBHOOK_SECRET"
            raise SignatureError(message)

    def events(self, body: bytes) -> tuple[Event, ...]:
        """Wrap the body, JSON or not, in one event."""
        return (event_of_body(body, SOURCE),)


async def use_webhook(settings: config.Telegram, public_url: str) -> None:
    """Tell Telegram to post to `public_url` + `/webhooks/telegram`; what waits unread is posted too.

    Raises:
        ChannelError: permanent if the secret has characters Telegram does not allow; else it could not be set.
    """
    secret = settings.webhook_secret.get_secret_value()
    if not _SECRET.fullmatch(secret):
        message = "INTAKE109_TELEGRAM_WEBHOOK_SECRET must be 1 to 256 of A-Z, a-z, 0-9, _ and -; set another"
        raise ChannelError(message, permanent=True, code="secret")
    api = TelegramApi(settings)
    try:
        await api.call(
            "setWebhook",
            {
                "url": public_url.rstrip("/") + PATH,
                "secret_token": secret,
                "allowed_updates": list(ASKED_FOR),
                "drop_pending_updates": False,
            },
        )
    finally:
        await api.close()


async def remove_webhook(api: TelegramApi) -> None:
    """Remove the webhook and keep what Telegram has not delivered yet.

    Raises:
        ChannelError: the platform could not be asked.
    """
    await api.call("deleteWebhook", {"drop_pending_updates": False})
