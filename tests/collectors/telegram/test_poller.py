"""Reading by long poll: nothing is confirmed before it is stored, nothing stops the rest."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from intake109 import config
from intake109.collectors.telegram.api import bot_id_of
from intake109.collectors.telegram.poller import TelegramPoller
from intake109.errors import Backoff, ChannelError
from tests.collectors.telegram.bot_api import TOKEN, Answer, BotApi, bot_api, no, ok
from tests.collectors.telegram.build import BOT, BOT_ID, update

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
WEBHOOK_IS_SET = no(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")


async def poll_once(api: BotApi, cursor: str | None = None) -> Any:
    poller = TelegramPoller(api.settings())
    try:
        return await poller.poll(cursor, NOW)
    finally:
        await poller.close()


async def refusal(answer: Answer) -> ChannelError:
    async with bot_api(getUpdates=answer) as api:
        with pytest.raises(ChannelError) as caught:
            await poll_once(api)
    return caught.value


async def test_each_update_is_an_event_and_the_next_call_confirms_them() -> None:
    good, strange = {**update(text="яма"), "update_id": 10}, {"update_id": 11, "telepathy": {"a": 1}}
    async with bot_api(getUpdates=ok([good, strange])) as api:
        batch = await poll_once(api)
        await poll_once(api, batch.cursor)

    first, second = batch.events
    assert (first.key, second.key, first.source) == ("10", "11", "telegram.poll")
    assert json.loads(first.payload) == good
    assert "яма" in first.payload
    assert [form.get("offset") for form in api.forms("getUpdates")] == [None, "12"]


async def test_an_empty_answer_leaves_the_cursor() -> None:
    async with bot_api(getUpdates=ok([])) as api:
        batch = await poll_once(api, '{"offset": 12}')

    assert (batch.events, batch.cursor) == ((), None)


async def test_ids_that_start_again_lower_are_followed() -> None:
    async with bot_api(getUpdates=ok([{**update(text="яма"), "update_id": 3}])) as api:
        batch = await poll_once(api, '{"offset": 900000}')

    assert batch.cursor == '{"offset": 4}'


async def test_the_same_id_with_other_content_is_another_event_and_with_the_same_is_none() -> None:
    old, new = {**update(text="яма"), "update_id": 3}, {**update(text="люк"), "update_id": 3}
    reordered = dict(reversed(old.items()))
    async with bot_api(getUpdates=ok([old, new, reordered])) as api:
        batch = await poll_once(api)

    first, second, third = batch.events
    assert first.key == second.key == third.key
    assert first.version != second.version
    assert first.version == third.version


async def test_a_cursor_nobody_can_read_starts_from_the_oldest() -> None:
    async with bot_api(getUpdates=ok([])) as api:
        for cursor in ("", "{", "[]", '{"offset": "x"}', '{"offset": true}'):
            await poll_once(api, cursor)

    assert all("offset" not in form for form in api.forms("getUpdates"))


async def test_the_kinds_of_updates_are_always_named() -> None:
    async with bot_api(getUpdates=ok([])) as api:
        await poll_once(api)

    asked_for = json.loads(api.forms("getUpdates")[0]["allowed_updates"])
    assert {"message", "edited_message", "channel_post", "callback_query", "my_chat_member", "guest_message"} <= set(
        asked_for
    )


async def test_half_a_surrogate_pair_can_still_be_stored() -> None:
    body = b'{"ok": true, "result": [{"update_id": 3, "message": {"text": "\\ud83d"}}]}'
    async with bot_api(getUpdates=Answer(body)) as api:
        (event,) = (await poll_once(api)).events

    event.payload.encode()
    assert json.loads(event.payload)["message"]["text"] == "\ud83d"


async def test_an_element_without_an_id_is_kept_under_its_digest() -> None:
    async with bot_api(getUpdates=ok(["?", {**update(text="яма"), "update_id": 5}])) as api:
        batch = await poll_once(api)

    assert [len(event.key) for event in batch.events] == [32, 1]
    assert batch.cursor == '{"offset": 6}'


async def test_a_webhook_left_over_is_removed_before_the_first_good_answer() -> None:
    async with bot_api(getUpdates=[WEBHOOK_IS_SET, ok([])], deleteWebhook=ok(True)) as api:
        await poll_once(api)

    assert [name for name, _ in api.asked] == ["getUpdates", "deleteWebhook", "getUpdates"]
    assert api.forms("deleteWebhook") == [{"drop_pending_updates": "false"}]


async def test_a_webhook_set_later_by_somebody_else_is_a_conflict() -> None:
    async with bot_api(getUpdates=[ok([]), WEBHOOK_IS_SET], deleteWebhook=ok(True)) as api:
        poller = TelegramPoller(api.settings())
        await poller.poll(None, NOW)
        with pytest.raises(ChannelError) as caught:
            await poller.poll(None, NOW)
        await poller.close()

    assert (caught.value.backoff, caught.value.code) == (Backoff.CONFLICT, "webhook")
    assert api.forms("deleteWebhook") == []


async def test_a_second_poller_is_a_conflict() -> None:
    error = await refusal(no(409, "Conflict: terminated by other getUpdates request"))

    assert (error.backoff, error.code) == (Backoff.CONFLICT, "409")


async def test_a_pause_asked_for_is_passed_on() -> None:
    error = await refusal(no(429, "Too Many Requests: retry after 35", retry_after=35))

    assert (error.backoff, error.retry_after) == (Backoff.RATE_LIMITED, timedelta(seconds=35))


@pytest.mark.parametrize(
    ("answer", "backoff"),
    [
        (no(401, "Unauthorized"), Backoff.AUTH_LOST),
        (no(404, "Not Found"), Backoff.AUTH_LOST),
        (no(403, "Forbidden"), Backoff.BLOCKED),
        (no(400, "Bad Request: offset"), Backoff.BLOCKED),
        (no(500, "Internal Server Error"), Backoff.TRANSIENT),
        (Answer(b"<html>gateway</html>", 502, mime="text/html"), Backoff.TRANSIENT),
        (Answer(b"<html>moved</html>", 302, mime="text/html"), Backoff.TRANSIENT),
        (Answer(b"<html>login</html>", mime="text/html"), Backoff.TRANSIENT),
        (Answer(b'{"ok": true}'), Backoff.TRANSIENT),
        (Answer(b"[" * 100_000), Backoff.TRANSIENT),
        (ok({"not": "a list"}), Backoff.TRANSIENT),
        (Answer(breaks=True), Backoff.TRANSIENT),
        (Answer(b'{"ok"', breaks=True), Backoff.TRANSIENT),
    ],
)
async def test_what_goes_wrong_has_its_class(answer: Answer, backoff: Backoff) -> None:
    error = await refusal(answer)

    assert error.backoff is backoff


async def test_nobody_listening_is_transient() -> None:
    async with bot_api() as api:
        settings = api.settings()
    poller = TelegramPoller(settings)

    with pytest.raises(ChannelError) as caught:
        await poller.poll(None, NOW)
    await poller.close()

    assert caught.value.backoff is Backoff.TRANSIENT


async def test_a_poll_can_be_cancelled_while_it_waits() -> None:
    async with bot_api(getUpdates=Answer(hangs=True)) as api:
        poller = TelegramPoller(api.settings(long_poll_seconds=50))
        waiting = asyncio.ensure_future(poller.poll(None, NOW))
        await api.heard.wait()

        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(waiting, timeout=5)
        await poller.close()

    assert api.forms("getUpdates")[0]["timeout"] == "50"


async def test_a_short_poll_waits_between_calls_and_a_long_one_does_not() -> None:
    short, long = (TelegramPoller(config.Telegram(token=SecretStr(TOKEN), long_poll_seconds=wait)) for wait in (0, 25))

    assert (short.pause, long.pause) == (timedelta(seconds=1), timedelta(0))
    await short.close()
    await long.close()


async def test_who_we_are_is_asked_once() -> None:
    async with bot_api(getMe=ok(BOT)) as api:
        poller = TelegramPoller(api.settings())
        assert await poller.identify() == await poller.identify() == (BOT_ID, "city109_bot")
        await poller.close()

    assert len(api.forms("getMe")) == 1


@pytest.mark.parametrize("suffix", ["", "/bot"])
async def test_the_base_address_is_taken_with_and_without_bot(suffix: str) -> None:
    async with bot_api(getUpdates=ok([])) as api:
        poller = TelegramPoller(api.settings(base_url=f"http://127.0.0.1:{api.port}{suffix}"))
        await poller.poll(None, NOW)
        await poller.close()

    assert api.paths == [f"/bot{TOKEN}/getUpdates"]


@pytest.mark.parametrize("token", ["", "  ", "1:a b", "1:a/b", "1:ключ"])
async def test_a_token_no_bot_has_is_refused_before_anything_is_sent(token: str) -> None:
    with pytest.raises(ChannelError) as caught:
        TelegramPoller(config.Telegram(token=SecretStr(token)))

    assert caught.value.backoff is Backoff.AUTH_LOST


async def test_the_token_tells_our_id() -> None:
    assert bot_id_of(config.Telegram(token=SecretStr(TOKEN))) == BOT_ID
    assert bot_id_of(config.Telegram(token=SecretStr("TEST"))) is None


async def test_no_log_and_no_error_holds_the_token_or_a_citizens_word(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx")  # starting the product quiets it, and a test before may have
    answers = [
        ok([update(text="тайна гражданина")]),
        Answer("<b>тайна гражданина</b>".encode(), mime="text/html"),
        Answer("<b>тайна гражданина</b>".encode(), 500, mime="text/html"),
        no(400, f"Bad Request: тайна гражданина {TOKEN}"),
        no(400, f"Bad Request: {TOKEN}"),
    ]
    errors = []
    async with bot_api(getUpdates=answers) as api:
        await poll_once(api)
        for _ in answers[1:]:
            with pytest.raises(ChannelError) as caught:
                await poll_once(api)
            errors.append(str(caught.value))

    told = caplog.text + "".join(errors)
    assert "HTTP Request" in caplog.text
    assert TOKEN not in told
    assert "test-secret" not in told
    assert "тайна" not in told
    assert "\\u0442\\u0430\\u0439" not in told
