"""Telegram calling us."""

from __future__ import annotations

import json

import pytest
from pydantic import SecretStr

from intake109 import config
from intake109.collectors.telegram.updates import event_of
from intake109.collectors.telegram.webhook import TelegramWebhook, use_webhook
from intake109.errors import ChannelError, SignatureError
from tests.collectors.telegram.bot_api import TOKEN, bot_api, no, ok
from tests.collectors.telegram.build import update

pytestmark = pytest.mark.anyio


def webhook(secret: str = "s3cret") -> TelegramWebhook:
    return TelegramWebhook(config.Telegram(token=SecretStr(TOKEN), webhook_secret=SecretStr(secret)))


@pytest.mark.parametrize("name", ["x-telegram-bot-api-secret-token", "X-Telegram-Bot-Api-Secret-Token"])
async def test_who_knows_the_secret_is_let_in(name: str) -> None:
    webhook().verify({name: "s3cret"}, b"{}")


@pytest.mark.parametrize("headers", [{}, {"x-telegram-bot-api-secret-token": "s3cre"}, {"x-other": "s3cret"}])
async def test_who_does_not_is_kept_out(headers: dict[str, str]) -> None:
    with pytest.raises(SignatureError):
        webhook().verify(headers, b"{}")


async def test_without_a_secret_nobody_is_let_in() -> None:
    with pytest.raises(SignatureError):
        webhook("").verify({"x-telegram-bot-api-secret-token": ""}, b"{}")


async def test_an_update_is_the_same_event_whichever_way_it_comes() -> None:
    content = update(text="яма, Абая 10 🕳")
    body = json.dumps(content, indent=1).encode()

    (pushed,) = webhook().events(body)

    polled = event_of(content, "telegram.poll")
    assert (pushed.key, pushed.version, pushed.payload) == (polled.key, polled.version, polled.payload)
    assert pushed.source == "telegram.webhook"


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe\x00", b"[" * 100_000])
async def test_a_body_that_is_no_json_is_kept_under_its_digest(body: bytes) -> None:
    (event,) = webhook().events(body)
    (again,) = webhook().events(body)

    assert event == again
    assert len(event.key) == 32
    assert "\x00" not in event.payload


async def test_json_that_is_no_update_is_kept_too() -> None:
    (event,) = webhook().events(b"[1, 2]")

    assert (len(event.key), event.payload) == (32, "[1, 2]")


async def test_the_webhook_is_set_with_secret_and_kinds() -> None:
    async with bot_api(setWebhook=ok(True)) as api:
        await use_webhook(api.settings(webhook_secret="s3cret"), "https://109.example.kz/")

    (form,) = api.forms("setWebhook")
    assert (form["url"], form["secret_token"]) == ("https://109.example.kz/webhooks/telegram", "s3cret")
    assert "message" in json.loads(form["allowed_updates"])
    assert form["drop_pending_updates"] == "false"


async def test_a_secret_telegram_would_refuse_is_named_before_it_is_sent() -> None:
    async with bot_api(setWebhook=ok(True)) as api:
        with pytest.raises(ChannelError, match="INTAKE109_TELEGRAM_WEBHOOK_SECRET") as caught:
            await use_webhook(api.settings(webhook_secret="пароль 1"), "https://109.example.kz")

    assert (caught.value.permanent, api.asked) == (True, [])


async def test_a_refused_webhook_is_an_error() -> None:
    async with bot_api(setWebhook=no(400, "Bad Request: bad webhook: HTTPS url must be provided")) as api:
        with pytest.raises(ChannelError, match="HTTPS"):
            await use_webhook(api.settings(webhook_secret="s3cret"), "http://109.example.kz")
