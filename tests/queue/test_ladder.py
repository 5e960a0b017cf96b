"""What the ladder does at which moment. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.config import Promise
from intake109.queue.ladder import Climber, Move, Rung, decide, first_rung
from tests.conftest import NOON

PROMISE = Promise()


def minute(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


CALM = Climber(NOON, minute(17), is_incident=False, rung=Rung.REMIND, lease_until=None)
DANGER = Climber(NOON, minute(8), is_incident=True, rung=Rung.ESCALATE, lease_until=None)


def move(one: Climber, at: float, *, is_night: bool = False) -> Move:
    return decide(one, PROMISE, minute(at), is_night=is_night)


@pytest.mark.parametrize(
    ("rung", "at", "expected"),
    [
        (Rung.REMIND, 7.99, Move(None, Rung.REMIND, minute(8))),
        (Rung.REMIND, 8, Move(None, Rung.ALERT, minute(11))),
        (Rung.ALERT, 11, Move(Rung.ALERT, Rung.ESCALATE, minute(14))),
        (Rung.ESCALATE, 14, Move(Rung.ESCALATE, Rung.REGISTER, minute(17))),
        (Rung.REGISTER, 16.99, Move(None, Rung.REGISTER, minute(17))),
        (Rung.REGISTER, 17, Move(Rung.REGISTER, 4, None)),
    ],
)
def test_a_task_nobody_takes_climbs_rung_by_rung(rung: Rung, at: float, expected: Move) -> None:
    assert move(replace(CALM, rung=rung), at) == expected


def test_who_holds_it_is_reminded() -> None:
    held = replace(CALM, lease_until=minute(9))

    assert move(held, 8) == Move(Rung.REMIND, Rung.ALERT, minute(11))


def test_nobody_is_alerted_over_the_head_of_somebody_at_work() -> None:
    held = replace(CALM, rung=Rung.ALERT, lease_until=minute(12))

    assert move(held, 11) == Move(None, Rung.ALERT, minute(12))
    assert move(held, 12) == Move(Rung.ALERT, Rung.ESCALATE, minute(14))


def test_the_supervisors_hear_of_it_even_while_somebody_works() -> None:
    assert move(replace(CALM, rung=Rung.ALERT, lease_until=minute(15)), 14).act is Rung.ESCALATE


@pytest.mark.parametrize(("lease", "again"), [(17.5, 17.5), (18.5, 18.5), (19.5, 19), (30, 19)])
def test_the_machine_waits_for_somebody_at_work_until_the_grace_ends(lease: float, again: float) -> None:
    held = replace(CALM, rung=Rung.REGISTER, lease_until=minute(lease))

    assert move(held, 17) == Move(None, Rung.REGISTER, minute(again))


def test_at_the_end_of_the_grace_it_registers_whoever_works() -> None:
    held = replace(CALM, rung=Rung.REGISTER, lease_until=minute(25))

    assert move(held, 18.99).act is None
    assert move(held, 19).act is Rung.REGISTER


def test_of_what_is_due_together_only_the_highest_acts() -> None:
    assert move(CALM, 15) == Move(Rung.ESCALATE, Rung.REGISTER, minute(17))
    assert move(CALM, 60) == Move(Rung.REGISTER, 4, None)


def test_what_reached_us_late_is_told_once_and_then_registered() -> None:
    late = replace(CALM, due_at=minute(35))

    first = move(late, 30)

    assert first == Move(Rung.ESCALATE, Rung.REGISTER, minute(35))


def test_a_late_arrival_has_no_grace_beyond_the_desks_least_time() -> None:
    late = replace(CALM, due_at=minute(35), rung=Rung.REGISTER, lease_until=minute(60))

    assert move(late, 35).act is Rung.REGISTER


def test_at_night_the_alert_comes_sooner_and_nobody_is_reminded() -> None:
    assert move(CALM, 5, is_night=True) == Move(None, Rung.REMIND, minute(6))
    assert move(CALM, 6, is_night=True) == Move(Rung.ALERT, Rung.ESCALATE, minute(12))


@pytest.mark.parametrize(
    ("rung", "at", "expected"),
    [
        (Rung.ALERT, 0, Move(Rung.ALERT, Rung.ESCALATE, minute(3))),
        (Rung.ESCALATE, 3, Move(Rung.ESCALATE, Rung.REGISTER, minute(8))),
        (Rung.REGISTER, 8, Move(Rung.REGISTER, 4, None)),
    ],
)
def test_danger_climbs_faster(rung: Rung, at: float, expected: Move) -> None:
    assert move(replace(DANGER, rung=rung), at) == expected


def test_danger_waits_for_somebody_at_work_but_not_so_long() -> None:
    held = replace(DANGER, rung=Rung.REGISTER, lease_until=minute(30))

    assert move(held, 8) == Move(None, Rung.REGISTER, minute(12))
    assert move(held, 12).act is Rung.REGISTER


def test_the_first_look_is_never_later_than_the_first_rung_of_day_or_night() -> None:
    assert first_rung(NOON, PROMISE, NOON, is_incident=False) == (Rung.REMIND, minute(6))
    assert first_rung(NOON, PROMISE, NOON, is_incident=True) == (Rung.ESCALATE, minute(3))
    silent = Promise.model_validate({"ladder": {"ordinary": {"remind": None}, "night": {"alert": 12}}})
    assert first_rung(NOON, silent, NOON, is_incident=False) == (Rung.REMIND, minute(11))


def test_of_danger_that_reached_us_late_nobody_is_told_twice_at_once() -> None:
    assert first_rung(NOON, PROMISE, minute(3), is_incident=True) == (Rung.REGISTER, minute(3))


@given(
    rung=st.integers(0, 3),
    at=st.integers(0, 1500),
    lease=st.none() | st.integers(0, 1600),
    is_incident=st.booleans(),
    is_night=st.booleans(),
)
def test_the_next_look_is_ahead_and_never_after_the_promise(
    rung: int, at: int, lease: int | None, is_incident: bool, is_night: bool
) -> None:
    one = Climber(
        NOON,
        minute(8 if is_incident else 17),
        is_incident,
        rung,
        minute(lease / 60) if lease is not None else None,
    )
    now = minute(at / 60)

    found = decide(one, PROMISE, now, is_night=is_night)

    if found.act is Rung.REGISTER:
        assert found.at is None
    else:
        assert found.at is not None
        assert now < found.at < minute(20)
    assert found.rung >= rung
