"""The connector to the city's registry: one signed POST a message, and what the registry posts back.

Both sides sign `second.body` with HMAC-SHA256 and the shared secret, as the akim's site does. The registry is told an
idempotency key, so that a message whose answer was lost can be sent again without becoming a second appeal there.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import httpx

from intake109.clock import Clock
from intake109.collectors.payload import moment_of
from intake109.collectors.website.webhook import SIGNATURE, TIMESTAMP, TOLERANCE, sign
from intake109.config import Registry
from intake109.errors import Backoff, ChannelError, PayloadError, SignatureError, UnknownOutcomeError
from intake109.model import Channel, Outgoing, Receipt

IDEMPOTENCY = "Idempotency-Key"
MOST_FILES = 10
_EVENTS = frozenset({"in_work", "answered", "returned"})
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_LONGEST_REASON = 300
_LONGEST_TEXT = 4000


class RegistrySender:
    """Sends what organisations on the registry are owed; see `base.Sender`."""

    channel = Channel.REGISTRY

    def __init__(self, settings: Registry, clock: Clock, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._settings = settings
        self._clock = clock
        self._client = httpx.AsyncClient(
            transport=transport, timeout=settings.timeout_seconds, follow_redirects=False, trust_env=False
        )

    async def send(self, message: Outgoing) -> Receipt:
        """Send once; `details["number"]` is the registry's number if it told one.

        Raises:
            UnknownOutcomeError: it left us and no usable answer came; the key makes another try safe.
            ChannelError: it was refused (permanent) or has not arrived.
        """
        body = json.dumps(self._entry(message), ensure_ascii=False).encode()
        secret = self._settings.secret.get_secret_value()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            IDEMPOTENCY: message.idempotency_key,
            **sign(secret, body, self._clock.now()),
        }
        try:
            answer = await self._client.post(self._settings.url, content=body, headers=headers)
        except _NOT_SENT as error:
            raise ChannelError(f"the registry cannot be reached ({type(error).__name__})") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UnknownOutcomeError(f"the registry did not answer ({type(error).__name__})") from error
        return _receipt(answer)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _entry(self, message: Outgoing) -> dict[str, object]:
        entry = {"text": message.text, **message.payload, "to": _addressee(message.to)}
        entry["service"] = self._settings.services.get(str(entry.get("service", "")), entry.get("service", ""))
        return {self._settings.fields.get(name, name): value for name, value in entry.items()}


@dataclass(frozen=True, slots=True)
class Told:
    """What the registry tells of an appeal. `number` is ours or, where `is_external`, its own.

    Attributes:
        key: the registry's id of this message; the same twice is one message.
        event: in_work, answered or returned.
        files: name and content.
    """

    key: str
    number: str
    is_external: bool
    event: str
    text: str = ""
    acted_on: date | None = None
    promised_on: date | None = None
    files: tuple[tuple[str, bytes], ...] = ()


class RegistryWebhook:
    """Reads what the registry posts to us."""

    def __init__(self, settings: Registry, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check who calls and when, over the raw bytes; exactly five minutes off is still taken.

        Raises:
            SignatureError: missing, wrong, or signed more than five minutes from our clock.
        """
        try:
            signed_at: datetime = moment_of(headers.get(TIMESTAMP, ""))
        except PayloadError as error:
            raise SignatureError("X-Intake109-Timestamp must be the epoch second of the request") from error
        secret = self._settings.secret.get_secret_value()
        expected = sign(secret, body, signed_at)[SIGNATURE]
        given = headers.get(SIGNATURE, "")
        if not secret or not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
            raise SignatureError("X-Intake109-Signature does not match; sign `timestamp.body` with the shared secret")
        if abs(self._clock.now() - signed_at) > TOLERANCE:
            raise SignatureError("X-Intake109-Timestamp is more than five minutes off; set the registry's clock")

    def read(self, body: bytes) -> Told:
        """Return what a body says.

        Raises:
            PayloadError: it is not what docs/executors.md describes; the message names the field.
        """
        try:
            said = json.loads(body)
        except ValueError as error:
            raise PayloadError("the body is no JSON") from error
        if not isinstance(said, dict):
            raise PayloadError("the body is no JSON object")
        status = _text(said, "status")
        event = self._settings.statuses.get(status, status)
        number, external = _text(said, "number"), _text(said, "external_number")
        if event not in _EVENTS:
            raise PayloadError(f"status: unknown {status[:40]!r}; add it to registry.statuses")
        if not _text(said, "id") or not (number or external):
            raise PayloadError("id and number (or external_number) are needed")
        return Told(
            key=_text(said, "id")[:200],
            number=number or external,
            is_external=not number,
            event=event,
            text=_text(said, "text")[:_LONGEST_TEXT],
            acted_on=_day(said, "acted_on"),
            promised_on=_day(said, "promised_on"),
            files=_files(said.get("files")),
        )


def _receipt(answer: httpx.Response) -> Receipt:
    said = _object(answer)
    number = str(said.get("number") or "")[:100]
    if answer.is_success or (answer.status_code == httpx.codes.CONFLICT and number):  # it has this key already
        return Receipt(str(said.get("id") or number)[:200], {"number": number} if number else {})
    reason = str(said.get("error") or said.get("message") or "")[:_LONGEST_REASON]
    says = f"the registry says {answer.status_code}{f': {reason}' if reason else ''}"
    code = str(answer.status_code)
    if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise ChannelError(says, backoff=Backoff.AUTH_LOST, code=code)
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        wait = answer.headers.get("retry-after", "")
        after = timedelta(seconds=min(int(wait), 3600)) if wait.isascii() and wait.isdigit() else None
        raise ChannelError(says, backoff=Backoff.RATE_LIMITED, retry_after=after, code=code)
    is_refusal = answer.is_client_error and answer.status_code != httpx.codes.REQUEST_TIMEOUT
    raise ChannelError(says, permanent=is_refusal or answer.is_redirect, code=code)


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _addressee(to: str) -> str:
    try:
        return str(json.loads(to)["organisation"])
    except (ValueError, TypeError, KeyError) as error:
        raise ChannelError("this is no address of the registry's", permanent=True, code="address") from error


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return str(value).replace("\x00", "").strip() if isinstance(value, str | int) else ""


def _day(said: Mapping[str, Any], name: str) -> date | None:
    told = _text(said, name)
    try:
        return date.fromisoformat(told[:10]) if told else None
    except ValueError as error:
        raise PayloadError(f"{name}: write a day as 2026-11-20") from error


def _files(told: object) -> tuple[tuple[str, bytes], ...]:
    if not told:
        return ()
    if not isinstance(told, list) or len(told) > MOST_FILES:
        raise PayloadError(f"files: a list of at most {MOST_FILES}")
    found = []
    for one in told:
        try:
            content = base64.b64decode(one["content"], validate=True)
        except (TypeError, KeyError, ValueError, binascii.Error) as error:
            raise PayloadError("files: each needs a name and its content in base64") from error
        found.append((str(one.get("name") or "")[:200], content))
    return tuple(found)
