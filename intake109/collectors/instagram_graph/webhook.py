"""What Meta POSTs to us for Instagram: comments, mentions, direct messages."""

from __future__ import annotations

from collections.abc import Mapping

from intake109.collectors.base import check_hub_signature, digest
from intake109.collectors.hub import challenge
from intake109.collectors.payload import payload_of
from intake109.config import Instagram
from intake109.model import Channel, Event

SOURCE = "instagram.webhook"


class InstagramWebhook:
    """Receives the deliveries of one app; see `base.Webhook`."""

    name = "instagram"
    channel = Channel.INSTAGRAM

    def __init__(self, config: Instagram) -> None:
        self._app_secret = config.app_secret.get_secret_value()
        self._verify_token = config.verify_token.get_secret_value()

    def handshake(self, params: Mapping[str, str]) -> str:
        """Return the challenge Meta wants back as text/plain.

        Raises:
            SignatureError: it is no subscription, or the verify token is not ours.
        """
        return challenge(self._verify_token, params)

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check the signature over the raw bytes: JSON written anew differs as soon as a word is Cyrillic.

        Raises:
            SignatureError: missing, malformed or wrong.
        """
        check_hub_signature(self._app_secret, headers, body)

    def events(self, body: bytes) -> tuple[Event, ...]:
        """Wrap the whole POST as one event, keyed by its bytes: a redelivery is the same bytes and stored once."""
        return (Event(Channel.INSTAGRAM, digest(body), payload_of(body), SOURCE),)
