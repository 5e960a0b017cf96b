"""Citizens answer the question whether it is solved, with words, buttons and photos."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from intake109.clock import MovedClock
from intake109.model import Attachment, AttachmentKind, Author, Press, Receipt
from intake109.outbox import delivery
from intake109.store.database import Database
from intake109.store.tables import AttachmentRow, MentionRow, MessageRow, OutboxRow, RoundRow, TaskRow
from tests.appeals.cases import MANHOLE, appeal, registered
from tests.appeals.voices import answered, owed, reporters
from tests.city import said
from tests.desk import MINUTE, Desk

PHOTO = Attachment(AttachmentKind.PHOTO, '{"file_id": "1"}', "image/jpeg")


@pytest.fixture
def desk(database: Database, clock: MovedClock) -> Desk:
    return Desk(database, clock)


def asked(desk: Desk, text: str = "Яма на дороге", **more: object) -> str:
    """Let asel's appeal be answered and her be asked; an hour passes."""
    number = registered(desk, text, author="asel", **more)  # type: ignore[arg-type]
    desk.clock.advance(timedelta(hours=1))
    answered(desk, number)
    desk.clock.advance(timedelta(hours=1))
    return number


def writes(desk: Desk, text: str, *, key: str = "", author: str = "asel", **more: object) -> None:
    key = key or f"w{desk.clock.now().isoformat()}"
    desk.street.hear(said(key, text, desk.clock.now(), author=author, **more))  # type: ignore[arg-type]


def presses(desk: Desk, data: str, *, key: str = "p1", author: str = "asel") -> None:
    address = json.dumps({"to": author})
    desk.street.hear(Press(key, author, Author(author), data, desk.clock.now(), address, callback=f"c-{key}"))


def test_a_written_yes_closes_the_case_without_a_task_of_its_own(desk: Desk) -> None:
    number = asked(desk)

    writes(desk, "Да, спасибо!")

    assert appeal(desk, number).closed_as == "satisfied"
    assert len(desk.rows(TaskRow)) == 1
    assert [row.role for row in desk.rows(MessageRow)] == ["mention", "voice"]
    assert desk.rows(MentionRow)[0].text == "Яма на дороге"


def test_a_written_no_with_a_photo_after_it_opens_the_case_and_both_join_it(desk: Desk) -> None:
    number = asked(desk)

    writes(desk, "Нет, яма на месте")
    desk.clock.advance(2 * MINUTE)
    writes(desk, "", attachments=(PHOTO,))
    desk.clock.advance(2 * MINUTE)
    writes(desk, "вот такая глубокая")

    assert appeal(desk, number).round == 2
    assert len(desk.rows(TaskRow)) == 1
    assert [row.role for row in desk.rows(MessageRow)] == ["mention", "voice", "voice", "voice"]
    assert [row.mention_id for row in desk.rows(AttachmentRow)] == [1]
    assert desk.rows(TaskRow)[0].news_at is not None


def test_a_no_delivered_twice_opens_one_round(desk: Desk) -> None:
    asked(desk)

    writes(desk, "Нет", key="same")
    writes(desk, "Нет", key="same")

    assert len(desk.rows(RoundRow)) == 1
    assert len(owed(desk, "renewal")) == 1


@pytest.mark.parametrize("word", ["yes", "no"])
def test_a_button_pressed_twice_counts_once(desk: Desk, word: str) -> None:
    number = asked(desk)

    for key in ("p1", "p1", "p2", "p3"):
        presses(desk, f"solved:1:1:{word}", key=key)

    row = appeal(desk, number)
    assert (row.status, row.round) == (("closed", 1) if word == "yes" else ("forwarded", 2))
    replies = owed(desk, "news")
    assert len(replies) == 2
    assert replies[0].details["callback"] == "c-p1"


def test_a_yes_after_a_no_is_told_how_it_stands_and_reopens_nothing(desk: Desk) -> None:
    number = asked(desk)

    presses(desk, "solved:1:1:no", key="p1")
    presses(desk, "solved:1:1:yes", key="p2")

    assert appeal(desk, number).status == "forwarded"
    assert [row.said for row in reporters(desk)] == ["no"]


@pytest.mark.parametrize("data", ["solved:1:1:maybe", "solved:x:1:yes", "solved:99:1:yes", "solved:1:1", "add:2026-1"])
def test_a_button_that_was_never_put_changes_nothing(desk: Desk, data: str) -> None:
    number = asked(desk)

    presses(desk, data)

    assert appeal(desk, number).status == "answered"


def test_nobody_answers_for_another_citizen(desk: Desk) -> None:
    number = asked(desk)
    writes(desk, "У меня другое", author="berik")

    presses(desk, "solved:1:1:yes", author="berik")

    assert appeal(desk, number).status == "answered"


