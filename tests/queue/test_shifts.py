"""Who is at work, what is put before whom, what one shift leaves to the next, and that nothing waits for ever."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake109.clock import MovedClock
from intake109.errors import ConflictError, RefusedError
from intake109.queue import claims, shifts
from intake109.queue.shifts import Left
from intake109.store import audit, duties, giving, handovers, people, readers, tasks
from intake109.store.database import Database
from intake109.store.tables import HandoverRow, SessionRow
from tests.city import PROMISE, hire
from tests.desk import MINUTE, SECOND, Desk
from tests.race import race


def log_in(desk: Desk, *people: int) -> None:
    with desk.database.write() as session:
        for user_id in people:
            now, token = desk.clock.now(), secrets.token_hex(4)
            until = now + timedelta(hours=14)
            session.add(SessionRow(token_hash=token, user_id=user_id, csrf="x", created_at=now, expires_at=until))


def switch(desk: Desk, user_id: int, state: str) -> None:
    with desk.database.write() as session:
        shifts.switch(session, user_id, state, desk.clock.now())


def on_duty(desk: Desk) -> list[int]:
    with desk.database.read() as session:
        return duties.on_duty(session, desk.clock.now())


def give(desk: Desk, task_id: int, to: int) -> None:
    with desk.database.write() as session:
        shifts.give(session, task_id, to, desk.bolat, desk.clock.now())


@pytest.fixture
def shift(desk: Desk) -> Desk:
    """A desk with both people logged in and on duty."""
    log_in(desk, desk.anna, desk.bolat)
    switch(desk, desk.anna, "on")
    switch(desk, desk.bolat, "on")
    return desk


def test_on_duty_is_who_said_so_and_is_logged_in_somewhere(desk: Desk) -> None:
    log_in(desk, desk.anna)
    switch(desk, desk.anna, "on")
    switch(desk, desk.bolat, "on")  # and has gone home

    at_work = on_duty(desk)
    desk.clock.advance(timedelta(hours=14))

    assert (at_work, on_duty(desk)) == ([desk.anna], [])


def test_a_break_frees_what_was_held_and_takes_one_off_duty(shift: Desk) -> None:
    task_id = shift.waits()
    shift.claim(task_id)

    switch(shift, shift.anna, "break")

    assert on_duty(shift) == [shift.bolat]
    assert shift.claim(task_id, shift.bolat)


def test_alerts_do_not_count_somebody_on_a_break_as_present(shift: Desk) -> None:
    with shift.database.write() as session:
        for user_id in (shift.anna, shift.bolat):
            people.seen(session, user_id, shift.clock.now())
    switch(shift, shift.anna, "break")

    with shift.database.read() as session:
        now = shift.clock.now()
        assert [one.id for one in duties.at_desk(session, now, now - MINUTE)] == [shift.bolat]


def test_alerts_do_not_count_somebody_who_has_gone_off_duty_but_a_supervisor_without_a_shift(shift: Desk) -> None:
    boss = hire(shift.database, shift.clock, "boss", "supervisor")
    log_in(shift, boss)
    shift.clock.advance(MINUTE)
    with shift.database.write() as session:
        for user_id in (shift.anna, shift.bolat, boss):
            people.seen(session, user_id, shift.clock.now())
    switch(shift, shift.anna, "off")

    with shift.database.read() as session:
        now = shift.clock.now()
        assert {one.id for one in duties.at_desk(session, now, now - MINUTE)} == {shift.bolat, boss}


def test_a_shift_is_as_long_as_its_breaks_are_part_of_it(shift: Desk) -> None:
    began = shift.clock.now()
    for state in ("break", "on"):
        shift.clock.advance(10 * MINUTE)
        switch(shift, shift.anna, state)

    with shift.database.read() as session:
        assert duties.last_began_at(session, shift.anna) == began


def test_switching_to_what_one_is_changes_nothing(shift: Desk) -> None:
    switch(shift, shift.anna, "on")

    with shift.database.read() as session:
        assert len(audit.of(session, "user", shift.anna)) == 1
    with shift.database.write() as session, pytest.raises(RefusedError):
        shifts.switch(session, shift.anna, "asleep", shift.clock.now())


def test_a_task_given_is_its_holders_whoever_held_it_and_comes_next(shift: Desk) -> None:
    danger, calm = shift.waits("Открытый люк"), shift.waits()
    shift.claim(calm, shift.bolat)

    give(shift, calm, shift.anna)

    with shift.database.read() as session:
        assert [one.id for one in giving.given_to(session, shift.anna, shift.clock.now())] == [calm]
    assert [shift.claim_next(shift.anna) for _ in range(2)] == [calm, danger]
    assert shift.task(calm).given_by is None


def test_a_task_given_to_somebody_who_does_not_open_it_is_free_again(shift: Desk) -> None:
    task_id = shift.waits()
    give(shift, task_id, shift.anna)

    shift.clock.advance(shifts.GIVEN_LEASE - SECOND)
    before = shift.claim_next(shift.bolat)
    shift.clock.advance(SECOND)

    assert (before, shift.claim_next(shift.bolat)) == (None, task_id)


def test_nothing_is_given_to_somebody_on_a_break_and_nothing_decided_is_given(shift: Desk) -> None:
    task_id = shift.waits()
    switch(shift, shift.anna, "break")

    with pytest.raises(RefusedError):
        give(shift, task_id, shift.anna)
    shift.register(task_id, shift.bolat)
    with pytest.raises(ConflictError):
        give(shift, task_id, shift.bolat)


def test_a_task_taken_back_is_everybodys_and_keeps_the_draft(shift: Desk) -> None:
    task_id = shift.waits()
    shift.claim(task_id, shift.anna)
    with shift.database.write() as session:
        tasks.save_draft(session, task_id, shift.anna, {"note": "ждём"}, shift.clock.now())

    with shift.database.write() as session:
        shifts.take_back(session, task_id, shift.bolat, shift.clock.now())

    with shift.database.read() as session:
        assert [one.content["note"] for one in tasks.drafts(session, task_id)] == ["ждём"]
        assert [one.action for one in audit.of(session, "task", task_id)] == ["taken back"]
    assert shift.claim(task_id, shift.bolat)


def test_typing_renews_ones_own_lease_and_takes_nothing_from_anybody(desk: Desk) -> None:
    task_id = desk.waits()
    desk.claim(task_id, desk.anna)
    desk.clock.advance(MINUTE)

    with desk.database.write() as session:
        claims.renew(session, task_id, desk.bolat, PROMISE, desk.clock.now())
        claims.renew(session, task_id, desk.anna, PROMISE, desk.clock.now())

    task = desk.task(task_id)
    assert (task.claimed_by, task.lease_until) == (desk.anna, desk.clock.now() + 2 * MINUTE)


def test_what_is_typed_quickly_renews_the_lease_rarely(desk: Desk) -> None:
    task_id = desk.waits()
    desk.claim(task_id, desk.anna)
    until = desk.task(task_id).lease_until
    desk.clock.advance(5 * SECOND)

    with desk.database.write() as session:
        claims.renew(session, task_id, desk.anna, PROMISE, desk.clock.now())

    assert desk.task(task_id).lease_until == until


def test_readers_are_news_when_they_come_and_when_they_fall_silent(desk: Desk) -> None:
    task_id, other = desk.waits(), desk.waits("Ещё яма")

    def look(user_id: int, at: int) -> list[int]:
        with desk.database.write() as session:
            return readers.look(session, at, user_id, desk.clock.now())

    came, stays = look(desk.anna, task_id), look(desk.anna, task_id)
    desk.clock.advance(readers.FRESH)
    with desk.database.read() as session:
        seen = readers.of(session, [task_id], desk.clock.now())
    noticed = look(desk.bolat, other)

    assert (came, stays, seen, sorted(noticed)) == ([task_id], [], {}, [task_id, other])


def test_a_hand_over_is_signed_by_two_and_keeps_ids_only(shift: Desk) -> None:
    danger, asked = shift.waits("Открытый люк"), shift.waits()
    shift.ask(asked)
    now = shift.clock.now()

    with shift.database.write() as session:
        handover_id = shifts.hand_over(session, shift.anna, " Ждём газовиков ", now, is_leaving=True)
    alone = on_duty(shift)
    with shift.database.write() as session, pytest.raises(ConflictError):
        shifts.take_over(session, handover_id, shift.anna, now)
    with shift.database.write() as session:
        shifts.take_over(session, handover_id, shift.bolat, now + MINUTE)

    (row,) = shift.rows(HandoverRow)
    left = Left.from_json(row.content)
    assert (left.open, left.asked, row.note) == ([danger, asked], [asked], "Ждём газовиков")
    assert (row.outgoing_id, row.incoming_id, row.signed_in_at) == (shift.anna, shift.bolat, now + MINUTE)
    assert alone == [shift.bolat]
    assert "люк" not in str(row.content)


def test_only_one_takes_a_shift_over(shift: Desk) -> None:
    with shift.database.write() as session:
        handover_id = handovers.write(session, shift.anna, "", {}, shift.clock.now())

    def sign() -> bool:
        with shift.database.write() as session:
            return handovers.take_over(session, handover_id, shift.bolat, shift.clock.now())

    assert sorted(str(one) for one in race([sign, sign, sign])) == ["False", "False", "True"]


def test_a_broken_promise_has_its_turn_while_danger_never_ends(desk: Desk) -> None:
    broken = desk.waits()
    desk.clock.advance(20 * MINUTE)
    dangers = [desk.waits(f"Открытый люк {n}") for n in range(3)]

    first = [desk.claim_next() for _ in range(2)]
    later = desk.waits("Яма, и её обещание ещё не нарушено")

    assert first == [broken, dangers[0]]
    assert [desk.claim_next() for _ in range(3)] == [*dangers[1:], later]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ordinary=st.integers(1, 3),
    dangers_a_minute=st.integers(1, 2),
    returned=st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_nothing_waits_for_ever_while_claims_go_on(
    sqlite: Database, ordinary: int, dangers_a_minute: int, returned: list[bool]
) -> None:
    desk = _fresh(sqlite)
    waiting = {desk.waits(f"Яма {n}") for n in range(ordinary)}
    desk.clock.advance(PROMISE.promise)
    longest = 5 * ordinary

    for minute in range(longest):
        for n in range(dangers_a_minute):  # always more danger than anybody can take
            desk.waits(f"Открытый люк {minute} {n}")
        task_id = desk.claim_next()
        assert task_id is not None
        if task_id not in waiting and returned[minute % len(returned)]:
            with desk.database.write() as session:
                claims.release(session, task_id, desk.anna, desk.clock.now())
        elif desk.task(task_id).decided_at is None:
            desk.register(task_id)
            waiting.discard(task_id)
        desk.clock.advance(MINUTE)

    assert waiting == set()


def _fresh(database: Database) -> Desk:
    """Return a desk upon an emptied queue: examples share a database."""
    from tests.conftest import NOON

    with database.write() as session:
        connection = session.connection()
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").all():
            if name != "alembic_version" and not name.startswith("sqlite_"):
                connection.exec_driver_sql(f"DELETE FROM {name}")
    return Desk(database, MovedClock(NOON))
