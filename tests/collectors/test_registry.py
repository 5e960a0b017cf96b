"""The connector to the city's registry: a signed message with a key goes out; only signed ones are read."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from datetime import date, timedelta

import httpx
import pytest
from pydantic import SecretStr

from intake109.clock import MovedClock
from intake109.collectors.registry import IDEMPOTENCY, RegistrySender, RegistryWebhook
from intake109.collectors.website.webhook import SIGNATURE, sign
from intake109.config import Registry
from intake109.errors import Backoff, ChannelError, PayloadError, SignatureError, UnknownOutcomeError
from intake109.model import Channel, Language, Outgoing, Receipt

SECRET = "shared"
SETTINGS = Registry(
    url="https://registry.example/api/appeals",
    secret=SecretStr(SECRET),
    fields={"number": "appeal_no"},
    services={"ROAD-001": "77"},
    statuses={"Исполнено": "answered"},
)
WORK = Outgoing(
    Channel.REGISTRY,
    json.dumps({"organisation": "R-1"}),
    "№ 2026-000001",
    Language.RU,
    "appeal:1:forward:1",
    payload={"event": "forward", "number": "2026-000001", "service": "ROAD-001"},
)
Handler = Callable[[httpx.Request], httpx.Response]


def send(clock: MovedClock, handler: Handler) -> Receipt:
    async def work() -> Receipt:
        sender = RegistrySender(SETTINGS, clock, transport=httpx.MockTransport(handler))
        try:
            return await sender.send(WORK)
        finally:
            await sender.aclose()

    return asyncio.run(work())


def refusal(clock: MovedClock, handler: Handler) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        send(clock, handler)
    return caught.value


def test_a_message_is_signed_bears_its_key_and_speaks_the_registrys_words(clock: MovedClock) -> None:
    seen: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json={"id": 5, "number": "ЕР-55"})

    receipt = send(clock, take)

    (request,) = seen
    assert receipt == Receipt("5", {"number": "ЕР-55"})
    assert request.headers[IDEMPOTENCY] == "appeal:1:forward:1"
    assert request.headers[SIGNATURE] == sign(SECRET, request.content, clock.now())[SIGNATURE]
    said = json.loads(request.content)
    assert (said["appeal_no"], said["service"], said["to"]) == ("2026-000001", "77", "R-1")


def test_a_message_the_registry_has_already_is_sent(clock: MovedClock) -> None:
    receipt = send(clock, lambda request: httpx.Response(409, json={"number": "ЕР-55"}))

    assert receipt.details == {"number": "ЕР-55"}


@pytest.mark.parametrize(
    ("status", "permanent", "backoff"),
    [
        (400, True, Backoff.TRANSIENT),
        (422, True, Backoff.TRANSIENT),
        (401, False, Backoff.AUTH_LOST),
        (429, False, Backoff.RATE_LIMITED),
        (500, False, Backoff.TRANSIENT),
        (302, True, Backoff.TRANSIENT),
    ],
)
def test_a_refusal_says_whether_trying_again_helps(
    clock: MovedClock, status: int, permanent: bool, backoff: Backoff
) -> None:
    answer = httpx.Response(status, json={"error": "unknown service 77"}, headers={"retry-after": "30"})

    error = refusal(clock, lambda request: answer)

    assert (error.permanent, error.backoff) == (permanent, backoff)
    assert "unknown service 77" in str(error)
    assert error.retry_after == (timedelta(seconds=30) if status == 429 else None)


def test_an_answer_that_never_came_may_have_arrived_and_no_connection_has_not(clock: MovedClock) -> None:
    def broken(kind: type[httpx.TransportError]) -> Handler:
        def handle(request: httpx.Request) -> httpx.Response:
            raise kind("gone", request=request)

        return handle

    assert isinstance(refusal(clock, broken(httpx.ReadTimeout)), UnknownOutcomeError)
    assert not isinstance(refusal(clock, broken(httpx.ConnectError)), UnknownOutcomeError)


def test_only_what_is_signed_now_over_the_raw_bytes_is_read(clock: MovedClock) -> None:
    webhook, body = RegistryWebhook(SETTINGS, clock), '{"id": "1", "слово": "да"}'.encode()
    good = sign(SECRET, body, clock.now())

    webhook.verify(good, body)

    for headers, other in (
        (good, body + b" "),
        ({}, body),
        (sign("other", body, clock.now()), body),
        (sign(SECRET, body, clock.now() - timedelta(minutes=6)), body),
    ):
        with pytest.raises(SignatureError):
            webhook.verify(headers, other)


def test_what_the_registry_tells_is_read_with_its_status_and_files(clock: MovedClock) -> None:
    photo = base64.b64encode(b"photo").decode()
    said = {
        "id": 7,
        "external_number": "ЕР-55",
        "status": "Исполнено",
        "text": " Сделано ",
        "acted_on": "2026-11-20T10:00:00Z",
        "files": [{"name": "a.jpg", "content": photo}],
    }

    told = RegistryWebhook(SETTINGS, clock).read(json.dumps(said).encode())

    assert (told.key, told.number, told.is_external, told.event) == ("7", "ЕР-55", True, "answered")
    assert (told.text, told.acted_on, told.files) == ("Сделано", date(2026, 11, 20), (("a.jpg", b"photo"),))


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"id": 1, "number": "1", "status": "eaten"}',
        b'{"number": "1", "status": "answered"}',
        b'{"id": 1, "status": "answered"}',
        b'{"id": 1, "number": "1", "status": "answered", "acted_on": "yesterday"}',
        b'{"id": 1, "number": "1", "status": "answered", "files": [{"content": "%"}]}',
        b'{"id": 1, "number": "1", "status": "answered", "files": {"a": 1}}',
    ],
)
def test_what_is_not_as_described_is_refused_with_the_field(clock: MovedClock, body: bytes) -> None:
    with pytest.raises(PayloadError):
        RegistryWebhook(SETTINGS, clock).read(body)