def test_news_of_another_problem_is_no_answer(desk: Desk) -> None:
    number = asked(desk)

    writes(desk, "На Абая 10 не горит фонарь")

    assert appeal(desk, number).status == "answered"
    assert len(desk.rows(TaskRow)) == 2


@pytest.mark.parametrize("text", ["Нет света на Абая 10", "Не работает лифт", "Нет воды"])
def test_that_something_is_not_there_is_news_and_no_answer(desk: Desk, text: str) -> None:
    number = asked(desk)

    writes(desk, text)

    assert appeal(desk, number).status == "answered"
    assert len(desk.rows(TaskRow)) == 2


def test_a_no_long_after_closing_is_news(desk: Desk) -> None:
    number = asked(desk)
    writes(desk, "Да")
    desk.clock.advance(timedelta(days=31))

    writes(desk, "Нет, опять яма на том же месте")

    assert appeal(desk, number).status == "closed"
    assert len(desk.rows(TaskRow)) == 2


def test_a_yes_in_the_midst_of_a_new_mention_goes_on_from_that(desk: Desk) -> None:
    number = asked(desk)

    writes(desk, "Ещё лифт стоит")
    desk.clock.advance(MINUTE)
    writes(desk, "да, второй подъезд")

    assert appeal(desk, number).status == "answered"
    assert desk.rows(MessageRow)[-1].role == "continuation"


def test_danger_never_hides_in_a_yes(desk: Desk) -> None:
    number = asked(desk)

    writes(desk, "Да, люк открыт")

    assert desk.rows(TaskRow)[-1].is_incident
    assert len(desk.rows(TaskRow)) == 2
    assert appeal(desk, number).status == "answered"


def test_a_manhole_that_is_still_open_opens_its_case_again(desk: Desk) -> None:
    number = asked(desk, "Открытый люк", form=MANHOLE)

    writes(desk, "Нет, люк открыт")

    assert appeal(desk, number).round == 2
    assert len(desk.rows(TaskRow)) == 1


def test_before_everybody_only_a_reply_to_us_is_an_answer(desk: Desk) -> None:
    number = asked(desk, is_public=True)
    with desk.database.write() as session:
        session.add(
            MessageRow(
                conversation_id=1, mention_id=1, channel="telegram", key="ours", is_ours=True, role="satisfaction",
                text="Решено?", at=desk.clock.now(),
            )
        )  # fmt: skip

    writes(desk, "да", key="to a neighbour", is_public=True, is_addressed=False)
    between = appeal(desk, number).status
    writes(desk, "да", key="to us", is_public=True, quotes="ours", is_addressed=False)

    assert between == "answered"
    assert appeal(desk, number).status == "closed"


def test_after_the_button_to_add_the_next_words_join_the_appeal(desk: Desk) -> None:
    number = registered(desk, author="asel")
    desk.clock.advance(timedelta(hours=2))

    presses(desk, f"add:{number}")
    desk.clock.advance(MINUTE)
    writes(desk, "Это у дома 12")

    assert len(desk.rows(TaskRow)) == 1
    assert desk.rows(MessageRow)[-1].role == "answer"


def test_the_button_of_an_appeal_tells_how_it_stands(desk: Desk) -> None:
    number = registered(desk, author="asel")

    presses(desk, f"status:{number}")

    [reply] = [row for row in desk.rows(OutboxRow) if row.idempotency_key == "telegram:p1:press"]
    assert f"{number}: передано исполнителю" in reply.text


def test_the_acknowledgement_has_buttons_in_private_and_none_before_everybody(desk: Desk) -> None:
    number = registered(desk, author="asel")
    registered(desk, "Яма", author="berik", is_public=True)

    private, public = owed(desk, "acknowledgement")

    assert [data for _, data in private.details["buttons"]] == [f"status:{number}", f"add:{number}", "language"]
    assert not public.details.get("buttons")


def sent(desk: Desk, mention_id: int) -> str:
    """Let the question of a mention leave, and return the key of its message."""
    with desk.database.write() as session:
        row = next(one for one in owed(desk, "satisfaction") if one.mention_id == mention_id)
        delivery.settle_sent(session, row, Receipt(f"q{mention_id}", {}), desk.clock.now())
    return f"q{mention_id}"


def test_a_no_to_one_of_two_questions_opens_the_case_it_was_put_to(desk: Desk) -> None:
    first, second = asked(desk), asked(desk, "Фонарь не горит")
    quoted = sent(desk, 1)

    writes(desk, "Нет", quotes=quoted)

    assert appeal(desk, first).round == 2
    assert (appeal(desk, second).round, appeal(desk, second).status) == (1, "answered")


def test_a_no_to_what_was_said_of_another_appeal_opens_none(desk: Desk) -> None:
    registered(desk, "Фонарь не горит", author="asel")
    number = asked(desk)

    writes(desk, "Нет", quotes=desk.rows(MentionRow)[0].key)

    assert appeal(desk, number).status == "answered"
