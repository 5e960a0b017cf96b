"""The way back to a citizen."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.collectors.telegram.sender import TelegramSender, split
from intake109.errors import Backoff, ChannelError, UnknownOutcomeError, UnreachableError
from intake109.model import Button, Channel, Enclosure, Language, Outgoing, Receipt
from tests.collectors.telegram.bot_api import Answer, BotApi, bot_api, no, ok

pytestmark = pytest.mark.anyio

TO = '{"chat_id": 501, "message_id": 7}'
SENT = ok({"message_id": 70, "date": 1, "chat": {"id": 501, "type": "private"}})


def outgoing(text: str = "Өтініш 2026-000001", to: str = TO, buttons: tuple[Button, ...] = ()) -> Outgoing:
    return Outgoing(Channel.TELEGRAM, to, text, Language.KK, "key-1", buttons)


async def send(api: BotApi, message: Outgoing) -> Receipt:
    sender = TelegramSender(api.settings())
    try:
        return await sender.send(message)
    finally:
        await sender.close()


async def failure(answer: Answer | list[Answer], message: Outgoing | None = None) -> ChannelError:
    async with bot_api(sendMessage=answer) as api:
        with pytest.raises(ChannelError) as caught:
            await send(api, message or outgoing())
    return caught.value


async def test_an_answer_replies_to_the_citizens_message_as_plain_text() -> None:
    async with bot_api(sendMessage=SENT) as api:
        receipt = await send(api, outgoing("<b>2026-000001</b> *"))

    (form,) = api.forms("sendMessage")
    assert receipt == Receipt("501:70")
    assert (form["chat_id"], form["text"]) == ("501", "<b>2026-000001</b> *")
    assert json.loads(form["reply_parameters"]) == {"message_id": 7, "allow_sending_without_reply": True}
    assert "parse_mode" not in form
    assert "message_thread_id" not in form


async def test_the_whole_address_is_used() -> None:
    to = {"chat_id": -1, "message_id": 7, "thread_id": 5, "direct_topic_id": 6, "business_connection_id": "bc"}
    async with bot_api(sendMessage=SENT) as api:
        await send(api, outgoing(to=json.dumps(to)))

    (form,) = api.forms("sendMessage")
    assert (form["message_thread_id"], form["direct_messages_topic_id"]) == ("5", "6")
    assert form["business_connection_id"] == "bc"


async def test_buttons_stand_one_a_row_under_the_last_part() -> None:
    buttons = (Button("Иә", "csat:1:5"), Button("Жоқ", "csat:1:1"))
    async with bot_api(sendMessage=SENT) as api:
        receipt = await send(api, outgoing("а" * 5000, buttons=buttons))

    first, last = api.forms("sendMessage")
    assert json.loads(last["reply_markup"])["inline_keyboard"] == [
        [{"text": "Иә", "callback_data": "csat:1:5"}],
        [{"text": "Жоқ", "callback_data": "csat:1:1"}],
    ]
    assert "reply_markup" not in first
    assert "reply_parameters" not in last
    assert receipt.details == {"parts": "2"}


@pytest.mark.parametrize("data", ["", "я" * 33])
async def test_a_button_telegram_would_refuse_is_refused_here(data: str) -> None:
    error = await failure(SENT, outgoing(buttons=(Button("Да", data),)))

    assert error.permanent


@pytest.mark.parametrize("to", ["", "{", "[]", "{}", '{"chat_id": "x"}', '{"chat_id": true}'])
async def test_an_address_that_is_none_is_refused(to: str) -> None:
    error = await failure(SENT, outgoing(to=to))

    assert (error.permanent, error.code) == (True, "address")


async def test_blank_text_is_refused() -> None:
    assert (await failure(SENT, outgoing(" \n"))).permanent


@pytest.mark.parametrize(
    "answer",
    [
        no(403, "Forbidden: bot was blocked by the user"),
        no(403, "Forbidden: bot was kicked from the supergroup chat"),
        no(403, "Forbidden: bot can't initiate conversation with a user"),
        no(400, "Bad Request: chat not found"),
        no(400, "Bad Request: not enough rights to send text messages to the chat"),
        no(400, "Bad Request: TOPIC_CLOSED"),
    ],
)
async def test_a_citizen_who_cannot_be_written_to_is_unreachable(answer: Answer) -> None:
    error = await failure(answer)

    assert isinstance(error, UnreachableError)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(breaks=True),
        Answer(b'{"ok"', breaks=True),
        Answer(b"<html>", mime="text/html"),
        Answer(b"<html>", 502, mime="text/html"),
        no(504, "Gateway Timeout"),
    ],
)
async def test_silence_after_sending_leaves_the_outcome_unknown(answer: Answer) -> None:
    error = await failure(answer)

    assert isinstance(error, UnknownOutcomeError)
    assert not error.permanent


@pytest.mark.parametrize(
    ("answer", "backoff", "is_permanent"),
    [
        (no(500, "Internal Server Error"), Backoff.TRANSIENT, False),
        (no(401, "Unauthorized"), Backoff.AUTH_LOST, False),
        (no(404, "Not Found"), Backoff.AUTH_LOST, False),
        (no(400, "Bad Request: message is too long"), Backoff.BLOCKED, True),
        (Answer(b"slow down", 429, mime="text/plain"), Backoff.RATE_LIMITED, False),
    ],
)
async def test_a_refusal_has_its_class(answer: Answer, backoff: Backoff, is_permanent: bool) -> None:
    error = await failure(answer)

    assert not isinstance(error, UnknownOutcomeError | UnreachableError)
    assert (error.backoff, error.permanent) == (backoff, is_permanent)


async def test_a_pause_asked_for_is_passed_on() -> None:
    error = await failure(no(429, "Too Many Requests: retry after 35", retry_after=35))

    assert (error.backoff, error.retry_after) == (Backoff.RATE_LIMITED, timedelta(seconds=35))


async def test_nobody_listening_means_it_was_not_sent() -> None:
    async with bot_api() as api:
        settings = api.settings()
    sender = TelegramSender(settings)

    with pytest.raises(ChannelError) as caught:
        await sender.send(outgoing())
    await sender.close()

    assert not isinstance(caught.value, UnknownOutcomeError)
    assert caught.value.backoff is Backoff.TRANSIENT


async def test_a_group_that_moved_gets_it_at_its_new_id() -> None:
    moved = no(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1009)
    async with bot_api(sendMessage=[moved, SENT]) as api:
        receipt = await send(api, outgoing(to='{"chat_id": -9, "message_id": 7}'))

    assert [form["chat_id"] for form in api.forms("sendMessage")] == ["-9", "-1009"]
    assert receipt == Receipt("-1009:70", {"migrated_to": "-1009"})


async def test_a_topic_that_is_gone_does_not_keep_the_answer_back() -> None:
    gone = no(400, "Bad Request: message thread not found")
    async with bot_api(sendMessage=[gone, SENT]) as api:
        await send(api, outgoing(to='{"chat_id": -9, "message_id": 7, "thread_id": 5}'))

    assert ["message_thread_id" in form for form in api.forms("sendMessage")] == [True, False]


async def test_a_chat_that_moves_for_ever_is_given_up() -> None:
    error = await failure(no(400, "Bad Request: upgraded", migrate_to_chat_id=-1009))

    assert error.code == "migrated"


async def test_a_part_that_fails_after_another_arrived_is_of_unknown_outcome() -> None:
    error = await failure([SENT, no(429, "Too Many Requests", retry_after=3)], outgoing("а" * 5000))

    assert isinstance(error, UnknownOutcomeError)
    assert error.retry_after == timedelta(seconds=3)


async def test_a_lean_answer_is_still_a_success() -> None:
    async with bot_api(sendMessage=ok(True)) as api:
        assert await send(api, outgoing()) == Receipt("")


GUEST = '{"guest_query_id": "q1", "chat_id": 501}'
TOO_LATE = no(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")


async def test_a_guest_is_answered_in_the_chat_of_the_question() -> None:
    async with bot_api(answerGuestQuery=ok({"inline_message_id": "i1"}), sendMessage=SENT) as api:
        receipt = await send(api, outgoing(to=GUEST, buttons=(Button("Да", "1"),)))

    (form,) = api.forms("answerGuestQuery")
    result = json.loads(form["result"])
    assert (form["guest_query_id"], result["type"]) == ("q1", "article")
    assert result["input_message_content"] == {"message_text": "Өтініш 2026-000001"}
    assert "reply_markup" in result
    assert (receipt.external_id, api.forms("sendMessage")) == ("i1", [])


async def test_a_guest_answered_too_late_is_written_to_privately() -> None:
    async with bot_api(answerGuestQuery=TOO_LATE, sendMessage=SENT) as api:
        receipt = await send(api, outgoing(to=GUEST))

    assert receipt.external_id == "501:70"


async def test_a_long_answer_to_a_guest_goes_privately_whole() -> None:
    async with bot_api(answerGuestQuery=ok({"inline_message_id": "i1"}), sendMessage=SENT) as api:
        await send(api, outgoing("а" * 5000, to=GUEST))

    assert len(api.forms("sendMessage")) == 2


async def test_a_guest_channel_answered_too_late_is_unreachable() -> None:
    async with bot_api(answerGuestQuery=TOO_LATE) as api:
        with pytest.raises(UnreachableError):
            await send(api, outgoing(to='{"guest_query_id": "q1"}'))


async def test_a_guests_answer_that_may_have_arrived_is_not_sent_again_privately() -> None:
    async with bot_api(answerGuestQuery=Answer(breaks=True), sendMessage=SENT) as api:
        with pytest.raises(UnknownOutcomeError):
            await send(api, outgoing(to=GUEST))

    assert api.forms("sendMessage") == []


@pytest.mark.parametrize(("answer", "is_answered"), [(ok(True), True), (TOO_LATE, False)])
async def test_a_press_is_answered_unless_it_is_too_old(answer: Answer, is_answered: bool) -> None:
    async with bot_api(answerCallbackQuery=answer) as api:
        sender = TelegramSender(api.settings())
        assert await sender.answer_press("q1", "р" * 300) is is_answered
        await sender.close()

    (form,) = api.forms("answerCallbackQuery")
    assert (form["callback_query_id"], len(form["text"])) == ("q1", 200)


async def test_a_press_that_cannot_be_answered_for_another_reason_says_so() -> None:
    async with bot_api(answerCallbackQuery=no(401, "Unauthorized")) as api:
        sender = TelegramSender(api.settings())
        with pytest.raises(ChannelError):
            await sender.answer_press("q1")
        await sender.close()


async def test_the_menu_is_set_for_each_language_and_everybody_else() -> None:
    async with bot_api(setMyCommands=ok(True)) as api:
        sender = TelegramSender(api.settings())
        await sender.set_commands({"": {"start": "Начать"}, "kk": {"start": "Бастау"}, "en": {"start": "Start"}})
        await sender.close()

    forms = api.forms("setMyCommands")
    assert [form.get("language_code") for form in forms] == [None, "kk", "en"]
    assert json.loads(forms[1]["commands"]) == [{"command": "start", "description": "Бастау"}]


async def test_the_sender_knows_who_it_is() -> None:
    async with bot_api(getMe=[ok({"strange": 1}), ok({"id": 5, "username": "b"})]) as api:
        sender = TelegramSender(api.settings())
        with pytest.raises(ChannelError):
            await sender.identify()
        assert await sender.identify() == (5, "b")
        await sender.close()


@given(st.text(alphabet=st.sampled_from(["а", "🕳", " ", "\n", "."]), max_size=60).map(lambda text: text * 200))
def test_a_long_text_is_cut_without_losing_a_letter(text: str) -> None:
    parts = split(text)

    assert "".join("".join(parts).split()) == "".join(text.split())
    for part in parts:
        assert 0 < len(part.encode("utf-16-le")) // 2 <= 4096


def test_a_text_is_cut_between_paragraphs_where_it_can() -> None:
    assert split("а" * 3000 + "\n\n" + "б" * 3000) == ["а" * 3000, "б" * 3000]


def test_a_short_text_stays_as_it_is() -> None:
    assert split("Қабылданды\n\n2026-000001") == ["Қабылданды\n\n2026-000001"]


@pytest.mark.parametrize("answer", [SENT, no(400, "Bad Request: message is not modified")])
async def test_what_we_said_is_changed_in_its_place_and_nobody_hears_it(answer: Answer) -> None:
    message = Outgoing(
        Channel.TELEGRAM, TO, "Ждут: 14", Language.RU, "key-1", (Button("Беру", "round:1"),), edits="-100:70"
    )
    async with bot_api(editMessageText=answer) as api:
        receipt = await send(api, message)

    (form,) = api.forms("editMessageText")
    assert (form["chat_id"], form["message_id"], form["text"]) == ("-100", "70", "Ждут: 14")
    assert "round:1" in form["reply_markup"]
    assert api.forms("sendMessage") == []
    assert receipt == Receipt("")


async def test_a_change_that_telegram_puts_off_is_tried_again() -> None:
    message = Outgoing(Channel.TELEGRAM, TO, "Ждут: 14", Language.RU, "key-1", edits="-100:70")
    async with bot_api(editMessageText=no(429, "Too Many Requests", retry_after=9)) as api:
        with pytest.raises(ChannelError) as refused:
            await send(api, message)

    assert refused.value.backoff is Backoff.RATE_LIMITED


def with_files() -> Outgoing:
    files = (Enclosure("r.pdf", "application/pdf", b"%PDF-1"), Enclosure("r.xlsx", "application/zip", b"PK"))
    return Outgoing(Channel.TELEGRAM, TO, "Есеп", Language.KK, "key-1", files=files)


async def test_files_go_one_a_message_the_text_under_the_first() -> None:
    async with bot_api(sendDocument=SENT) as api:
        receipt = await send(api, with_files())

    first, second = (str(form) for form in api.forms("sendDocument"))
    assert receipt == Receipt("501:70", {"files": "2"})
    assert "r.pdf" in first
    assert "Есеп" in first
    assert "r.xlsx" in second
    assert "Есеп" not in second


async def test_a_second_file_that_does_not_arrive_leaves_the_outcome_unknown() -> None:
    async with bot_api(sendDocument=[SENT, no(400, "Bad Request: file is bad")]) as api:
        with pytest.raises(UnknownOutcomeError, match="1 of 2"):
            await send(api, with_files())
