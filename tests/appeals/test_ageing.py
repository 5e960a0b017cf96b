"""Yellow when a deadline is near or the executor's own day has come, red when it is past, late for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake109.appeals.course import Status
from intake109.appeals.terms import ageing
from intake109.appeals.terms.ageing import Age
from intake109.appeals.terms.calendar import WorkingCalendar, Year
from intake109.appeals.terms.deadlines import Terms
from intake109.catalogue.services import Words
from intake109.errors import ConflictError
from intake109.jobs.ageing import OverdueNews
from intake109.jobs.loop import Threads
from intake109.queue import decisions
from intake109.store import ageing as ages
from intake109.store import appeals, audit
from intake109.store.tables import AlertRow, AppealRow, OrganisationRow, OutboxRow
from tests.appeals.cases import MANHOLE, SETTING, appeal, merge, registered
from tests.city import CATALOGUE, RULES, ZONE
from tests.desk import PIT, SECOND, Desk

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def threads() -> Iterator[Threads]:
    found = Threads()
    yield found
    found.close()


@contextmanager
def changed(desk: Desk, number: str) -> Iterator[AppealRow]:
    """Change an appeal as another room would."""
    with desk.database.write() as session:
        row = appeals.by_number(session, number)
        assert row is not None
        yield row


def age(desk: Desk, number: str) -> Age:
    return ageing.age(appeal(desk, number), ZONE, desk.clock.now())


def counted(desk: Desk) -> tuple[int, int]:
    now = desk.clock.now()
    with desk.database.read() as session:
        found = ages.count(session, now, ageing.day_ends(ZONE, now))
    return found.yellow, found.red


def reporting(desk: Desk, threads: Threads) -> OverdueNews:
    return OverdueNews(lambda: SETTING, desk.database, desk.clock, threads)


def press(desk: Desk, number: str, act: Callable[..., AppealRow] = ageing.press, user_id: int = 0) -> AppealRow:
    with desk.database.write() as session:
        return act(session, number, user_id or desk.anna, SETTING, desk.clock.now())


def overdue(desk: Desk, organisation: str = "") -> str:
    """Register danger, let its day pass, and return its number."""
    number = registered(desk, "Открытый люк", MANHOLE)
    with changed(desk, number) as row:
        row.organisation = organisation
    desk.clock.advance(DAY)
    return number


def with_superior(desk: Desk, email: str = "boss@example.kz", telegram: str = "") -> str:
    """Enter an organisation and return its code."""
    with desk.database.write() as session:
        session.add(
            OrganisationRow(
                code="road-1",
                executor="road_service",
                name_ru="Дорожник",
                superior_name="А. Сериков",
                superior_email=email,
                superior_telegram=telegram,
                created_at=desk.clock.now(),
            )
        )
    return "road-1"


def letters(desk: Desk, purpose: str) -> list[OutboxRow]:
    return [row for row in desk.rows(OutboxRow) if row.purpose == purpose and row.state != "cancelled"]


def test_the_store_asks_for_the_statuses_that_can_be_late() -> None:
    assert set(ages.RUNNING) == {status.value for status in ageing.RUNNING}


def test_a_day_is_yellow_for_its_last_six_hours_and_red_from_its_very_end(desk: Desk) -> None:
    number = registered(desk, "Открытый люк", MANHOLE)

    seen = []
    for step in (18 * HOUR - SECOND, SECOND, 6 * HOUR - SECOND, SECOND):
        desk.clock.advance(step)
        seen.append((age(desk, number), counted(desk)))

    assert seen == [
        (Age.CALM, (0, 0)),
        (Age.YELLOW, (1, 0)),
        (Age.YELLOW, (1, 0)),
        (Age.RED, (0, 1)),
    ]


def test_the_day_an_executor_promised_it_for_is_yellow_from_its_first_minute(desk: Desk) -> None:
    number = registered(desk)
    midnight = ageing.day_ends(ZONE, desk.clock.now())
    with changed(desk, number) as row:
        row.promised_at = midnight + 15 * HOUR

    before = (age(desk, number), counted(desk))
    desk.clock.advance(midnight - desk.clock.now())

    assert before == (Age.CALM, (0, 0))
    assert (age(desk, number), counted(desk)) == (Age.YELLOW, (1, 0))


@pytest.mark.parametrize("status", sorted(set(Status) - ageing.RUNNING))
def test_what_is_over_answered_or_waits_for_the_citizen_has_no_age(desk: Desk, status: Status) -> None:
    number = overdue(desk)
    with changed(desk, number) as row:
        row.status = status.value

    assert age(desk, number) is Age.CALM
    assert counted(desk) == (0, 0)


def test_long_term_stops_no_clock(desk: Desk) -> None:
    number = overdue(desk)
    with changed(desk, number) as row:
        row.status = Status.LONG_TERM.value

    assert age(desk, number) is Age.RED


def test_late_and_closed_stays_late(desk: Desk) -> None:
    number = registered(desk, "Открытый люк", MANHOLE)
    with changed(desk, number) as row:
        row.executed_at = row.deadline_at
    in_time = ageing.was_late(appeal(desk, number))
    with changed(desk, number) as row:
        row.executed_at, row.closed_at = row.deadline_at + SECOND, row.deadline_at + 99 * DAY
        row.status = Status.CLOSED.value

    assert not in_time
    assert ageing.was_late(appeal(desk, number))


def test_one_key_sends_it_to_the_executor_again_but_once_an_hour(desk: Desk) -> None:
    number = registered(desk)

    press(desk, number)

    (letter,) = letters(desk, "reminder")
    assert number in letter.text
    assert letter.not_before == desk.clock.now() + SETTING.undo
    desk.clock.advance(HOUR - SECOND)
    with pytest.raises(ConflictError, match="a short while ago"):
        press(desk, number)
    desk.clock.advance(SECOND)
    press(desk, number)
    assert len(letters(desk, "reminder")) == 2


def test_a_reminder_is_taken_back_before_it_leaves_and_then_the_key_works_again(desk: Desk) -> None:
    number = registered(desk)
    press(desk, number)
    desk.clock.advance(9 * SECOND)

    press(desk, number, ageing.unpress)

    assert letters(desk, "reminder") == []
    assert appeal(desk, number).pressed_at is None
    press(desk, number)
    assert len(letters(desk, "reminder")) == 1


def test_nobody_takes_back_what_is_not_theirs_or_has_left(desk: Desk) -> None:
    number = registered(desk)
    press(desk, number)

    with pytest.raises(ConflictError):
        press(desk, number, ageing.unpress, desk.bolat)
    desk.clock.advance(SETTING.undo)
    with pytest.raises(ConflictError):
        press(desk, number, ageing.unpress)


def test_a_closed_appeal_is_not_sent_again(desk: Desk) -> None:
    number = registered(desk)
    with changed(desk, number) as row:
        row.status, row.closed_at = Status.CLOSED.value, desk.clock.now()

    with pytest.raises(ConflictError, match="no executor has"):
        press(desk, number)


def test_red_is_told_to_the_superior_once(desk: Desk, threads: Threads) -> None:
    number = overdue(desk, with_superior(desk))
    chore = reporting(desk, threads)

    told = [chore.tell(), chore.tell()]

    (letter,) = letters(desk, "overdue")
    assert told == [1, 0]
    assert (letter.channel, letter.address) == ("email", '{"to": "boss@example.kz"}')
    assert letter.text.startswith(f"№ {number} · Абая 10")
    assert "А. Сериков" in letter.text
    assert "Дорожник" in letter.text
    assert desk.rows(AlertRow) == [] or all(row.kind != "overdue" for row in desk.rows(AlertRow))
    with desk.database.read() as session:
        noted = audit.of(session, "appeal", appeal(desk, number).id or 0)
    assert [row.detail for row in noted if row.action == "overdue"] == [{"organisation": "road-1"}]


def test_a_superior_without_mail_is_told_on_telegram(desk: Desk, threads: Threads) -> None:
    overdue(desk, with_superior(desk, email="", telegram="-100500"))

    reporting(desk, threads).tell()

    (letter,) = letters(desk, "overdue")
    assert (letter.channel, letter.address) == ("telegram", '{"chat_id": -100500}')


def test_without_a_superior_the_supervisors_get_one_alert_for_however_many(desk: Desk, threads: Threads) -> None:
    for _ in range(3):
        registered(desk, "Открытый люк", MANHOLE)
    desk.clock.advance(DAY)

    told = reporting(desk, threads).tell()

    found = [row for row in desk.rows(AlertRow) if row.kind == "overdue"]
    assert told == 3
    assert [row.audience for row in found] == ["role:supervisor"]
    assert letters(desk, "overdue") == []


def test_what_waits_for_its_citizen_is_told_of_to_nobody_and_a_new_term_is_told_of_again(
    desk: Desk, threads: Threads
) -> None:
    number = overdue(desk, with_superior(desk))
    with changed(desk, number) as row:
        row.status, row.waiting_since = Status.WAITING.value, desk.clock.now()
    chore = reporting(desk, threads)
    while_waiting = chore.tell()
    with changed(desk, number) as row:
        row.status, row.waiting_since = Status.FORWARDED.value, None

    first = chore.tell()
    with changed(desk, number) as row:
        row.round, row.overdue_told_at, row.deadline_at = 2, None, row.deadline_at + SECOND
    desk.clock.advance(SECOND)
    second = chore.tell()

    assert (while_waiting, first, second) == (0, 1, 1)
    assert len(letters(desk, "overdue")) == 2


def test_waiting_moves_the_term_of_a_case_and_of_what_lies_in_it(desk: Desk) -> None:
    first, second = registered(desk), registered(desk)
    merge(desk, second, first)
    before = [appeal(desk, number).deadline_at for number in (first, second)]
    asked = desk.clock.now()
    with desk.database.write() as session:
        row = appeals.by_number(session, first)
        assert row is not None
        row.waiting_since = asked
        warned = row.warn_at
        ageing.go_on(session, row, Terms(ZONE), asked + 3 * DAY)

    case, lying = appeal(desk, first), appeal(desk, second)
    assert case.deadline_at == case.own_deadline_at == lying.deadline_at > before[0] == before[1]
    assert case.warn_at is not None
    assert warned is not None
    assert case.warn_at - warned == case.deadline_at - before[0]
    assert case.deadline_why["waited_s"] == 3 * 86400


def test_editing_norm_or_calendar_rewrites_no_registered_appeal(desk: Desk) -> None:
    before = appeal(desk, registered(desk))
    services = CATALOGUE.services | {"ROAD-001": replace(CATALOGUE.services["ROAD-001"], deadline="2wd")}
    friday = before.registered_at.astimezone(ZONE).date() + timedelta(days=1)
    calendar = WorkingCalendar({2026: Year(2026, {friday: Words("праздник", "мереке", "holiday")}, {})})
    edited = replace(RULES, catalogue=replace(CATALOGUE, services=services), calendar=calendar)

    task = desk.waits()
    with desk.database.write() as session:
        later = decisions.register(session, task, desk.anna, PIT, edited, desk.clock.now()).number

    assert appeal(desk, before.number).model_dump() == before.model_dump()
    after = appeal(desk, later)
    assert (after.norm, after.deadline_why["norm"]) == ("2wd", "2wd")
    assert after.calendar != before.calendar


def test_midnight_is_the_citys(desk: Desk) -> None:
    assert ageing.day_ends(ZONE, datetime(2026, 11, 20, 18, 59, tzinfo=UTC)) == datetime(2026, 11, 20, 19, tzinfo=UTC)
    assert ageing.day_ends(ZONE, datetime(2026, 11, 20, 19, 0, tzinfo=UTC)) == datetime(2026, 11, 21, 19, tzinfo=UTC)
