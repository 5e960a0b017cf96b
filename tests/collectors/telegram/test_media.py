"""Fetching what citizens sent."""

from __future__ import annotations

import pytest

from intake109.collectors.base import Download
from intake109.collectors.telegram.media import TelegramMedia
from intake109.errors import Backoff, ChannelError, IntakeError, MediaError
from tests.collectors.telegram.bot_api import TOKEN, Answer, BotApi, bot_api, no, ok
from tests.collectors.telegram.build import reference

pytestmark = pytest.mark.anyio

PATH = "photos/file 12.jpg"
ON_THE_WIRE = "photos/file%2012.jpg"
FILE = ok({"file_id": "x", "file_unique_id": "y", "file_path": PATH})
PICTURE = Answer(b"\xff\xd8" + b"p" * 200_000, mime="image/jpeg")


async def fetch(api: BotApi, given: str = reference("photo")) -> tuple[Download, bytes]:
    media = TelegramMedia(api.settings())
    try:
        async with media.open(given) as download:
            return download, b"".join([chunk async for chunk in download.chunks])
    finally:
        await media.close()


async def failure(api: BotApi, given: str = reference("photo")) -> IntakeError:
    with pytest.raises((MediaError, ChannelError)) as caught:
        await fetch(api, given)
    assert TOKEN not in str(caught.value)
    return caught.value


async def test_a_file_is_streamed_from_the_file_address() -> None:
    async with bot_api(getFile=FILE, **{ON_THE_WIRE: PICTURE}) as api:
        download, content = await fetch(api)

    assert api.paths[-1] == f"/file/bot{TOKEN}/{ON_THE_WIRE}"
    assert api.forms("getFile") == [{"file_id": "id-photo"}]
    assert (download.mime, download.size_bytes, content) == ("image/jpeg", 200_002, PICTURE.body)


async def test_a_type_that_says_nothing_is_left_empty() -> None:
    async with bot_api(getFile=FILE, **{ON_THE_WIRE: Answer(b"x", mime="application/octet-stream")}) as api:
        download, _ = await fetch(api)

    assert download.mime == ""


async def test_a_link_that_has_expired_is_asked_for_again() -> None:
    async with bot_api(getFile=FILE, **{ON_THE_WIRE: [no(404, "Not Found"), PICTURE]}) as api:
        _, content = await fetch(api)

    assert len(api.forms("getFile")) == 2
    assert content == PICTURE.body


async def test_a_link_that_stays_dead_may_live_later() -> None:
    async with bot_api(getFile=FILE, **{ON_THE_WIRE: no(404, "Not Found")}) as api:
        error = await failure(api)

    assert isinstance(error, MediaError)
    assert not error.permanent


async def test_a_path_with_a_leading_slash_is_tried_before_it_is_called_a_disk() -> None:
    async with bot_api(getFile=ok({"file_path": f"/{PATH}"}), **{ON_THE_WIRE: PICTURE}) as api:
        _, content = await fetch(api)

    assert content == PICTURE.body


async def test_a_path_on_the_servers_own_disk_is_explained() -> None:
    async with bot_api(getFile=ok({"file_path": "/var/lib/telegram-bot-api/1/photos/f.jpg"})) as api:
        error = await failure(api)

    assert "--local" in str(error)


async def test_more_than_telegram_hands_to_bots_is_said_in_words() -> None:
    async with bot_api(getFile=no(400, "Bad Request: file is too big")) as api:
        error = await failure(api)

    assert isinstance(error, MediaError)
    assert error.permanent
    assert "20 MB" in str(error)


@pytest.mark.parametrize(
    "answer",
    [no(400, "Bad Request: wrong file_id or the file is temporarily unavailable"), ok({"file_id": "x"}), ok([])],
)
async def test_a_file_telegram_does_not_give_now_may_be_given_later(answer: Answer) -> None:
    async with bot_api(getFile=answer) as api:
        error = await failure(api)

    assert isinstance(error, MediaError)
    assert not error.permanent


@pytest.mark.parametrize(
    ("answer", "backoff"),
    [
        (no(429, "Too Many Requests", retry_after=3), Backoff.RATE_LIMITED),
        (no(401, "Unauthorized"), Backoff.AUTH_LOST),
        (no(503, "Service Unavailable"), Backoff.TRANSIENT),
        (Answer(breaks=True), Backoff.TRANSIENT),
    ],
)
async def test_a_platform_that_cannot_be_asked_is_the_channels_trouble(answer: Answer, backoff: Backoff) -> None:
    async with bot_api(getFile=answer) as api:
        by_method = await failure(api)
    async with bot_api(getFile=FILE, **{ON_THE_WIRE: answer}) as api:
        by_file = await failure(api)

    for error in (by_method, by_file):
        assert isinstance(error, ChannelError)
        assert error.backoff is backoff


async def test_a_file_the_server_refuses_is_a_media_error() -> None:
    async with bot_api(getFile=FILE, **{ON_THE_WIRE: Answer(b"", 403)}) as api:
        assert isinstance(await failure(api), MediaError)


async def test_a_download_that_breaks_off_is_no_file() -> None:
    async with bot_api(getFile=FILE, **{ON_THE_WIRE: Answer(b"half", breaks=True)}) as api:
        error = await failure(api)

    assert isinstance(error, ChannelError)
    assert "broke off" in str(error)


@pytest.mark.parametrize("given", ["", "{", "[]", "{}", '{"file_id": 5}', '{"file_id": ""}'])
async def test_a_reference_that_is_none_is_refused_for_good(given: str) -> None:
    async with bot_api() as api:
        error = await failure(api, given)

    assert isinstance(error, MediaError)
    assert error.permanent
    assert api.asked == []
