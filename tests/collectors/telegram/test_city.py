"""The whole channel against the demo city, which was written from Telegram's documentation and not from our code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from intake109 import config
from intake109.collectors.telegram.media import TelegramMedia
from intake109.collectors.telegram.parser import TelegramParser
from intake109.collectors.telegram.poller import TelegramPoller
from intake109.collectors.telegram.sender import TelegramSender
from intake109.collectors.telegram.webhook import use_webhook
from intake109.demo.standin import City, serve
from intake109.errors import UnreachableError
from intake109.model import Button, Channel, Incoming, Language, Message, Outgoing, Press, Reachability

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture
def city() -> Iterator[City]:
    with serve() as running:
        yield running


def settings(city: City) -> config.Telegram:
    token = SecretStr(city.world.ground.centre.bot_token)
    return config.Telegram(token=token, base_url=city.url, long_poll_seconds=0, webhook_secret=SecretStr("s3cret"))


async def read(city: City) -> list[Incoming]:
    """Everything that waits, read and confirmed."""
    poller = TelegramPoller(settings(city))
    us, cursor, incoming = await poller.identify(), None, list[Incoming]()
    while (batch := await poller.poll(cursor, NOW)).events:
        cursor = batch.cursor
        for event in batch.events:
            incoming += TelegramParser(us.username, (), us.id)(event)
    await poller.close()
    return incoming


async def test_a_message_comes_in_and_an_answer_with_a_button_goes_back(city: City) -> None:
    city.act(channel="telegram", act="message", citizen="asel", text="Абай 10, жарық жоқ")
    (message,) = await read(city)
    assert isinstance(message, Message)

    sender = TelegramSender(settings(city))
    answer = Outgoing(Channel.TELEGRAM, message.reply_to, "2026-000001", Language.KK, "k", (Button("Иә", "csat:1:5"),))
    receipt = await sender.send(answer)
    city.act(channel="telegram", act="button", citizen="asel", button={"data": "csat:1:5"})
    (press,) = await read(city)
    assert isinstance(press, Press)
    is_answered = await sender.answer_press(press.callback, "Рақмет")
    await sender.close()

    assert message.text == "Абай 10, жарық жоқ"
    assert (press.data, press.on, is_answered) == ("csat:1:5", receipt.external_id, True)


async def test_an_album_comes_in_parts_and_its_pictures_can_be_had(city: City) -> None:
    city.act(channel="telegram", act="album", citizen="asel", text="Мусор", media=["a", "b"])

    parts = [part for part in await read(city) if isinstance(part, Message)]
    media = TelegramMedia(settings(city))
    sizes = []
    for part in parts:
        async with media.open(part.attachments[0].reference) as download:
            sizes.append(sum([len(chunk) async for chunk in download.chunks]))
    await media.close()

    assert len({part.album for part in parts}) == 1
    assert [part.text for part in parts] == ["Мусор", ""]
    assert sizes == [part.attachments[0].size_bytes for part in parts]


async def test_a_citizen_who_blocks_us_is_known_and_unreachable(city: City) -> None:
    city.act(channel="telegram", act="message", citizen="asel", text="яма")
    (message,) = await read(city)
    assert isinstance(message, Message)
    city.act(channel="telegram", act="block", citizen="asel")

    (change,) = await read(city)
    sender = TelegramSender(settings(city))
    with pytest.raises(UnreachableError):
        await sender.send(Outgoing(Channel.TELEGRAM, message.reply_to, "2026-000001", Language.RU, "k"))
    await sender.close()

    assert isinstance(change, Reachability)
    assert (change.thread, change.can_be_written_to) == (message.thread, False)


async def test_a_webhook_left_over_does_not_keep_the_poller_from_reading(city: City) -> None:
    await use_webhook(settings(city), "http://127.0.0.1:9")
    city.act(channel="telegram", act="message", citizen="asel", text="яма")

    incoming = await read(city)

    assert [part.text for part in incoming if isinstance(part, Message)] == ["яма"]
