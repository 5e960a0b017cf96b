"""Only the site that holds the secret is heard, and only in time; every body is kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from intake109.clock import MovedClock
from intake109.collectors.website import WebsiteParser, WebsiteWebhook, sign
from intake109.config import Website
from intake109.errors import SignatureError
from intake109.model import Channel, Message, Unreadable

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
BODY = json.dumps(
    {"id": "7", "text": "Жарық жоқ", "consent": True, "created_at": "2026-11-22T15:00:00+05:00"}, ensure_ascii=False
).encode()


def webhook(secret: str = "site-secret") -> WebsiteWebhook:
    return WebsiteWebhook(Website(secret=SecretStr(secret)), MovedClock(NOW))


def test_a_right_signature_passes() -> None:
    webhook().verify(sign("site-secret", BODY, NOW), BODY)


def test_the_signature_is_the_hmac_of_second_dot_body() -> None:
    headers = sign("site-secret", b'{"id":"1"}', datetime(2026, 11, 22, 10, 0, tzinfo=UTC))

    assert headers == {
        "x-intake109-timestamp": "1795341600",
        "x-intake109-signature": "sha256=18790cc3c99e76c474005d07605c1b3e96530874d9cd19ee719582cb151a0859",
    }


@pytest.mark.parametrize("off", [timedelta(minutes=5), timedelta(minutes=-5)])
def test_exactly_five_minutes_off_is_still_taken(off: timedelta) -> None:
    webhook().verify(sign("site-secret", BODY, NOW + off), BODY)


@pytest.mark.parametrize("off", [timedelta(minutes=5, seconds=1), timedelta(minutes=-5, seconds=-1), timedelta(days=1)])
def test_an_old_or_early_signature_is_refused(off: timedelta) -> None:
    with pytest.raises(SignatureError, match="five minutes"):
        webhook().verify(sign("site-secret", BODY, NOW + off), BODY)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        sign("another", BODY, NOW),
        sign("site-secret", BODY + b" ", NOW),
        {**sign("site-secret", BODY, NOW), "x-intake109-timestamp": str(int(NOW.timestamp()) + 1)},
        {**sign("site-secret", BODY, NOW), "x-intake109-timestamp": "сейчас"},
        {**sign("site-secret", BODY, NOW), "x-intake109-signature": "қолтаңба"},
        {"x-intake109-timestamp": "1795341600"},
    ],
)
def test_a_wrong_signature_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(SignatureError):
        webhook().verify(headers, BODY)


def test_no_secret_means_nobody_passes() -> None:
    with pytest.raises(SignatureError):
        webhook("").verify(sign("", BODY, NOW), BODY)


def test_an_event_is_keyed_by_the_sites_id() -> None:
    (event,) = webhook().events(BODY)

    assert (event.channel, event.key, event.source) == (Channel.WEBSITE, "7", "website.json")
    assert event.payload.encode() == BODY
    assert isinstance(WebsiteParser()(event)[0], Message)


def test_the_same_id_with_other_words_is_not_a_repeat() -> None:
    (first,), (again,), (other,) = (webhook().events(body) for body in (BODY, BODY, BODY.replace("жоқ".encode(), b"!")))

    assert first == again
    assert first.key == other.key
    assert first.version != other.version


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[1]", b'{"id": null}', b"\x00"])
def test_a_body_against_the_documentation_is_kept_and_unreadable(body: bytes) -> None:
    (event,) = webhook().events(body)

    assert event.key
    assert isinstance(WebsiteParser()(event)[0], Unreadable)
