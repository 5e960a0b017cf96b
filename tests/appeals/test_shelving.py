"""What is put aside comes back by itself: on the citizen's answer, when the days are over, on the day of the folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from intake109.appeals.work import answers, shelving
from intake109.appeals.work.answers import Judgement
from intake109.appeals.work.shelving import Folder
from intake109.errors import ConflictError, RefusedError
from intake109.store.tables import ConversationRow, MentionRow
from tests.appeals.cases import SETTING, appeal, registered
from tests.appeals.voices import owed, say
from tests.appeals.work import DONE, EMPTY, answer, chore, course_of, judge, shelve, undo, wait
from tests.city import hire, said
from tests.desk import Desk

DAY = timedelta(days=1)


@pytest.fixture
def owner(desk: Desk) -> int:
    return hire(desk.database, desk.clock, "quality", role="quality")


def folder(owner: int) -> Folder:
    return Folder("ремонт в плане весны", owner, date(2026, 12, 20))


def test_the_question_goes_to_the_citizen_and_the_answer_ends_the_waiting(desk: Desk) -> None:
    number = registered(desk, author="asel")
    before = appeal(desk, number).deadline_at
    wait(desk, number)
    while_waiting = appeal(desk, number)
    desk.clock.advance(3 * DAY)  # from a Friday to a Monday

    desk.street.hear(said("later", "Второй подъезд", desk.clock.now(), author="asel"))

    after = appeal(desk, number)
    assert owed(desk, "question")[-1].text == "Уточните подъезд"
    assert while_waiting.status == "waiting"
    assert (after.status, after.waiting_since) == ("forwarded", None)
    assert after.deadline_at > before


def test_while_it_waits_an_answer_counts_however_late_and_what_follows_days_later_is_news(desk: Desk) -> None:
    number = registered(desk, author="asel")
    wait(desk, number, days=10)
    desk.clock.advance(11 * DAY)
    desk.street.hear(said("one", "Второй подъезд", desk.clock.now(), author="asel"))
    desk.clock.advance(timedelta(minutes=2))
    desk.street.hear(said("two", "Код 45", desk.clock.now(), author="asel"))
    desk.clock.advance(DAY)

    desk.street.hear(said("three", "Ещё не горит фонарь", desk.clock.now(), author="asel"))

    assert appeal(desk, number).status == "forwarded"
    assert [row.text for row in desk.rows(MentionRow)] == [
        "Яма на дороге\nВторой подъезд\nКод 45",
        "Ещё не горит фонарь",
    ]


def test_waiting_ends_by_itself_after_its_working_days(desk: Desk) -> None:
    number = registered(desk)
    wait(desk, number, days=1)  # asked on a Friday: until the end of Monday
    desk.clock.advance(3 * DAY)
    early = chore(desk)
    desk.clock.advance(DAY)

    found = chore(desk)

    assert (early, found, chore(desk)) == ([], [True], [])
    assert appeal(desk, number).status == "forwarded"
    assert "заявителя больше не ждём" in owed(desk, "renewal")[-1].text


def test_nobody_waits_for_a_citizen_who_cannot_be_written_to(desk: Desk) -> None:
    number = registered(desk)
    with desk.database.write() as session:
        for row in desk.rows(ConversationRow):
            session.get_one(ConversationRow, row.id).can_be_written_to = False

    with pytest.raises(RefusedError, match="call instead"):
        wait(desk, number)


def test_an_executor_s_answer_ends_the_waiting(desk: Desk) -> None:
    number = registered(desk)
    wait(desk, number)

    answer(desk, number)

    assert course_of(desk, number) == ["forwarded", "waiting", "answered"]
    assert appeal(desk, number).waiting_until is None


def test_a_question_is_taken_back(desk: Desk) -> None:
    number = registered(desk)
    wait(desk, number)

    undo(desk, number)

    assert appeal(desk, number).status == "forwarded"
    assert owed(desk, "question") == []


def test_the_folder_stops_no_clock_and_gives_back_on_its_day(desk: Desk, owner: int) -> None:
    number = registered(desk)
    before = appeal(desk, number).deadline_at
    shelve(desk, number, folder(owner))
    shelved = appeal(desk, number)
    desk.clock.advance(29 * DAY)
    early = chore(desk)
    desk.clock.advance(DAY)

    found = chore(desk)

    after = appeal(desk, number)
    assert (shelved.status, shelved.shelved_owner, shelved.shelved_why) == ("long_term", owner, "ремонт в плане весны")
    assert (early, found) == ([], [True])
    assert (after.status, after.shelved_owner, after.deadline_at) == ("forwarded", None, before)
    assert "из долгосрочной папки" in owed(desk, "renewal")[-1].text


@pytest.mark.parametrize(
    ("field", "changed"),
    [("why", {"why": " "}), ("owner", {"owner_id": 0}), ("until", {"until": date(2026, 11, 20)})],
)
def test_owner_reason_and_day_are_all_required(desk: Desk, owner: int, field: str, changed: dict[str, object]) -> None:
    number = registered(desk)

    with pytest.raises(RefusedError) as refused:
        shelve(desk, number, replace(folder(owner), **changed))  # type: ignore[arg-type]

    assert refused.value.field == field
    assert appeal(desk, number).status == "forwarded"


def test_what_waits_for_its_citizen_is_not_shelved_as_well(desk: Desk, owner: int) -> None:
    number = registered(desk)
    wait(desk, number)

    with pytest.raises(ConflictError, match="back to work first"):
        shelve(desk, number, folder(owner))


def test_a_formal_reply_may_go_to_the_folder_and_back(desk: Desk, owner: int) -> None:
    number = registered(desk)
    judge(desk, answer(desk, number, EMPTY), Judgement.FORMAL, "нет работ", folder(owner))
    in_folder = appeal(desk, number)
    letter = owed(desk, "renewal")[-1].text

    undo(desk, number)

    assert (in_folder.status, in_folder.executed_at) == ("long_term", None)
    assert "20.12.2026" in letter
    assert appeal(desk, number).status == "answered"


def test_what_nobody_owned_comes_back_to_nobody(desk: Desk, owner: int) -> None:
    number = registered(desk)
    appeal_id = appeal(desk, number).id or 0
    with desk.database.write() as session:
        answers.give_back(session, appeal_id, "не наше", None, desk.clock.now())
    shelve(desk, number, folder(owner))

    with desk.database.write() as session:
        shelving.take_out(session, appeal_id, desk.anna, SETTING, desk.clock.now())

    assert appeal(desk, number).status == "returned"


def test_a_closed_appeal_is_not_shelved(desk: Desk, owner: int) -> None:
    number = registered(desk)
    answer(desk, number, DONE)
    say(desk, 1, is_solved=True)

    with pytest.raises(ConflictError, match="is closed"):
        shelve(desk, number, folder(owner))
