"""The demo city's registry and the product speak with each other as docs/executors.md says."""

from __future__ import annotations

import asyncio
import json

import httpx
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


def test_what_it_was_given_in_an_earlier_life_and_what_comes_again_are_answered_apart(city: City, hook: Hook) -> None:
    city.world.registry.pauses = (0.01, 0.01)
    city.world.registry.callback = hook.url
    known = {"appeals": [{"number": "2026-000001", "is_incident": True}]}

    httpx.post(f"{city.url}/registry/known", json=known, trust_env=False).raise_for_status()
    hook.wait_for(2)
    send(city, "a")

    posted = [json.loads(one.body) for one in hook.wait_for(4)]
    assert [one["status"] for one in posted] == ["in_work", "answered"] * 2
    assert len({one["id"] for one in posted}) == 4


def test_of_what_is_ordinary_every_sixth_is_given_back_and_every_fourth_answered_with_empty_words(
    city: City, hook: Hook
) -> None:
    city.world.registry.pauses = (0.0, 0.01)
    city.world.registry.callback = hook.url

    for key in "abcdef":
        send(city, key)

    posted = [json.loads(one.body) for one in hook.wait_for(11)]
    assert sum(one["status"] == "returned" for one in posted) == 1
    assert sum(one["status"] == "answered" and "files" not in one for one in posted) == 1
