"""What Meta POSTs to us, the same for WhatsApp and Instagram: the handshake, the signature, one event per POST."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from intake109.collectors.base import check_hub_signature, digest
from intake109.collectors.payload import payload_of
from intake109.config import Instagram, Whatsapp
from intake109.errors import SignatureError
from intake109.model import Channel, Event


class HubWebhook:
    """Receives the deliveries of one app; see `base.Webhook`. The channels say their name and source."""

    name: str
    channel: Channel
    source: str

    def __init__(self, config: Instagram | Whatsapp) -> None:
        self._app_secret = config.app_secret.get_secret_value()
        self._verify_token = config.verify_token.get_secret_value()

    def handshake(self, params: Mapping[str, str]) -> str:
        """Return the challenge Meta wants back (as text/plain) when the address is entered in the app's dashboard.

        Raises:
            SignatureError: it is no subscription, or the verify token is not ours.
        Source: Meta, Webhooks, "Verification requests".
        """
        given = params.get("hub.verify_token", "").encode("utf-8", "replace")
        is_ours = bool(self._verify_token) and hmac.compare_digest(given, self._verify_token.encode())
        if params.get("hub.mode") != "subscribe" or not is_ours:
            raise SignatureError("the verify token does not match; enter the same one in the app's dashboard")
        return params.get("hub.challenge", "")

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check the signature over the raw bytes: JSON written anew differs as soon as a word is Cyrillic.

        Raises:
            SignatureError: missing, malformed or wrong.
        """
        check_hub_signature(self._app_secret, headers, body)

    def events(self, body: bytes) -> tuple[Event, ...]:
        """Wrap the whole POST as one event, keyed by its bytes: a redelivery is the same bytes and stored once."""
        return (Event(self.channel, digest(body), payload_of(body), self.source),)
