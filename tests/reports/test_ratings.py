"""Who is rated by what the citizens of a case say."""

from __future__ import annotations

from intake109.clock import city_day
from intake109.reports.period import Period
from intake109.reports.ratings import ratings
from intake109.store.tables import AppealRow
from tests.appeals.cases import DARK, appeal, merge, registered
from tests.appeals.cases import heard as leave
from tests.appeals.voices import answered, say
from tests.city import ZONE
from tests.desk import Desk


def test_a_citizen_of_a_merged_appeal_rates_who_did_the_work(desk: Desk) -> None:
    dark, pit = registered(desk, "Нет света", form=DARK), registered(desk)
    with desk.database.write() as session:
        session.get_one(AppealRow, appeal(desk, dark).id).organisation = "power-1"
    merge(desk, pit, dark)
    answered(desk, dark, "Свет дали 20 ноября")
    leave(desk)
    for reporter in (1, 2):
        say(desk, reporter, is_solved=True)

    day = city_day(desk.clock.now(), ZONE)
    with desk.database.read() as session:
        executors, _ = ratings(session, Period(day, day, ZONE), {}, desk.clock.now())

    assert {one.code: (one.asked, one.satisfied) for one in executors} == {"power-1": (2, 2)}


def rated(desk: Desk) -> dict[str, tuple[int, int]]:
    """Return how many words count for each executor today, and how many of them are yes."""
    day = city_day(desk.clock.now(), ZONE)
    with desk.database.read() as session:
        executors, _ = ratings(session, Period(day, day, ZONE), {}, desk.clock.now())
    return {one.code: (one.asked, one.satisfied) for one in executors}


def test_a_no_still_counts_when_the_citizen_was_asked_again(desk: Desk) -> None:
    number = registered(desk)
    executor = appeal(desk, number).executor
    answered(desk, number)
    leave(desk)
    say(desk, 1, is_solved=False)
    answered(desk, number, "Яма заделана ещё раз 19 ноября")
    before = rated(desk)

    say(desk, 1, is_solved=True)

    assert before == {executor: (1, 0)}
    assert rated(desk) == {executor: (2, 1)}


def test_who_takes_a_yes_back_in_the_same_round_has_said_no(desk: Desk) -> None:
    number = registered(desk)
    answered(desk, number)
    say(desk, 1, is_solved=True)

    say(desk, 1, is_solved=False)

    assert rated(desk) == {appeal(desk, number).executor: (1, 0)}


def test_a_no_rates_who_had_done_the_work_also_after_it_went_to_another(desk: Desk) -> None:
    number = registered(desk)
    former = appeal(desk, number).executor
    answered(desk, number)
    say(desk, 1, is_solved=False)

    with desk.database.write() as session:
        session.get_one(AppealRow, appeal(desk, number).id).executor = "gorvodokanal"

    counted = {code: of for code, of in rated(desk).items() if of != (0, 0)}
    assert counted == {former: (1, 0)}


def test_one_citizen_with_two_numbers_in_a_case_counts_once(desk: Desk) -> None:
    first, second = registered(desk, author="asel"), registered(desk, "Ещё яма рядом", author="asel")
    merge(desk, second, first)
    answered(desk, first)

    say(desk, 1, is_solved=True)

    assert rated(desk) == {appeal(desk, first).executor: (1, 1)}
