"""A delivery is read to its last entry; who wrote is known with and without a phone number."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.model import DeliveryState, DeliveryStatus, Message, Noted, Unreadable
from tests.collectors.whatsapp.deliveries import AT, CITIZEN, USER_ID, delivery, message, parse, value

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    [
        "type",
        "from",
        "id",
        "timestamp",
        "text",
        "image",
        "location",
        "contacts",
        "interactive",
        "edit",
        "context",
        "body",
    ]
)
KINDS = st.sampled_from(["text", "image", "location", "contacts", "interactive", "button", "edit", "revoke", "order"])
MESSAGES = st.lists(st.dictionaries(FIELDS, JSON | KINDS | st.just(AT), max_size=8), max_size=4)


def text(key: str, body: object = "Яма") -> dict[str, object]:
    return message("text", {"body": body}, id=key)


def status(name: str, **more: object) -> dict[str, object]:
    return {"id": "wamid.OUT", "status": name, "timestamp": AT, "recipient_id": CITIZEN, **more}


def test_all_entries_changes_and_messages_are_read() -> None:
    first = delivery(value(messages=[text("A"), text("B")]), value(statuses=[status("read")]))
    second = delivery(value(messages=[text("C")]))
    body = {**first, "entry": [first["entry"][0], second["entry"][0]]}  # type: ignore[index]

    incoming = parse(body)

    assert [item.key for item in incoming if isinstance(item, Message)] == ["A", "B", "C"]
    assert [item.state for item in incoming if isinstance(item, DeliveryStatus)] == [DeliveryState.READ]


def test_one_broken_message_leaves_the_ones_beside_it() -> None:
    broken = text("B", body=None)

    first, second, third = parse(delivery(value(messages=[text("A"), broken, text("C")])))

    assert isinstance(first, Message)
    assert second == Unreadable("entry[0].changes[0].messages[1]", "text.body is missing")
    assert isinstance(third, Message)


def test_a_citizen_without_a_phone_is_known_by_the_user_id() -> None:
    contacts = [{"profile": {"name": "Асель", "username": "asel_karatobe"}, "user_id": USER_ID}]
    unnumbered = {"from_user_id": USER_ID, "id": "A", "timestamp": AT, "type": "text", "text": {"body": "Яма"}}

    (incoming,) = parse(delivery(value(messages=[unnumbered], contacts=contacts)))

    assert isinstance(incoming, Message)
    assert (incoming.author.id, incoming.author.phone, incoming.author.aliases) == (USER_ID, "", ())
    assert (incoming.author.name, incoming.author.username) == ("Асель", "asel_karatobe")
    assert json.loads(incoming.reply_to) == {"recipient": USER_ID}


def test_a_citizen_with_both_is_the_user_id_with_the_number_as_alias_and_address() -> None:
    contacts = [{"profile": {"name": "Асель"}, "wa_id": CITIZEN, "user_id": USER_ID, "parent_user_id": "KZ.ENT.1"}]

    (incoming,) = parse(delivery(value(messages=[text("A")], contacts=contacts)))

    assert isinstance(incoming, Message)
    assert incoming.author.id == incoming.thread == USER_ID
    assert incoming.author.aliases == (CITIZEN, "KZ.ENT.1")
    assert incoming.author.phone == f"+{CITIZEN}"
    assert json.loads(incoming.reply_to) == {"to": CITIZEN}


def test_each_message_of_a_batch_has_its_own_author() -> None:
    contacts = [
        {"profile": {"name": "Асель"}, "wa_id": CITIZEN},
        {"profile": {"name": "Болат"}, "wa_id": "77015550202"},
    ]
    other = {**text("B"), "from": "77015550202"}

    incoming = parse(delivery(value(messages=[text("A"), other], contacts=contacts)))

    assert [item.author.name for item in incoming if isinstance(item, Message)] == ["Асель", "Болат"]


def test_a_stranger_among_several_contacts_gets_nobodys_name() -> None:
    contacts = [{"profile": {"name": "Асель"}, "wa_id": "1"}, {"profile": {"name": "Болат"}, "wa_id": "2"}]

    (incoming,) = parse(delivery(value(messages=[text("A")], contacts=contacts)))

    assert isinstance(incoming, Message)
    assert (incoming.author.id, incoming.author.name) == (CITIZEN, "")


def test_nobody_at_all_is_unreadable() -> None:
    anonymous = {"id": "A", "timestamp": AT, "type": "text", "text": {"body": "Яма"}}

    (incoming,) = parse(delivery(value(messages=[anonymous], contacts=[])))

    assert isinstance(incoming, Unreadable)


def test_a_group_is_a_thread_others_read_too() -> None:
    (incoming,) = parse(delivery(value(messages=[{**text("A"), "group_id": "G1"}])))

    assert isinstance(incoming, Message)
    assert (incoming.thread, incoming.author.id, incoming.is_public) == ("G1", CITIZEN, True)
    assert json.loads(incoming.reply_to) == {"group": "G1"}


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("sent", DeliveryState.SENT),
        ("delivered", DeliveryState.DELIVERED),
        ("read", DeliveryState.READ),
        ("played", DeliveryState.READ),
    ],
)
def test_a_delivery_status_finds_our_message(name: str, state: DeliveryState) -> None:
    incoming = parse(delivery(value(statuses=[status(name)])))

    assert incoming == (DeliveryStatus("wamid.OUT", state, datetime(2026, 11, 21, 22, 26, 40, tzinfo=UTC)),)


def test_a_failure_says_its_code_and_what_it_means() -> None:
    errors = [{"code": 131047, "title": "Re-engagement message"}]

    (incoming,) = parse(delivery(value(statuses=[status("failed", errors=errors)])))

    assert isinstance(incoming, DeliveryStatus)
    assert (incoming.state, incoming.code) == (DeliveryState.FAILED, "131047")
    assert "24 hours" in incoming.reason


def test_a_failure_with_an_unknown_code_keeps_the_platforms_title() -> None:
    (incoming,) = parse(delivery(value(statuses=[status("failed", errors=[{"code": 999999, "title": "New"}])])))

    assert isinstance(incoming, DeliveryStatus)
    assert (incoming.code, incoming.reason) == ("999999", "New")


def test_an_unknown_status_is_unreadable_and_a_harmless_one_noted() -> None:
    unknown, harmless = parse(delivery(value(statuses=[status("teleported"), status("accepted")])))

    assert isinstance(unknown, Unreadable)
    assert isinstance(harmless, Noted)


@pytest.mark.parametrize(
    ("code", "kind"), [(130429, Noted), (131052, Unreadable), (131051, Unreadable), (7, Unreadable)]
)
def test_an_error_of_the_account_is_shown_where_words_were_lost(code: int, kind: type) -> None:
    (incoming,) = parse(delivery(value(errors=[{"code": code, "title": "Error"}])))

    assert isinstance(incoming, kind)


def test_what_is_for_another_number_is_only_noted() -> None:
    assert parse(delivery(value(messages=[text("A")])), phone_number_id="999") == (
        Noted("for another number of the account"),
    )


def test_a_change_of_the_account_is_noted() -> None:
    (incoming,) = parse(delivery({"event": "APPROVED"}, field="message_template_status_update"))

    assert isinstance(incoming, Noted)


@pytest.mark.parametrize(
    "body",
    [
        *("", "{", "[]", "null", "9" * 5000, "[" * 100_000),
        {"object": "page", "entry": []},
        {"entry": [1]},
        {"object": "whatsapp_business_account", "entry": []},
        {"object": "whatsapp_business_account", "entry": "x"},
        {"object": "whatsapp_business_account", "entry": [None]},
        {"object": "whatsapp_business_account", "entry": [{"changes": [{}]}]},
    ],
)
def test_a_body_against_the_documentation_is_unreadable(body: object) -> None:
    incoming = parse(body)

    assert incoming
    assert all(isinstance(item, Unreadable) for item in incoming)


@given(JSON)
def test_any_json_is_read_without_raising(body: object) -> None:
    assert parse(json.dumps(body))


@given(MESSAGES, JSON)
def test_any_messages_are_read_without_raising_one_for_one(messages: list[object], contacts: object) -> None:
    incoming = parse(json.dumps(delivery(value(messages=messages, contacts=contacts))))

    assert len(incoming) == max(1, len(messages))


@given(st.text())
def test_any_text_is_read_without_raising(payload: str) -> None:
    assert parse(payload)
