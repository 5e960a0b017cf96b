"""Only the citizens' word closes an appeal."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from intake109.appeals.voice import calls, satisfaction
from intake109.appeals.voice.satisfaction import Heard
from intake109.errors import NotFoundError
from intake109.model import Channel
from intake109.store.tables import AppealRow, CallRow, ConversationRow, MentionRow, ReporterRow, RoundRow, SightingRow
from tests.appeals.cases import MANHOLE, SETTING, appeal, close, merge, registered
from tests.appeals.cases import heard as leave
from tests.appeals.voices import answered, owed, reporters, say
from tests.desk import PIT, Desk
from tests.race import race


def test_an_accepted_answer_asks_the_citizen_with_buttons_what_was_done(desk: Desk) -> None:
    number = registered(desk)

    answered(desk, number)

    [question] = owed(desk, "satisfaction")
    assert number in question.text
    assert "Яма заделана" in question.text
    assert [data for _, data in question.details["buttons"]] == ["solved:1:1:yes", "solved:1:1:no"]


def test_nobody_is_asked_twice_in_a_round(desk: Desk) -> None:
    row = answered(desk, registered(desk))

    with desk.database.write() as session:
        put = satisfaction.ask(session, session.get_one(type(row), row.id), SETTING, desk.clock.now())

    assert put == 0
    assert len(owed(desk, "satisfaction")) == 1


def test_one_citizen_with_two_numbers_in_a_case_is_asked_once(desk: Desk) -> None:
    first, second = registered(desk, author="asel"), registered(desk, "Ещё яма рядом", author="asel")
    merge(desk, second, first)

    answered(desk, first)

    assert len(owed(desk, "satisfaction")) == 1
    assert [one.asked_round for one in reporters(desk)] == [1, 1]


def test_each_is_asked_in_the_own_language_with_the_own_number(desk: Desk) -> None:
    first, second = registered(desk), registered(desk, "Жолда шұңқыр бар", form=PIT)
    merge(desk, second, first)
    with desk.database.write() as session:
        session.get_one(type(reporters(desk)[1]), 2).language = "kk"

    answered(desk, first)

    russian, kazakh = owed(desk, "satisfaction")
    assert "решена" in russian.text
    assert first in russian.text
    assert "шешілді" in kazakh.text
    assert second in kazakh.text


def test_the_last_yes_closes_the_appeal_as_satisfied(desk: Desk) -> None:
    number = registered(desk)
    desk.attach(desk.waits("И у нас яма"), number)
    answered(desk, number)

    say(desk, 1, is_solved=True)
    between = appeal(desk, number)
    say(desk, 2, is_solved=True)

    after = appeal(desk, number)
    assert between.status == "answered"
    assert (after.status, after.closed_as) == ("closed", "satisfied")
    assert after.satisfied_at == after.closed_at == desk.clock.now()
    assert len([row for row in owed(desk, "news") if "Спасибо" in row.text]) == 2


def test_a_danger_is_closed_only_when_somebody_has_seen_that_it_is_over(desk: Desk) -> None:
    number = registered(desk, "Открытый люк", form=MANHOLE)
    row = answered(desk, number)

    say(desk, 1, is_solved=True)
    between = appeal(desk, number)
    with desk.database.write() as session:
        session.add(
            SightingRow(
                appeal_id=row.id or 0, round=1, at=desk.clock.now(), by_user=desk.anna, how="camera", is_safe=True
            )
        )
        satisfaction.settle(session, session.get_one(type(row), row.id), desk.clock.now())

    assert between.status == "answered"
    assert appeal(desk, number).status == "closed"


def test_one_no_opens_the_whole_case_again_and_tells_everybody_concerned(desk: Desk) -> None:
    number = registered(desk)
    desk.attach(desk.waits("И у нас яма"), number)
    desk.attach(desk.waits("И у меня"), number)
    answered(desk, number)
    leave(desk)
    say(desk, 1, is_solved=True)

    heard = say(desk, 2, is_solved=False)

    row = appeal(desk, number)
    letters = {letter.idempotency_key: letter.text for letter in owed(desk, "news")}
    assert heard is Heard.REOPENED
    assert (row.status, row.round, row.closed_at) == ("forwarded", 2, None)
    assert "открыто снова" in letters["heard:2:1:no"]
    assert "другой заявитель" in letters["heard:3:1:other"]
    assert "heard:1:1:other" not in letters
    assert owed(desk, "renewal")


def test_who_said_yes_before_is_left_in_peace_in_the_next_round(desk: Desk) -> None:
    number = registered(desk)
    desk.attach(desk.waits("И у нас яма"), number)
    answered(desk, number)
    leave(desk)
    say(desk, 1, is_solved=True)
    say(desk, 2, is_solved=False)
    desk.clock.advance(timedelta(days=1))

    answered(desk, number)
    leave(desk)
    say(desk, 2, is_solved=True)

    assert [row.idempotency_key for row in owed(desk, "satisfaction")] == ["ask:1:1", "ask:2:1", "ask:2:2"]
    assert appeal(desk, number).closed_as == "satisfied"


@pytest.mark.parametrize("is_solved", [True, False])
def test_pressing_twice_changes_nothing_and_is_answered_once_more_at_most(desk: Desk, is_solved: bool) -> None:
    number = registered(desk)
    answered(desk, number)
    say(desk, 1, is_solved=is_solved, number_of_round=1)
    after_one = appeal(desk, number)

    heard = [say(desk, 1, is_solved=is_solved, number_of_round=1) for _ in range(3)]

    assert heard == [Heard.AGAIN] * 3
    assert appeal(desk, number) == after_one
    assert len(desk.rows(RoundRow)) == (0 if is_solved else 1)
    assert len(owed(desk, "news")) == 2


def test_a_button_of_an_earlier_round_is_answered_with_how_it_stands(desk: Desk) -> None:
    number = registered(desk)
    answered(desk, number)
    say(desk, 1, is_solved=False, number_of_round=1)

    heard = say(desk, 1, is_solved=True, number_of_round=1)

    assert heard is Heard.STALE
    assert appeal(desk, number).status == "forwarded"
    assert any("передано исполнителю" in row.text for row in owed(desk, "news"))


def test_a_no_after_closing_opens_it_again_for_some_weeks_and_then_no_more(desk: Desk) -> None:
    numbers = [registered(desk), registered(desk, "Другая яма")]
    for reporter_id, number in enumerate(numbers, start=1):
        answered(desk, number)
        say(desk, reporter_id, is_solved=True)
    desk.clock.advance(timedelta(days=SETTING.voice.reopen_days))

    in_time = say(desk, 1, is_solved=False)
    desk.clock.advance(timedelta(seconds=1))
    too_late = say(desk, 2, is_solved=False)

    assert (in_time, too_late) == (Heard.REOPENED, Heard.LATE)
    assert [appeal(desk, number).status for number in numbers] == ["forwarded", "closed"]
    assert any("закрыто давно" in row.text for row in owed(desk, "news"))


def test_a_late_yes_is_noted(desk: Desk) -> None:
    number = registered(desk)
    answered(desk, number)
    close(desk, number)

    say(desk, 1, is_solved=True)

    assert reporters(desk)[0].said == "yes"
    assert appeal(desk, number).status == "closed"


def test_who_was_never_asked_has_nothing_to_say(desk: Desk) -> None:
    registered(desk)

    with pytest.raises(NotFoundError):
        say(desk, 1, is_solved=False)


def test_who_has_blocked_the_bot_or_telephoned_is_called_at_once(desk: Desk) -> None:
    number = registered(desk)
    with desk.database.write() as session:
        session.execute(select(ConversationRow)).scalar_one().can_be_written_to = False

    answered(desk, number)

    assert [(row.reporter_id, row.why) for row in desk.rows(CallRow)] == [(1, "unreachable")]
    assert not owed(desk, "satisfaction")


def test_who_cannot_be_written_to_is_called_again_after_an_acceptance_was_taken_back(desk: Desk) -> None:
    number = registered(desk)
    with desk.database.write() as session:
        session.execute(select(ConversationRow)).scalar_one().can_be_written_to = False
    row = answered(desk, number)
    with desk.database.write() as session:
        calls.close_of_round(session, session.get_one(AppealRow, row.id), desk.clock.now())
        session.get_one(ReporterRow, 1).asked_round = 0

    with desk.database.write() as session:
        satisfaction.ask(session, session.get_one(AppealRow, row.id), SETTING, desk.clock.now())

    assert [one.result for one in desk.rows(CallRow)] == ["reopened", ""]


def test_before_everybody_no_personal_words_of_the_executor_are_repeated(desk: Desk) -> None:
    number = registered(desk, is_public=True)

    answered(desk, number, "Сделали, звоните мне 8 701 123 45 67")

    assert [row.text for row in owed(desk, "satisfaction") if "701" in row.text] == []
    assert len(owed(desk, "satisfaction")) == 1


def test_at_night_the_question_waits_for_the_morning_but_not_for_a_danger(desk: Desk) -> None:
    ordinary, danger = registered(desk), registered(desk, "Открытый люк", form=MANHOLE)
    desk.clock.advance(timedelta(hours=12))

    answered(desk, ordinary)
    answered(desk, danger)

    waits = [row.not_before - desk.clock.now() for row in owed(desk, "satisfaction")]
    assert waits == [timedelta(hours=8), timedelta(0)]


def test_instagram_is_asked_without_buttons(desk: Desk) -> None:
    number = registered(desk)
    with desk.database.write() as session:
        session.get_one(MentionRow, 1).channel = Channel.INSTAGRAM.value

    answered(desk, number)

    [question] = owed(desk, "satisfaction")
    assert question.details["buttons"] == []
    assert "«да» или «нет»" in question.text


def test_a_yes_and_a_no_at_the_same_moment_leave_one_clear_state(desk: Desk) -> None:
    number = registered(desk)
    desk.attach(desk.waits("И у нас яма"), number)
    answered(desk, number)

    heard = race([partial(say, desk, 1, is_solved=True), partial(say, desk, 2, is_solved=False)])

    row = appeal(desk, number)
    assert Heard.REOPENED in heard
    assert (row.status, row.round) == ("forwarded", 2)
    assert len(desk.rows(RoundRow)) == 1


def test_the_same_press_in_two_workers_opens_one_round(desk: Desk) -> None:
    number = registered(desk)
    answered(desk, number)

    heard = race([partial(say, desk, 1, is_solved=False, number_of_round=1) for _ in range(4)])

    assert sorted(str(one) for one in heard) == ["again", "again", "again", "reopened"]
    assert len(desk.rows(RoundRow)) == 1
    assert len(owed(desk, "news")) == 2
