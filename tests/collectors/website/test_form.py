"""The form keeps robots out and lets people through; what it sends is read like the site's own."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.collectors.website import (
    HONEYPOT,
    FormPhoto,
    FormRefusal,
    FormRefusedError,
    FormSubmission,
    SlidingWindow,
    WebsiteParser,
    address_key,
    check_form_token,
    check_honeypot,
    events_from_form,
    form_token,
    sign,
)
from intake109.collectors.website.parser import PHOTO_LIMIT_BYTES
from intake109.model import Message

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
LEAST = timedelta(seconds=3)
FORM = FormSubmission(token="t", text="Яма", consent=True, language="ru", phone="87015550101", latitude="51.1")


def refused_token(token: str, now: datetime, secret: str = "secret") -> FormRefusal:
    with pytest.raises(FormRefusedError) as caught:
        check_form_token(secret, token, now, LEAST)
    return caught.value.why


def refused_form(form: FormSubmission) -> tuple[str, FormRefusal]:
    with pytest.raises(FormRefusedError) as caught:
        events_from_form(form, NOW)
    return caught.value.field, caught.value.why


@pytest.mark.parametrize("age", [LEAST, timedelta(minutes=5), timedelta(hours=2)])
def test_a_form_filled_in_human_time_is_taken(age: timedelta) -> None:
    check_form_token("secret", form_token("secret", NOW), NOW + age, LEAST)


def test_a_form_filled_quicker_than_a_person_writes_is_refused() -> None:
    assert refused_token(form_token("secret", NOW), NOW + timedelta(seconds=2)) is FormRefusal.TOO_QUICK


def test_a_form_shown_in_the_future_is_refused() -> None:
    assert refused_token(form_token("secret", NOW + timedelta(hours=1)), NOW) is FormRefusal.TOO_QUICK


def test_a_form_older_than_two_hours_is_refused() -> None:
    assert refused_token(form_token("secret", NOW), NOW + timedelta(hours=2, seconds=1)) is FormRefusal.TOO_OLD


def test_a_token_somebody_else_made_or_moved_is_refused() -> None:
    token = form_token("secret", NOW)
    second, nonce, mark = token.split(".")
    moved = f"{int(second) + 60}.{nonce}.{mark}"

    for forged in (form_token("another", NOW), moved, token[:-1], "", ".", "a.b.c", "қате"):
        assert refused_token(forged, NOW + timedelta(minutes=1)) is FormRefusal.FORGED


def test_a_signature_of_the_json_endpoint_is_no_token() -> None:
    headers = sign("secret", b"nonce", NOW)
    token = f"{headers['x-intake109-timestamp']}.nonce.{headers['x-intake109-signature'].removeprefix('sha256=')}"

    assert refused_token(token, NOW + timedelta(minutes=1)) is FormRefusal.FORGED


def test_without_a_secret_no_form_is_taken() -> None:
    assert refused_token(form_token("", NOW), NOW + timedelta(minutes=1), secret="") is FormRefusal.FORGED


def test_a_filled_hidden_field_is_a_robots() -> None:
    with pytest.raises(FormRefusedError) as caught:
        check_honeypot({HONEYPOT: "x"})

    assert caught.value.why is FormRefusal.ROBOT
    check_honeypot({HONEYPOT: " "})
    check_honeypot({})


def test_a_form_is_read_like_the_sites_own_submission() -> None:
    form = replace(
        FORM, name="Болат", address="Абая 10", longitude="71.4", photos=(FormPhoto(b"\xff\xd8", "image/jpeg"),)
    )

    (event,) = events_from_form(form, NOW)
    (message,) = WebsiteParser()(event)

    assert event.source == "website.form"
    assert isinstance(message, Message)
    assert (message.text, message.mentioned_at) == ("Яма\nАбая 10", NOW)
    assert (message.author.name, message.author.phone) == ("Болат", "+77015550101")
    assert message.point is not None
    assert json.loads(message.attachments[0].reference) == {"data": "/9g="}


def test_the_same_form_sent_twice_is_one_event() -> None:
    (first,), (again,) = events_from_form(FORM, NOW), events_from_form(FORM, NOW + timedelta(seconds=4))

    assert (first.key, first.version) == (again.key, again.version)


def test_the_same_words_from_another_form_are_another_event() -> None:
    (first,), (other,) = events_from_form(FORM, NOW), events_from_form(replace(FORM, token="u"), NOW)

    assert first.key != other.key


@pytest.mark.parametrize(
    ("form", "field", "why"),
    [
        (replace(FORM, consent=False), "consent", FormRefusal.NO_CONSENT),
        (replace(FORM, text="  "), "text", FormRefusal.EMPTY),
        (replace(FORM, text="я" * 8001), "text", FormRefusal.TOO_LONG),
        (replace(FORM, name="я" * 301), "name", FormRefusal.TOO_LONG),
        (replace(FORM, photos=(FormPhoto(b"1"),) * 11), "photos", FormRefusal.TOO_MANY_PHOTOS),
        (replace(FORM, photos=(FormPhoto(b"0" * (PHOTO_LIMIT_BYTES + 1)),)), "photos", FormRefusal.PHOTO_TOO_BIG),
    ],
)
def test_a_form_beyond_the_limits_is_refused_with_its_field(form: FormSubmission, field: str, why: FormRefusal) -> None:
    assert refused_form(form) == (field, why)


def test_a_photo_says_enough_without_words() -> None:
    assert events_from_form(replace(FORM, text="", photos=(FormPhoto(b"1"),)), NOW)


@given(st.text(max_size=100).filter(str.strip), st.text(max_size=20), st.text(max_size=20))
def test_whatever_a_citizen_types_becomes_a_message(text: str, name: str, phone: str) -> None:
    (event,) = events_from_form(replace(FORM, text=text, name=name, phone=phone), NOW)

    assert isinstance(WebsiteParser()(event)[0], Message)


def test_an_address_may_send_so_often_within_an_hour_and_no_more() -> None:
    limiter = SlidingWindow(2, timedelta(hours=1))

    waits = [limiter.take("a", NOW + timedelta(minutes=minute)) for minute in (0, 10, 20, 59, 60, 61, 70)]

    assert waits == [timedelta(minutes=minutes) for minutes in (0, 0, 40, 1, 0, 9, 0)]


def test_one_address_does_not_use_up_anothers_share() -> None:
    limiter = SlidingWindow(1, timedelta(hours=1))

    assert limiter.take("a", NOW) == limiter.take("b", NOW) == timedelta(0)


def test_a_flood_of_addresses_does_not_fill_the_memory_and_forgets_the_idlest() -> None:
    limiter = SlidingWindow(1, timedelta(hours=1), most_keys=2)

    for key in ("a", "b", "a", "c"):
        limiter.take(key, NOW)

    assert limiter.take("a", NOW) > timedelta(0)
    assert limiter.take("b", NOW) == timedelta(0)


def test_an_address_is_counted_without_being_kept() -> None:
    key = address_key("secret", "203.0.113.7")

    assert "203" not in key or "113" not in key
    assert key == address_key("secret", "::ffff:203.0.113.7")
    assert key != address_key("secret", "203.0.113.8")
    assert key != address_key("another", "203.0.113.7")


def test_a_whole_ipv6_network_is_one_caller() -> None:
    assert address_key("s", "2001:db8::1") == address_key("s", "2001:db8::ffff:1")
    assert address_key("s", "2001:db8::1") != address_key("s", "2001:db8:0:1::1")
    assert address_key("s", "no address") != address_key("s", "")
