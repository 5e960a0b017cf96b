"""The law of Meta's webhooks: signed raw bytes, at least once, in any order, several in one."""

import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

from intake109.demo.standin import City
from tests.demo.conftest import Hook, Received


def write(city: City, *texts: str) -> None:
    """Let a citizen write to WhatsApp."""
    for text in texts:
        city.act(channel="whatsapp", act="message", citizen="asel", text=text)


def messages(received: Received) -> list[dict[str, Any]]:
    """List the messages of a delivery, over all entries and changes."""
    body = json.loads(received.body)
    return [
        message
        for entry in body["entry"]
        for change in entry["changes"]
        for message in change["value"].get("messages", [])
    ]


def texts(received: Received) -> list[str]:
    """List the texts in a delivery."""
    return [message["text"]["body"] for message in messages(received)]


def test_the_handshake_must_echo_the_challenge(city: City, hook: Hook) -> None:
    hook.echo_challenge = False
    refused = city.subscribe("whatsapp", hook.url)
    hook.echo_challenge = True

    assert not refused
    assert city.subscribe("whatsapp", hook.url)


def test_the_signature_is_over_the_raw_escaped_bytes(city: City, hook: Hook) -> None:
    city.subscribe("whatsapp", hook.url)
    write(city, "Яма")

    received = hook.wait_for(1)[0]

    secret = city.world.ground.centre.app_secret.encode()
    expected = "sha256=" + hmac.new(secret, received.body, hashlib.sha256).hexdigest()
    assert received.headers["x-hub-signature-256"] == expected
    assert b"\\u042f\\u043c\\u0430" in received.body
    assert texts(received) == ["Яма"]


def test_a_delivery_is_repeated_byte_for_byte_until_200(city: City, hook: Hook) -> None:
    hook.statuses = [500, 404, 503]
    city.subscribe("whatsapp", hook.url)
    write(city, "Яма")

    received = hook.wait_for(4)

    assert len({one.body for one in received}) == 1
    entry = city.ledger()[0]
    assert entry["deliveries"] == 4


def test_duplicates_come_after_a_200_too(city: City, hook: Hook) -> None:
    city.act(channel="city", act="settings", duplicates=2)
    city.subscribe("whatsapp", hook.url)
    write(city, "Яма")

    assert len({one.body for one in hook.wait_for(3)}) == 1


def test_what_was_held_comes_newest_first_in_one_post_of_several_entries(city: City, hook: Hook) -> None:
    city.act(channel="city", act="settings", batch=10, shuffle=True)
    city.act(channel="city", act="hold", what="whatsapp")
    city.subscribe("whatsapp", hook.url)
    write(city, "1", "2", "3")

    city.act(channel="city", act="release", what="whatsapp")
    received = hook.wait_for(1)[0]

    assert texts(received) == ["3", "2", "1"]
    assert [len(entry["changes"]) for entry in json.loads(received.body)["entry"]] == [2, 1]


def test_who_hides_the_phone_is_known_by_the_bsuid_alone(city: City, hook: Hook) -> None:
    citizen = city.world.ground.people.citizen("hidden")
    assert citizen.whatsapp is not None
    nameless = replace(citizen, whatsapp=replace(citizen.whatsapp, phone=None))
    city.world.ground.people.citizens["hidden"] = nameless
    city.subscribe("whatsapp", hook.url)
    city.act(channel="whatsapp", act="message", citizen="hidden", text="Яма")

    received = hook.wait_for(1)[0]

    message = messages(received)[0]
    contact = json.loads(received.body)["entry"][0]["changes"][0]["value"]["contacts"][0]
    assert message["from_user_id"].startswith("KZ.")
    assert "from" not in message
    assert "wa_id" not in contact


def test_every_act_of_whatsapp_comes_as_its_own_type(city: City, hook: Hook) -> None:
    city.subscribe("whatsapp", hook.url)
    first = city.act(channel="whatsapp", act="message", citizen="asel", text="Яма")["key"]
    for fields in (
        {"act": "message", "media": ["pothole"]},
        {"act": "voice"},
        {"act": "video"},
        {"act": "document", "file_name": "акт.pdf"},
        {"act": "sticker"},
        {"act": "location", "location": [43.2, 76.9]},
        {"act": "contact", "contact": {"name": "Асель", "phone": "+7 701 000 00 00"}},
        {"act": "reaction", "react_to": first, "emoji": "👍"},
        {"act": "edit", "edit_of": first, "text": "Яма!"},
        {"act": "delete", "delete_of": first},
        {"act": "unsupported", "type": "poll"},
        {"act": "raw", "type": "order", "content": {"catalog_id": "1"}},
        {"act": "number_changed", "phone": "77019999999"},
    ):
        city.act(channel="whatsapp", citizen="asel", **fields)

    received = hook.wait_for(14)

    kinds = " ".join(message["type"] for one in received for message in messages(one))
    assert kinds == (
        "text image audio video document sticker location contacts reaction edit revoke unsupported order system"
    )


def test_instagram_tells_of_names_and_of_comments_under_own_posts_only(city: City, hook: Hook) -> None:
    city.subscribe("instagram", hook.url)
    city.act(channel="instagram", act="post", account="city_news", text="Новость", id="news")
    city.act(channel="instagram", act="post", account="city109", text="Сводка", id="own")
    city.act(channel="instagram", act="comment", citizen="asel", under="news", text="ужас")
    city.act(channel="instagram", act="comment", citizen="asel", under="news", text="@city109 яма тут же", id="named")
    city.act(channel="instagram", act="comment", citizen="asel", under="own", text="а у нас?")
    city.act(channel="instagram", act="dm", citizen="asel", text="здравствуйте")

    received = [json.loads(one.body)["entry"][0] for one in hook.wait_for(3)]

    assert [entry["changes"][0]["field"] for entry in received[:2]] == ["mentions", "comments"]
    assert set(received[0]["changes"][0]["value"]) == {"media_id", "comment_id"}
    assert received[1]["changes"][0]["value"]["text"] == "а у нас?"
    assert received[2]["messaging"][0]["message"]["text"] == "здравствуйте"
