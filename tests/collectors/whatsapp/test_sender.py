"""What goes out is what the Cloud API documents; what comes back decides by its code."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import httpx
import pytest
from pydantic import SecretStr

from intake109.collectors.base import Sender
from intake109.collectors.whatsapp import WhatsappSender
from intake109.config import Whatsapp
from intake109.errors import ChannelError, UnknownOutcomeError
from intake109.model import Button, Channel, Language, Outgoing, Receipt

CONFIG = Whatsapp(
    graph_url="https://graph.example", phone_number_id="106540352242922", access_token=SecretStr("secret-token")
)
MESSAGE = Outgoing(
    channel=Channel.WHATSAPP,
    to='{"to": "77015550101"}',
    text="Принято, № 2026-000001",
    language=Language.RU,
    idempotency_key="outbox-7",
)
TAKEN = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": "77015550101", "wa_id": "77015550101"}],
    "messages": [{"id": "wamid.OUT", "message_status": "accepted"}],
}


class Meta:
    """Takes or refuses a message and keeps what was asked."""

    def __init__(self, status: int = 200, answer: object = TAKEN) -> None:
        self.requests: list[httpx.Request] = []
        self._status, self._answer = status, answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self._status, json=self._answer)

    @property
    def body(self) -> dict[str, object]:
        (request,) = self.requests
        found = json.loads(request.content)
        assert isinstance(found, dict)
        return found


def send(message: Outgoing, meta: Meta, config: Whatsapp = CONFIG) -> Receipt:
    async def once() -> Receipt:
        sender: Sender = WhatsappSender(config, transport=httpx.MockTransport(meta))
        return await sender.send(message)

    return asyncio.run(once())


def rejected(message: Outgoing) -> ChannelError:
    meta = Meta()
    with pytest.raises(ChannelError) as caught:
        send(message, meta)
    assert not meta.requests
    return caught.value


def test_a_text_goes_out_with_its_key_and_comes_back_with_an_id() -> None:
    meta = Meta()

    receipt = send(MESSAGE, meta)

    assert str(meta.requests[0].url) == "https://graph.example/v23.0/106540352242922/messages"
    assert meta.requests[0].headers["authorization"] == "Bearer secret-token"
    assert meta.body == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "77015550101",
        "biz_opaque_callback_data": "outbox-7",
        "type": "text",
        "text": {"preview_url": False, "body": "Принято, № 2026-000001"},
    }
    assert receipt == Receipt("wamid.OUT", {"message_status": "accepted", "wa_id": "77015550101"})


def test_a_citizen_without_a_number_is_written_to_in_the_field_for_user_ids() -> None:
    meta = Meta()

    send(replace(MESSAGE, to='{"recipient": "KZ.1349"}'), meta)

    assert meta.body["recipient"] == "KZ.1349"
    assert meta.body["recipient_type"] == "individual"
    assert "to" not in meta.body


def test_a_key_longer_than_the_platform_keeps_is_cut() -> None:
    meta = Meta()

    send(replace(MESSAGE, idempotency_key="k" * 600), meta)

    assert meta.body["biz_opaque_callback_data"] == "k" * 512


def test_a_group_is_written_to_as_a_group() -> None:
    meta = Meta()

    send(replace(MESSAGE, to='{"group": "G1"}'), meta)

    assert (meta.body["recipient_type"], meta.body["to"]) == ("group", "G1")


@pytest.mark.parametrize("to", ["", "77015550101", "[]", "{}", '{"to": ""}', '{"to": 7}'])
def test_an_address_that_cannot_be_read_goes_to_a_person(to: str) -> None:
    assert rejected(replace(MESSAGE, to=to)).permanent


def test_up_to_three_short_choices_are_buttons() -> None:
    meta = Meta()
    choices = (Button("Да, всё сделано", "csat:1"), Button("Нет", "csat:0"))

    send(replace(MESSAGE, buttons=choices), meta)

    assert meta.body["type"] == "interactive"
    assert meta.body["interactive"] == {
        "type": "button",
        "body": {"text": MESSAGE.text},
        "action": {
            "buttons": [
                {"type": "reply", "reply": {"id": "csat:1", "title": "Да, всё сделано"}},
                {"type": "reply", "reply": {"id": "csat:0", "title": "Нет"}},
            ]
        },
    }


def test_a_label_of_exactly_twenty_is_still_a_button_and_one_more_makes_a_list() -> None:
    button, row = Meta(), Meta()

    send(replace(MESSAGE, buttons=(Button("я" * 20, "1"),)), button)
    send(replace(MESSAGE, buttons=(Button("я" * 21, "1"),)), row)

    assert '"button"' in json.dumps(button.body["interactive"])
    assert '"list"' in json.dumps(row.body["interactive"])


def test_four_choices_are_a_list_in_the_citizens_language() -> None:
    meta = Meta()
    choices = tuple(Button(f"Көше {n}", f"street:{n}") for n in range(4))

    send(replace(MESSAGE, buttons=choices, language=Language.KK), meta)

    assert meta.body["interactive"] == {
        "type": "list",
        "body": {"text": MESSAGE.text},
        "action": {
            "button": "Таңдау",
            "sections": [{"rows": [{"id": f"street:{n}", "title": f"Көше {n}"} for n in range(4)]}],
        },
    }


def test_a_long_label_is_cut_in_the_title_and_whole_beneath() -> None:
    meta = Meta()
    label = "Уличное освещение не работает"

    send(replace(MESSAGE, buttons=(Button(label, "1"),)), meta)

    (row,) = meta.body["interactive"]["action"]["sections"][0]["rows"]  # type: ignore[index]
    assert row == {"id": "1", "title": "Уличное освещение не ра…", "description": label}
    assert len(row["title"]) == 24


@pytest.mark.parametrize(
    "buttons",
    [
        tuple(Button(str(n), str(n)) for n in range(11)),
        (Button("", "1"),),
        (Button("Да", ""),),
        (Button("Да", "x" * 257),),
    ],
)
def test_choices_the_platform_would_refuse_are_not_sent(buttons: tuple[Button, ...]) -> None:
    assert rejected(replace(MESSAGE, buttons=buttons)).code == "choices"


@pytest.mark.parametrize("text", ["", "  ", "я" * 4097])
def test_a_text_the_platform_would_refuse_is_not_sent(text: str) -> None:
    assert rejected(replace(MESSAGE, text=text)).code == "length"


def test_the_longest_text_is_sent_whole() -> None:
    meta = Meta()

    send(replace(MESSAGE, text="я" * 4096), meta)

    assert meta.body["text"] == {"preview_url": False, "body": "я" * 4096}


@pytest.mark.parametrize(
    ("language", "code"), [(Language.KK, "kk"), (Language.RU, "ru"), (Language.MIXED, "ru"), (Language.EN, "en")]
)
def test_outside_the_window_a_template_goes_in_the_citizens_language(language: Language, code: str) -> None:
    meta = Meta()
    message = replace(
        MESSAGE,
        language=language,
        must_use_template=True,
        template="received",
        parameters=("2026-000001", "a\n\t  b", ""),
    )

    send(message, meta)

    assert meta.body["type"] == "template"
    assert meta.body["template"] == {
        "name": "received",
        "language": {"code": code},
        "components": [
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "text": "2026-000001"},
                    {"type": "text", "text": "a b"},
                    {"type": "text", "text": "—"},
                ],
            }
        ],
    }
    assert "text" not in meta.body


def test_the_configured_template_is_used_where_the_message_names_none() -> None:
    meta = Meta()

    send(replace(MESSAGE, must_use_template=True), meta)

    assert meta.body["template"] == {"name": "appeal_update", "language": {"code": "ru"}}


def test_no_template_at_all_goes_to_a_person() -> None:
    without = CONFIG.model_copy(update={"template": ""})

    with pytest.raises(ChannelError) as caught:
        send(replace(MESSAGE, must_use_template=True), Meta(), without)

    assert (caught.value.permanent, caught.value.code) == (True, "template")


@pytest.mark.parametrize("answer", [{}, {"messages": []}, {"messages": [{"id": ""}]}, {"messages": "x"}])
def test_a_success_without_an_id_may_have_arrived(answer: object) -> None:
    with pytest.raises(UnknownOutcomeError):
        send(MESSAGE, Meta(answer=answer))


def test_a_templates_quick_replies_send_back_what_we_gave_them() -> None:
    meta = Meta()
    choices = (Button("Да", "solved:7:2:yes"), Button("Нет", "solved:7:2:no"))

    send(
        replace(MESSAGE, template="solved", parameters=("Решено?",), template_buttons=choices, must_use_template=True),
        meta,
    )

    assert meta.body["template"] == {
        "name": "solved",
        "language": {"code": "ru"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Решено?"}]},
            *(
                {
                    "type": "button",
                    "sub_type": "quick_reply",
                    "index": str(at),
                    "parameters": [{"type": "payload", "payload": one.data}],
                }
                for at, one in enumerate(choices)
            ),
        ],
    }


def test_data_longer_than_a_templates_button_takes_is_refused() -> None:
    long = (Button("Да", "s" * 129),)

    assert rejected(replace(MESSAGE, template="solved", template_buttons=long, must_use_template=True)).permanent
