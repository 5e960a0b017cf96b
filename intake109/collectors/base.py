"""What every channel offers to the house: `jobs` polls and sends, the web app receives, `pipeline` parses."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from intake109.errors import SignatureError
from intake109.model import Batch, Channel, Event, Incoming, Outgoing, Receipt


class Parser(Protocol):
    """Pure: what a stored event says. Never raises for one bad part among good ones (see `Unreadable`)."""

    def __call__(self, event: Event) -> tuple[Incoming, ...]: ...


class Poller(Protocol):
    """A channel that is asked.

    Attributes:
        name: names its cursor and its line on the health page, e.g. `telegram`, `instagram.tags`.
        pause: wait between two good polls; zero for a long poll.
    """

    name: str
    channel: Channel
    pause: timedelta

    async def poll(self, cursor: str | None, now: datetime) -> Batch:
        """Ask once. The events and the cursor are stored in one transaction before the next call confirms them.

        Raises:
            ChannelError: the platform could not be read; `backoff` says how to go on.
        """
        ...


class Sender(Protocol):
    """The way back to a citizen."""

    channel: Channel

    async def send(self, message: Outgoing) -> Receipt:
        """Send once.

        Raises:
            UnreachableError: this citizen cannot be written to here; a person must find another way.
            UnknownOutcomeError: it may have arrived.
            ChannelError: it has not arrived; `permanent` says whether to try again.
        """
        ...


class Webhook(Protocol):
    """A channel that calls us. Signature first, over the raw bytes; then the body becomes events."""

    name: str
    channel: Channel

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Return if the caller has proved itself.

        Raises:
            SignatureError: it has not.
        """
        ...

    def events(self, body: bytes) -> tuple[Event, ...]:
        """Wrap a body whose signature was right; a body that is no JSON is still an event (to be quarantined)."""
        ...


@runtime_checkable
class HandshakeWebhook(Webhook, Protocol):
    """A webhook whose platform first asks whether the address is ours (Meta's GET with a challenge)."""

    def handshake(self, params: Mapping[str, str]) -> str:
        """Return the text to answer with.

        Raises:
            SignatureError: the verify token is wrong.
        """
        ...


@dataclass(frozen=True, slots=True)
class Download:
    """An open file: what the platform says of it, and its bytes in chunks."""

    chunks: AsyncIterator[bytes]
    mime: str = ""
    size_bytes: int | None = None
    sha256: str = ""


class MediaSource(Protocol):
    """Opens the attachments of a channel; asks for a new link when the old one has expired."""

    channel: Channel

    def open(self, reference: str) -> AbstractAsyncContextManager[Download]:
        """Open one attachment.

        Raises:
            MediaError: it cannot be had; `permanent` when asking again cannot help.
            ChannelError: the platform could not be asked.
        """
        ...


class LookupSource(Protocol):
    """Asks for what a delivery only pointed at."""

    channel: Channel

    async def look_up(self, reference: str, now: datetime) -> tuple[Event, ...]:
        """Return the thing itself as events, to be stored and parsed like any other.

        Raises:
            ChannelError: it could not be asked; `permanent` when it is gone or forbidden.
        """
        ...


def check_hub_signature(secret: str, headers: Mapping[str, str], body: bytes) -> None:
    """Check Meta's `X-Hub-Signature-256` over the raw bytes. `headers` has lower-case names.

    Raises:
        SignatureError: missing, malformed or wrong.
    Source: Meta, Webhooks, "Validating payloads".
    """
    given = headers.get("x-hub-signature-256", "")
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if not secret or not hmac.compare_digest(given.encode(), expected.encode()):
        raise SignatureError("X-Hub-Signature-256 does not match the body; check the app secret on both sides")


def digest(text: str | bytes, length: int = 32) -> str:
    """Return the first `length` hex digits of the SHA-256 of `text`; keys events that have no id of their own."""
    data = text.encode() if isinstance(text, str) else text
    return hashlib.sha256(data).hexdigest()[:length]
