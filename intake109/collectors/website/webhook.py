"""The signed JSON endpoint: the akim's site POSTs one appeal at a time."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from intake109.clock import Clock
from intake109.collectors.base import digest
from intake109.collectors.payload import id_of, moment_of, object_of, payload_of
from intake109.config import Website
from intake109.errors import PayloadError, SignatureError
from intake109.model import Channel, Event

SOURCE = "website.json"
SIGNATURE = "x-intake109-signature"
TIMESTAMP = "x-intake109-timestamp"
TOLERANCE = timedelta(minutes=5)


def sign(secret: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers the site sends with `body`: the epoch second, and the HMAC-SHA256 of `second.body`.

    The second is signed too, so that a body overheard today opens nothing tomorrow.
    """
    second = str(int(now.timestamp()))
    mac = hmac.new(secret.encode(), f"{second}.".encode() + body, hashlib.sha256).hexdigest()
    return {TIMESTAMP: second, SIGNATURE: f"sha256={mac}"}


class WebsiteWebhook:
    """Receives the site's appeals; see `base.Webhook`."""

    name = "website"
    channel = Channel.WEBSITE

    def __init__(self, config: Website, clock: Clock) -> None:
        self._secret = config.secret.get_secret_value()
        self._clock = clock

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check who calls and when; exactly five minutes off is still taken.

        Raises:
            SignatureError: missing, wrong, or signed more than five minutes from our clock.
        """
        try:
            signed_at = moment_of(headers.get(TIMESTAMP, ""))
        except PayloadError as error:
            raise SignatureError("X-Intake109-Timestamp must be the epoch second of the request") from error
        given = headers.get(SIGNATURE, "")
        expected = sign(self._secret, body, signed_at)[SIGNATURE]
        if not self._secret or not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
            raise SignatureError("X-Intake109-Signature does not match; sign `timestamp.body` with the shared secret")
        if abs(self._clock.now() - signed_at) > TOLERANCE:
            raise SignatureError("X-Intake109-Timestamp is more than five minutes off; set the site's clock")

    def events(self, body: bytes) -> tuple[Event, ...]:
        """Wrap the body, keyed by the site's id; the same id with other words is kept as another version."""
        payload = payload_of(body)
        return (Event(Channel.WEBSITE, _site_id(payload) or digest(body), payload, SOURCE, version=digest(body, 16)),)


def _site_id(payload: str) -> str:
    try:
        return id_of(object_of(payload).get("id"))[:100]
    except PayloadError:
        return ""
