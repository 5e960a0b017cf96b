"""The handshake, the signature over raw bytes, and an event for every body."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from pydantic import SecretStr

from intake109.collectors.whatsapp import WhatsappParser, WhatsappWebhook
from intake109.config import Whatsapp
from intake109.errors import SignatureError
from intake109.model import Message, Unreadable
from tests.collectors.whatsapp.deliveries import OURS, delivery, message, value

CONFIG = Whatsapp(phone_number_id=OURS, app_secret=SecretStr("app-secret"), verify_token=SecretStr("verify-me"))
WEBHOOK = WhatsappWebhook(CONFIG)
BODY = delivery(value(messages=[message("text", {"body": "Қар тазаланбаған"})]))
PLAIN = json.dumps(BODY, ensure_ascii=False).encode()
ESCAPED = json.dumps(BODY).encode()


def signed(body: bytes, secret: str = "app-secret") -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


@pytest.mark.parametrize("body", [PLAIN, ESCAPED, b"", b"\xff\x00"])
def test_a_right_signature_over_the_raw_bytes_passes(body: bytes) -> None:
    WEBHOOK.verify(signed(body), body)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-hub-signature-256": ""},
        {"x-hub-signature-256": "sha256="},
        {"x-hub-signature-256": "sha1=abc"},
        {"x-hub-signature-256": "sha256=ключ"},
        signed(ESCAPED),
        signed(PLAIN, secret="another"),
    ],
)
def test_a_wrong_signature_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(SignatureError):
        WEBHOOK.verify(headers, PLAIN)


def test_no_secret_means_nobody_passes() -> None:
    with pytest.raises(SignatureError):
        WhatsappWebhook(Whatsapp()).verify(signed(PLAIN, secret=""), PLAIN)


@pytest.mark.parametrize("body", [PLAIN, ESCAPED])
def test_escaped_and_plain_letters_say_the_same(body: bytes) -> None:
    (event,) = WEBHOOK.events(body)

    (incoming,) = WhatsappParser(OURS)(event)

    assert isinstance(incoming, Message)
    assert incoming.text == "Қар тазаланбаған"
    assert event.payload.encode() == body


def test_a_redelivery_has_the_same_key_and_another_body_another() -> None:
    first, again, other = (WEBHOOK.events(body)[0] for body in (PLAIN, PLAIN, ESCAPED))

    assert first == again
    assert first.key != other.key
    assert (first.channel, first.source) == ("whatsapp", "whatsapp.webhook")


@pytest.mark.parametrize("body", [b"\xff\xfe{}", b'{"a": "\x00"}', "Яма".encode("cp1251"), b"", b"not json"])
def test_a_body_that_is_no_json_is_still_an_event_and_unreadable(body: bytes) -> None:
    (event,) = WEBHOOK.events(body)

    (incoming,) = WhatsappParser(OURS)(event)

    assert isinstance(incoming, Unreadable)
    assert "\x00" not in event.payload


def test_bytes_in_another_coding_are_kept_to_the_last_bit() -> None:
    body = b"\xff\x00" + "Яма".encode("cp1251")

    (event,) = WEBHOOK.events(body)

    assert base64.b64decode(json.loads(event.payload)["raw_base64"]) == body


def test_the_handshake_returns_the_challenge() -> None:
    params = {"hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "1158201444"}

    assert WEBHOOK.handshake(params) == "1158201444"


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"hub.mode": "subscribe", "hub.verify_token": "wrong", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.verify_token": "қате", "hub.challenge": "1"},
        {"hub.mode": "unsubscribe", "hub.verify_token": "verify-me", "hub.challenge": "1"},
    ],
)
def test_a_wrong_handshake_is_refused(params: dict[str, str]) -> None:
    with pytest.raises(SignatureError):
        WEBHOOK.handshake(params)


def test_no_verify_token_means_no_handshake() -> None:
    with pytest.raises(SignatureError):
        WhatsappWebhook(Whatsapp()).handshake({"hub.mode": "subscribe", "hub.verify_token": ""})
