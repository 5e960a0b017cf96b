"""Only Meta, with our secret, over the raw bytes."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from intake109.collectors.base import Webhook
from intake109.collectors.instagram_graph import InstagramWebhook
from intake109.errors import SignatureError
from tests.collectors.instagram_graph.city import CONFIG, direct, parse_message

BODY = json.dumps(direct(text="Нет света"), ensure_ascii=False).encode()


def signed(body: bytes, secret: str = "app-secret") -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def test_a_body_signed_with_our_secret_becomes_one_event_that_says_what_was_written() -> None:
    webhook: Webhook = InstagramWebhook(CONFIG)

    webhook.verify(signed(BODY), BODY)
    (event,) = webhook.events(BODY)

    assert (event.source, event.payload) == ("instagram.webhook", BODY.decode())
    assert parse_message(event.payload).text == "Нет света"


def test_json_written_anew_does_not_pass_for_the_same_body() -> None:
    rewritten = json.dumps(json.loads(BODY)).encode()

    with pytest.raises(SignatureError):
        InstagramWebhook(CONFIG).verify(signed(BODY), rewritten)


def test_another_apps_secret_does_not_pass() -> None:
    with pytest.raises(SignatureError):
        InstagramWebhook(CONFIG).verify(signed(BODY, "other"), BODY)


def test_a_redelivery_has_the_same_key() -> None:
    webhook = InstagramWebhook(CONFIG)

    assert webhook.events(BODY) == webhook.events(BODY)
    assert webhook.events(BODY)[0].key != webhook.events(BODY + b" ")[0].key


def test_the_handshake_gives_the_challenge_back() -> None:
    params = {"hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "1158201444"}

    assert InstagramWebhook(CONFIG).handshake(params) == "1158201444"


@pytest.mark.parametrize("wrong", [{"hub.verify_token": "guess"}, {"hub.mode": "unsubscribe"}])
def test_a_stranger_gets_no_challenge(wrong: dict[str, str]) -> None:
    params = {"hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "1"} | wrong

    with pytest.raises(SignatureError):
        InstagramWebhook(CONFIG).handshake(params)
