"""The demo city's registry and the product speak with each other as docs/executors.md says."""

from __future__ import annotations

import asyncio
import json

import pytest
from pydantic import SecretStr

from intake109.clock import SystemClock
from intake109.collectors.registry import RegistrySender, RegistryWebhook
from intake109.config import Registry
from intake109.demo.standin import City
from intake109.demo.standin.registry import SECRET
from intake109.errors import ChannelError
from intake109.model import Channel, Language, Outgoing, Receipt
from tests.demo.conftest import Hook


def send(city: City, key: str, secret: str = SECRET) -> Receipt:
    settings = Registry(url=f"{city.url}/registry/appeals", secret=SecretStr(secret))
    payload: dict[str, object] = {"event": "forward", "number": "2026-000001"}
    to = json.dumps({"organisation": "gorsvet"})
    message = Outgoing(Channel.REGISTRY, to, "№ 2026-000001", Language.RU, key, payload=payload)

    async def work() -> Receipt:
        sender = RegistrySender(settings, SystemClock())
        try:
            return await sender.send(message)
        finally:
            await sender.aclose()

    return asyncio.run(work())


def test_what_is_sent_twice_gets_one_number(city: City) -> None:
    first, second, other = send(city, "a"), send(city, "a"), send(city, "b")

    assert first == second
    assert first.details["number"] != other.details["number"]


def test_a_wrong_secret_is_refused(city: City) -> None:
    with pytest.raises(ChannelError) as caught:
        send(city, "a", "other")

    assert caught.value.code == "401"


def test_it_begins_and_answers_signed_with_a_photo(city: City, hook: Hook) -> None:
    city.world.registry.pauses = (0.01, 0.01)
    city.world.registry.callback = hook.url
    webhook = RegistryWebhook(Registry(url=city.url, secret=SecretStr(SECRET)), SystemClock())

    send(city, "a")

    posted = hook.wait_for(2)
    for one in posted:
        webhook.verify(one.headers, one.body)
    told = [webhook.read(one.body) for one in posted]
    assert [one.event for one in told] == ["in_work", "answered"]
    assert {one.number for one in told} == {"2026-000001"}
    assert told[1].files[0][1].startswith(b"\xff\xd8\xff")
