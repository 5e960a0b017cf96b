"""Pictures follow the question; the question never waits for them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake109.model import Button, Channel, Enclosure, Language, Outgoing, Receipt
from tests.collectors.telegram.bot_api import bot_api, no, ok
from tests.collectors.telegram.test_sender import SENT, send

pytestmark = pytest.mark.anyio

TO = '{"chat_id": 501, "message_id": 7, "thread_id": 5}'
PHOTO = Enclosure("1.jpeg", "image/jpeg", b"0" * 99)
YES = Button("Да", "solved:1:1:yes")
QUESTION = Outgoing(Channel.TELEGRAM, TO, "Решено?", Language.RU, "k", (YES,), photos=(PHOTO,))


async def test_one_picture_follows_the_question_into_its_thread() -> None:
    async with bot_api(sendMessage=SENT, sendPhoto=SENT) as api:
        receipt = await send(api, QUESTION)

    (form,) = api.forms("sendPhoto")
    assert receipt == Receipt("501:70", {"photos": "1"})
    assert "solved:1:1:yes" in str(api.forms("sendMessage")[0])
    assert "501" in str(form)
    assert "1.jpeg" in str(form)


async def test_several_pictures_are_one_album() -> None:
    async with bot_api(sendMessage=SENT, sendMediaGroup=ok([])) as api:
        receipt = await send(api, replace(QUESTION, photos=(PHOTO, PHOTO, PHOTO)))

    assert receipt.details == {"photos": "3"}
    assert str(api.forms("sendMediaGroup")[0]).count("attach://") == 3


async def test_what_telegram_does_not_take_is_left_out() -> None:
    heavy = replace(PHOTO, content=b"0" * (10 * 2**20 + 1))
    odd = replace(PHOTO, mime="image/gif")
    async with bot_api(sendMessage=SENT) as api:
        receipt = await send(api, replace(QUESTION, photos=(heavy, odd)))

    assert receipt.details == {"photos": "0"}


@pytest.mark.parametrize("answer", [no(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"), no(429, "Too Many Requests")])
async def test_a_picture_that_fails_leaves_the_question_sent(answer: object) -> None:
    async with bot_api(sendMessage=SENT, sendPhoto=answer) as api:  # type: ignore[arg-type]
        receipt = await send(api, QUESTION)

    assert receipt == Receipt("501:70", {"photos": "0"})
