"""Who works on what."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlmodel import col

from intake109.queue import claims
from intake109.store import changes
from intake109.store.tables import TaskRow
from tests.city import PROMISE, said
from tests.desk import MINUTE, SECOND, Desk
from tests.race import race

LEASE = 120 * SECOND


def test_a_claimed_task_is_nobody_elses(desk: Desk) -> None:
    task_id = desk.waits()

    assert desk.claim(task_id, desk.anna)
    assert not desk.claim(task_id, desk.bolat)

    task = desk.task(task_id)
    assert (task.claimed_by, task.lease_until) == (desk.anna, desk.clock.now() + LEASE)


def test_exactly_at_the_end_of_the_lease_the_task_is_free(desk: Desk) -> None:
    task_id = desk.waits()
    desk.claim(task_id, desk.anna)

    desk.clock.advance(LEASE - timedelta(microseconds=1))
    before = desk.claim(task_id, desk.bolat)
    desk.clock.advance(timedelta(microseconds=1))
    after = desk.claim(task_id, desk.bolat)

    assert (before, after) == (False, True)


def test_renewing_moves_the_end_and_keeps_the_beginning(desk: Desk) -> None:
    task_id = desk.waits()
    desk.claim(task_id)
    began = desk.clock.now()
    desk.clock.advance(MINUTE)

    assert desk.claim(task_id)

    task = desk.task(task_id)
    assert (task.claimed_at, task.lease_until) == (began, began + MINUTE + LEASE)


def test_a_new_holder_begins_anew(desk: Desk) -> None:
    task_id = desk.waits()
    desk.claim(task_id, desk.anna)
    desk.clock.advance(LEASE)

    desk.claim(task_id, desk.bolat)

    assert desk.task(task_id).claimed_at == desk.clock.now()


def test_a_decided_task_is_claimed_by_nobody(desk: Desk) -> None:
    task_id = desk.waits()
    desk.claim(task_id)
    desk.register(task_id)
    desk.clock.advance(LEASE)

    assert not desk.claim(task_id, desk.anna)
    assert not desk.claim(task_id, desk.bolat)
    assert desk.claim_next() is None


def test_only_the_holder_gives_a_task_back(desk: Desk) -> None:
    task_id = desk.waits()
    desk.claim(task_id, desk.anna)

    with desk.database.write() as session:
        claims.release(session, task_id, desk.bolat, desk.clock.now())
    kept = desk.task(task_id).claimed_by
    with desk.database.write() as session:
        claims.release(session, task_id, desk.anna, desk.clock.now())

    assert kept == desk.anna
    assert desk.claim(task_id, desk.bolat)


def test_danger_comes_first_then_the_least_time_left(desk: Desk) -> None:
    late = desk.waits("Яма на дороге")
    desk.clock.advance(MINUTE)
    later = desk.waits("Ещё одна яма на дороге")
    desk.clock.advance(MINUTE)
    danger = desk.waits("Открытый люк")

    assert [desk.claim_next() for _ in range(4)] == [danger, late, later, None]


def test_a_task_that_waits_for_the_citizen_comes_after_those_that_wait_for_us(desk: Desk) -> None:
    danger, calm = desk.waits("Открытый люк"), desk.waits("Яма на дороге")
    desk.ask(danger)

    assert [desk.claim_next() for _ in range(2)] == [calm, danger]


def test_a_task_asked_about_comes_first_again_once_its_target_has_passed(desk: Desk) -> None:
    danger, _ = desk.waits("Открытый люк"), desk.waits("Яма на дороге")
    desk.ask(danger)
    desk.clock.advance(desk.task(danger).target_at - desk.clock.now())

    assert desk.claim_next() == danger


def test_a_task_whose_citizen_has_answered_comes_first_again(desk: Desk) -> None:
    danger = desk.waits("Открытый люк", author="asel")
    desk.waits("Яма на дороге")
    desk.ask(danger)
    desk.clock.advance(MINUTE)
    desk.street.hear(said("more", "У дома 5", desk.clock.now(), author="asel"))

    assert desk.claim_next() == danger


def test_what_is_certainly_no_appeal_is_not_handed_out(desk: Desk) -> None:
    desk.waits("Спасибо большое")

    assert desk.claim_next() is None


def test_an_inspector_gets_only_what_he_looks_at(desk: Desk) -> None:
    desk.waits("Яма на дороге")
    kazakh = desk.waits("Жолда шұңқыр бар")

    with desk.database.write() as session:
        nothing = claims.claim_next(session, desk.anna, PROMISE, desk.clock.now(), channel="whatsapp")
        taken = claims.claim_next(session, desk.anna, PROMISE, desk.clock.now(), language="kk", sphere="roads")

    assert (nothing, taken) == (None, kazakh)


def test_no_task_is_handed_out_twice_however_many_ask(desk: Desk) -> None:
    waiting = [desk.waits() for _ in range(24)]

    def take(user_id: int) -> list[int]:
        return [found for _ in range(6) if (found := desk.claim_next(user_id)) is not None]

    taken = race([partial(take, desk.anna if one % 2 else desk.bolat) for one in range(8)])

    handed = sorted(task_id for some in taken if isinstance(some, list) for task_id in some)
    assert handed == sorted(waiting)


@pytest.mark.parametrize("act", ["claim", "release"])
def test_open_screens_hear_of_claims(desk: Desk, act: str) -> None:
    task_id = desk.waits()
    if act == "release":
        desk.claim(task_id)
    with desk.database.read() as session:
        seen = changes.last_id(session)

    if act == "claim":
        desk.claim(task_id)
    else:
        with desk.database.write() as session:
            claims.release(session, task_id, desk.anna, desk.clock.now())

    with desk.database.read() as session:
        assert [(one.topic, one.subject_id) for one in changes.since(session, seen)] == [("claim", task_id)]


def test_a_refused_claim_is_no_news(desk: Desk) -> None:
    task_id = desk.waits()
    desk.claim(task_id, desk.anna)
    with desk.database.read() as session:
        seen = changes.last_id(session)

    desk.claim(task_id, desk.bolat)

    with desk.database.read() as session:
        assert changes.since(session, seen) == []
        assert session.execute(select(col(TaskRow.claimed_by))).scalar() == desk.anna
