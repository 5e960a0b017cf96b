"""Danger is not closed on anybody's word: one of ours has to have seen that it is over."""

from __future__ import annotations

import pytest

from intake109.errors import RefusedError
from intake109.store.tables import AlertRow, SightingRow
from tests.appeals.cases import MANHOLE, appeal, registered
from tests.appeals.voices import owed, say
from tests.appeals.work import EMPTY, answer, course_of, see
from tests.desk import Desk


def test_the_last_yes_does_not_close_danger_that_nobody_looked_at(desk: Desk) -> None:
    number = registered(desk, "Открытый люк", form=MANHOLE)
    answer(desk, number)
    say(desk, 1, is_solved=True)
    unseen = appeal(desk, number).status

    see(desk, number, is_safe=True)

    assert unseen == "answered"
    assert appeal(desk, number).status == "closed"


def test_still_dangerous_sends_back_and_alerts_each_time(desk: Desk) -> None:
    number = registered(desk, "Открытый люк", form=MANHOLE)
    answer(desk, number, EMPTY)

    see(desk, number, is_safe=False)
    see(desk, number, is_safe=False)

    assert course_of(desk, number) == ["forwarded", "answered", "forwarded"]
    assert [row.kind for row in desk.rows(AlertRow) if row.kind == "still_dangerous"] == ["still_dangerous"] * 2
    assert "ОПАСНО" in owed(desk, "renewal")[-1].text


def test_danger_that_is_there_again_opens_a_closed_case_in_a_new_round(desk: Desk) -> None:
    number = registered(desk, "Открытый люк", form=MANHOLE)
    see(desk, number, is_safe=True)
    answer(desk, number)
    say(desk, 1, is_solved=True)
    closed = appeal(desk, number).status

    see(desk, number, is_safe=False)

    found = appeal(desk, number)
    assert (closed, found.status, found.round) == ("closed", "forwarded", 2)
    assert [row.round for row in desk.rows(SightingRow)] == [1, 2]


def test_having_been_safe_in_an_earlier_round_is_not_enough(desk: Desk) -> None:
    number = registered(desk, "Открытый люк", form=MANHOLE)
    see(desk, number, is_safe=True)
    answer(desk, number)
    say(desk, 1, is_solved=False)

    answer(desk, number)
    say(desk, 1, is_solved=True)

    assert (appeal(desk, number).round, appeal(desk, number).status) == (2, "answered")


def test_safe_needs_a_picture_or_a_word(desk: Desk) -> None:
    number = registered(desk, "Открытый люк", form=MANHOLE)

    with pytest.raises(RefusedError, match="what you saw"):
        see(desk, number, is_safe=True, note=" ")


def test_what_is_no_danger_is_not_looked_at(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="is no incident"):
        see(desk, registered(desk), is_safe=True)
