"""What the report counts, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from intake109.errors import RefusedError
from intake109.queue import automatic, checking
from intake109.queue.decisions import Dismissal, Form
from intake109.reports import sheets
from intake109.reports.figures import Figures, Point, Ranked
from intake109.reports.lateness import minutes
from intake109.reports.period import Period
from intake109.reports.ratings import shrunken
from intake109.reports.reading import Rule, read
from intake109.reports.words import words
from intake109.store import spells
from intake109.store import words as said_words
from intake109.store.tables import AppealRow, OrganisationRow, ReporterRow, RoundRow, StepRow, TaskRow
from tests.city import CATALOGUE, RULES, ZONE
from tests.desk import MINUTE, PIT, Desk

FRIDAY = Period(date(2026, 11, 20), date(2026, 11, 20), ZONE)
DAY = timedelta(days=1)


def figures(desk: Desk, period: Period = FRIDAY) -> Figures:
    with desk.database.read() as session:
        return read(session, period, Rule({"road_service": "deputy"}), desk.clock.now())


def automatically(desk: Desk, task_id: int) -> AppealRow:
    with desk.database.write() as session:
        return automatic.register(session, task_id, RULES, desk.clock.now())


def change(desk: Desk, number: str, **values: object) -> None:
    with desk.database.write() as session:
        session.execute(update(AppealRow).where(AppealRow.number == number).values(**values))  # type: ignore[arg-type]


def test_a_day_without_a_word_has_figures_too(desk: Desk) -> None:
    found = figures(desk)

    assert (found.first, found.last) == ("2026-11-20", "2026-11-20")
    assert (found.flow.mentions, found.kept.promised, found.kept.median_min) == (0, 0, None)
    assert len(found.flow.by_hour) == 24
    assert [*found.executors, *found.curators, *found.areas, *found.staff.work] == []


def test_mentions_are_counted_by_channel_language_sphere_and_outcome(desk: Desk) -> None:
    first, second, third = desk.waits(), desk.waits("Жолда шұңқыр"), desk.waits("Открытый люк на Абая 10")
    desk.waits("Ещё одна яма")
    number = desk.register(first).number
    desk.attach(second, number)
    desk.dismiss(third, Dismissal.SPAM)

    found = figures(desk).flow

    (channel,) = found.by_channel
    assert (channel.code, channel.mentions, channel.appeals, channel.attached) == ("telegram", 4, 1, 1)
    assert (channel.dismissed, channel.open) == (1, 1)
    assert {one.code: one.mentions for one in found.by_language} == {"ru": 3, "kk": 1}
    assert {one.code: one.mentions for one in found.by_sphere} == {"roads": 3, "sewerage": 1}
    assert found.by_day == (Point("2026-11-20", 4, 0),)
    assert found.by_hour[12] == Point("12", 4, 0)


def test_exactly_at_the_promise_is_late(desk: Desk) -> None:
    tasks = [desk.waits() for _ in range(4)]
    for task_id, at in zip(tasks, (14, 15, 19, 20), strict=True):
        desk.clock.advance(at * MINUTE - (desk.clock.now() - desk.task(tasks[0]).mentioned_at))
        desk.register(task_id)

    found = figures(desk)

    assert (found.kept.promised, found.kept.within_target, found.kept.within_promise) == (4, 1, 3)
    assert (found.kept.median_min, found.kept.p95_min) == (15, 20)
    assert (found.lateness.desk, found.lateness.collector, found.lateness.open) == (1, 0, 0)
    assert found.flow.by_day == (Point("2026-11-20", 4, 1),)


def test_what_is_still_open_after_the_promise_is_late(desk: Desk) -> None:
    desk.waits()
    desk.clock.advance(20 * MINUTE)

    found = figures(desk)

    assert (found.kept.open, found.kept.late_open, found.lateness.open) == (1, 1, 1)


def test_the_machines_registrations_are_told_apart_and_what_became_of_them(desk: Desk) -> None:
    held, free, wrong = desk.waits(), desk.waits(), desk.waits("Открытый люк")
    desk.claim(held)
    desk.clock.advance(17 * MINUTE)
    for task_id in (held, free, wrong):
        automatically(desk, task_id)
    with desk.database.write() as session:
        checking.confirm(session, free, desk.anna, RULES, desk.clock.now())
        checking.correct(session, wrong, desk.anna, Form("GAS-003", reply="№ {number}"), RULES, desk.clock.now())

    found = figures(desk)

    assert (found.kept.by_machine, found.kept.by_person, found.kept.within_by_machine) == (3, 0, 3)
    machines = found.automatic
    assert (machines.registered, machines.confirmed, machines.corrected, machines.unchecked) == (3, 1, 1, 1)
    assert found.staff.missed_by_nobody == 2
    assert {one.name: one.missed for one in found.staff.work} == {"Anna": 1}


def test_the_classifier_is_held_against_what_people_chose(desk: Desk) -> None:
    agreed, corrected, danger = desk.waits(), desk.waits(), desk.waits("Открытый люк")
    desk.register(agreed)
    desk.register(corrected, form=Form("HEAT-001", reply="№ {number}", is_incident=True))
    desk.register(danger, form=Form("ROAD-001", reply="№ {number}"))
    desk.dismiss(desk.waits("Спасибо вам"), Dismissal.THANKS)

    found = figures(desk).machine

    assert (found.decisions, found.compared, found.first, found.top3) == (4, 3, 1, 1)
    assert (found.incidents, found.incidents_heard, found.incidents_missed, found.incidents_false) == (1, 0, 1, 1)
    (drawn,) = found.sample
    assert (drawn.reason, drawn.by, drawn.channel) == ("thanks", "Anna", "telegram")


def test_blind_minutes_of_one_channel_that_lie_over_each_other_count_once(desk: Desk) -> None:
    now = desk.clock.now()
    with desk.database.write() as session:
        spells.note(session, "instagram.tags", "instagram", now - 30 * MINUTE, now - 10 * MINUTE, "errors")
        spells.note(session, "instagram.mentions", "instagram", now - 20 * MINUTE, now, "silence")
        spells.note(session, "telegram.poll", "telegram", now - DAY, now - 11 * timedelta(hours=1), "errors")
        spells.begin(session, "whatsapp.webhook", "whatsapp", now - 5 * MINUTE, "expired")

    found = {one.channel: (one.minutes, one.spells) for one in figures(desk).lateness.blind}

    assert found == {"instagram": (30, 2), "telegram": (60, 1), "whatsapp": (5, 1)}


def test_minutes_of_nothing_are_none() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)

    assert minutes([]) == 0
    assert minutes([(noon, noon + 10 * MINUTE), (noon + MINUTE, noon + 2 * MINUTE)]) == 10


def test_what_became_of_appeals_and_how_they_stand_at_the_end(desk: Desk) -> None:
    numbers = [desk.register(desk.waits()).number for _ in range(5)]
    desk.answer(desk.waits(), Form("ROAD-001", reply="Ответ {number}"))
    now = desk.clock.now()
    change(desk, numbers[0], status="closed", closed_at=now, executed_at=now, closed_as="satisfied")
    late = {"executed_at": now, "deadline_at": now - DAY}
    change(desk, numbers[1], status="closed", closed_at=now, closed_as="unreached", **late)
    change(desk, numbers[2], deadline_at=now - MINUTE)
    change(desk, numbers[3], deadline_at=now - MINUTE, status="waiting")
    change(desk, numbers[4], deadline_at=now + MINUTE, warn_at=now)
    with desk.database.write() as session:
        session.add(StepRow(appeal_id=1, round=1, before="forwarded", after="returned", at=now))
        for undone_at in (None, now):
            session.add(
                RoundRow(
                    appeal_id=1,
                    round=2,
                    mention_id=1,
                    opened_at=now,
                    closed_at=now,
                    deadline_at=now,
                    status="closed",
                    undone_at=undone_at,
                )
            )
    desk.clock.advance(MINUTE / 2)

    found = figures(desk).course

    assert (found.registered, found.closed, found.satisfied, found.unreached) == (6, 3, 1, 1)
    assert (found.answered_at_once, found.closed_late, found.closed_late_ever) == (1, 1, 1)
    assert (found.open, found.red, found.yellow, found.waiting) == (3, 1, 1, 1)
    assert (found.returned, found.reopened) == (1, 1)


def test_late_and_closed_stays_late_on_every_later_day(desk: Desk) -> None:
    number, now = desk.register(desk.waits()).number, desk.clock.now()
    change(desk, number, status="closed", closed_at=now, executed_at=now, closed_as="satisfied", deadline_at=now - DAY)
    desk.clock.advance(40 * DAY)
    later = Period(date(2026, 12, 25), date(2026, 12, 28), ZONE)

    found = figures(desk, later).course

    assert (found.closed_late, found.closed_late_ever) == (0, 1)


def test_areas_and_services_are_ranked_against_the_range_before(desk: Desk) -> None:
    desk.register(desk.waits("Яма в районе Михайловка"))
    desk.clock.advance(DAY)
    for _ in range(2):
        desk.register(desk.waits("Яма в районе Михайловка"))
    desk.register(desk.waits("Яма на Кривогуза 5"))

    found = figures(desk, Period(date(2026, 11, 21), date(2026, 11, 21), ZONE))

    assert found.areas == (Ranked("михайловк", "Михайловка", 2, 1), Ranked("кривогуз", "Кривогуза", 1, 0))
    assert found.services == (Ranked("ROAD-001", "", 3, 1),)


def test_an_executor_is_rated_by_time_and_by_citizens(desk: Desk) -> None:
    numbers = [desk.register(desk.waits()).number for _ in range(3)]
    now = desk.clock.now()
    change(desk, numbers[0], executed_at=now, status="answered")
    change(desk, numbers[1], executed_at=now, deadline_at=now - MINUTE, status="answered")
    with desk.database.write() as session:
        for nth, said in ((1, "yes"), (2, "no")):
            appeal, reporter = session.get_one(AppealRow, nth), session.get_one(ReporterRow, nth)
            said_words.add(session, appeal, reporter, said, None, now)
    desk.clock.advance(MINUTE)

    found = figures(desk)

    (executor,), (curator,) = found.executors, found.curators
    assert (executor.code, executor.due, executor.on_time, executor.asked, executor.satisfied) == (
        *("road_service", 2, 1, 2, 1),
    )
    assert (curator.code, curator.due, curator.score) == ("deputy", 2, executor.score)
    assert executor.score == 0.5


def test_an_organisation_is_rated_under_its_own_name(desk: Desk) -> None:
    number, now = desk.register(desk.waits()).number, desk.clock.now()
    change(desk, number, executed_at=now, status="answered", organisation="osi1")
    with desk.database.write() as session:
        organisation = OrganisationRow(code="osi1", executor="road_service", name_ru="ОСИ Заря", created_at=now)
        organisation.name_kk, organisation.curator = "Таң МИБ", "akim"
        session.add(organisation)
    desk.clock.advance(MINUTE)

    found = figures(desk)

    (executor,), (curator,) = found.executors, found.curators
    assert (executor.code, executor.name, executor.name_kk) == ("osi1", "ОСИ Заря", "Таң МИБ")
    assert curator.code == "akim"
    assert [sheets.Names(CATALOGUE, words(one)).executor(executor) for one in ("kk", "en")] == ["Таң МИБ", "ОСИ Заря"]


def test_one_of_one_is_not_before_ninety_five_of_a_hundred() -> None:
    assert shrunken(95, 100, 0.8) > shrunken(1, 1, 0.8) > shrunken(0, 1, 0.8)
    assert shrunken(0, 0, 0.8) == pytest.approx(0.8)


def test_inspectors_are_shown_with_their_channels_and_their_slips(desk: Desk) -> None:
    mine = desk.register(desk.waits())
    desk.register(desk.waits())
    desk.answer(desk.waits(), Form("ROAD-001", reply="Ответ {number}"))
    other = desk.waits()
    desk.clock.advance(21 * MINUTE)
    desk.register(other, desk.bolat, PIT)
    with desk.database.write() as session:
        for _ in range(2):  # returned twice, it is still one appeal at the wrong door
            at = desk.clock.now()
            session.add(StepRow(appeal_id=mine.id or 0, round=1, before="forwarded", after="returned", at=at))

    found = figures(desk).staff

    anna, bolat = found.work
    assert (anna.name, anna.decided, anna.registered, anna.answered_at_once) == ("Anna", 3, 2, 1)
    assert (anna.misassigned, anna.missed, anna.within_promise) == (1, 0, 3)
    assert [(one.channel, one.registered) for one in anna.by_channel] == [("telegram", 2)]
    assert (bolat.name, bolat.missed, bolat.within_promise) == ("Bolat", 1, 0)
    assert found.month == found.work
    assert found.month_from == "2026-11-01"


def test_the_reading_tells_how_far_it_is(small: Desk) -> None:
    told: list[float] = []

    with small.database.read() as session:
        read(session, FRIDAY, Rule(), small.clock.now(), told.append)

    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_mention_at_midnight_belongs_to_the_new_day(desk: Desk) -> None:
    desk.clock.advance(datetime(2026, 11, 20, 19, 0, tzinfo=UTC) - desk.clock.now())  # midnight in the city
    task_id = desk.waits()

    assert desk.task(task_id).mentioned_at == datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
    assert figures(desk).flow.mentions == 0
    assert figures(desk, Period(date(2026, 11, 21), date(2026, 11, 21), ZONE)).flow.mentions == 1


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-11-21", "2026-11-20"),
        ("2000-01-01", "2026-11-20"),
        ("0001-01-01", "0001-01-01"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(first: str, last: str) -> None:
    with pytest.raises(RefusedError):
        Period(date.fromisoformat(first), date.fromisoformat(last), ZONE)


def test_the_certain_no_appeals_are_not_promised(desk: Desk) -> None:
    desk.waits("Спасибо вам")
    with desk.database.write() as session:
        session.execute(update(TaskRow).values(shelf="no_appeal"))

    found = figures(desk)

    assert (found.flow.mentions, found.kept.promised, found.machine.shelved, found.machine.shelved_seen) == (1, 0, 1, 0)
