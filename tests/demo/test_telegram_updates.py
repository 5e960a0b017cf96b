"""The law of getUpdates and of Telegram's webhook."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from intake109.demo.standin import City
from tests.demo.conftest import Hook

Call = Callable[..., dict[str, Any]]


@pytest.fixture
def call(city: City) -> Iterator[Call]:
    """Call a method of the Bot API raw."""
    token = city.world.ground.centre.bot_token
    with httpx.Client(base_url=f"{city.url}/bot{token}/", trust_env=False) as client:

        def do(method: str, **asked: object) -> dict[str, Any]:
            answer: dict[str, Any] = client.post(method, json=asked).json()
            return answer

        yield do


def ids(answer: dict[str, Any]) -> list[int]:
    """List the ids of updates in an answer."""
    return [update["update_id"] for update in answer["result"]]


def write(city: City, *texts: str) -> None:
    """Let a citizen write to the bot."""
    for text in texts:
        city.act(channel="telegram", act="message", citizen="asel", text=text)


def test_updates_come_again_until_an_offset_confirms_them_and_then_never(city: City, call: Call) -> None:
    write(city, "раз", "два", "три")

    first = ids(call("getUpdates"))
    again = ids(call("getUpdates"))
    rest = ids(call("getUpdates", offset=first[1]))
    nothing_returns = ids(call("getUpdates", offset=first[0]))

    assert first == again
    assert rest == first[1:]
    assert nothing_returns == first[1:]


def test_only_the_offset_writes_confirmed_into_the_ledger(city: City, call: Call) -> None:
    write(city, "раз", "два")

    first = ids(call("getUpdates"))
    before = [entry["confirmed_at"] for entry in city.ledger()]
    call("getUpdates", offset=first[1])

    assert before == [None, None]
    assert [bool(entry["confirmed_at"]) for entry in city.ledger()] == [True, False]


def test_a_negative_offset_forgets_all_but_the_last(city: City, call: Call) -> None:
    write(city, "раз", "два", "три")

    last = call("getUpdates", offset=-1)

    assert [update["message"]["text"] for update in last["result"]] == ["три"]
    assert len(ids(call("getUpdates"))) == 1
    assert [bool(entry["expired_at"]) for entry in city.ledger()] == [True, True, False]


def test_a_limit_outside_of_1_to_100_is_brought_back_into_it(city: City, call: Call) -> None:
    write(city, *(str(number) for number in range(103)))

    assert len(ids(call("getUpdates", limit=0))) == 1
    assert len(ids(call("getUpdates", limit=500))) == 100


def test_an_update_is_dropped_when_it_is_exactly_a_day_old(city: City, call: Call) -> None:
    write(city, "старое")

    city.act(channel="city", act="advance", seconds=24 * 3600)
    write(city, "новое")

    assert [update["message"]["text"] for update in call("getUpdates")["result"]] == ["новое"]
    assert city.ledger()[0]["expired_at"]


def test_allowed_updates_are_remembered_and_bind_what_is_made_later(city: City, call: Call) -> None:
    write(city, "раз")
    call("getUpdates", allowed_updates=["callback_query"])

    write(city, "два")
    kept = call("getUpdates")
    call("getUpdates", allowed_updates=[])
    write(city, "три")

    assert [update["message"]["text"] for update in kept["result"]] == ["раз"]
    assert [update["message"]["text"] for update in call("getUpdates")["result"]] == ["раз", "три"]


def test_a_long_poll_answers_as_soon_as_somebody_writes(city: City, call: Call) -> None:
    answers: list[dict[str, Any]] = []
    poll = threading.Thread(target=lambda: answers.append(call("getUpdates", timeout=20)))
    poll.start()

    write(city, "раз")
    poll.join(5)

    assert len(ids(answers[0])) == 1


def test_a_second_poll_ends_the_first_with_telegrams_own_words(city: City, call: Call) -> None:
    ended: list[dict[str, Any]] = []
    first = threading.Thread(target=lambda: ended.append(call("getUpdates", timeout=20)))
    first.start()
    while not ended:
        call("getUpdates", timeout=0)
        first.join(0.01)

    assert ended[0] == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    }


def test_polling_is_refused_while_a_webhook_is_set(city: City, call: Call, hook: Hook) -> None:
    call("setWebhook", url=hook.url)

    refused = call("getUpdates")
    call("deleteWebhook")

    assert refused["error_code"] == 409
    assert refused["description"].startswith("Conflict: can't use getUpdates method while webhook is active")
    assert call("getUpdates")["ok"]


def test_a_webhook_gets_one_update_at_a_time_until_it_says_200(city: City, call: Call, hook: Hook) -> None:
    hook.statuses = [500, 500]
    write(city, "раз", "два")

    call("setWebhook", url=hook.url, secret_token="s3cret_")
    received = hook.wait_for(4)

    assert [b"\xd0\xb4\xd0\xb2\xd0\xb0" in one.body for one in received] == [False, False, False, True]
    assert {one.headers["x-telegram-bot-api-secret-token"] for one in received} == {"s3cret_"}
    info = call("getWebhookInfo")["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


def test_pending_updates_can_be_dropped_with_the_webhook(city: City, call: Call) -> None:
    write(city, "раз")

    dropped = call("deleteWebhook", drop_pending_updates=True)

    assert dropped["result"] is True
    assert call("getWebhookInfo")["result"]["pending_update_count"] == 0
    assert ids(call("getUpdates")) == []


def test_a_stranger_with_another_token_is_unauthorized(city: City) -> None:
    answer = httpx.get(f"{city.url}/bot1:wrong/getMe", trust_env=False)

    assert answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


def test_an_answer_can_be_lost_after_the_work_was_done(city: City, call: Call) -> None:
    write(city, "раз")
    chat_id = call("getUpdates")["result"][0]["message"]["chat"]["id"]
    city.act(channel="city", act="fault", target="telegram.sendMessage", kind="lose_answer")

    with pytest.raises(httpx.RemoteProtocolError):
        call("sendMessage", chat_id=chat_id, text="принято")

    assert city.ledger()[-1]["text"] == "принято"


def test_floods_are_refused_with_the_seconds_to_wait(city: City, call: Call) -> None:
    write(city, "раз")
    chat_id = call("getUpdates")["result"][0]["message"]["chat"]["id"]
    city.act(channel="city", act="settings", flood_limits=True)

    assert call("sendMessage", chat_id=chat_id, text="раз")["ok"]
    refused = call("sendMessage", chat_id=chat_id, text="два")

    assert refused["error_code"] == 429
    assert refused["parameters"]["retry_after"] >= 1
