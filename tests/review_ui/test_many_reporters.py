"""A storm's appeal has eighty reporters: its page asks the database no more than for one."""

from __future__ import annotations

import pytest

from intake109.clock import MovedClock
from intake109.review_ui.desk import case
from intake109.review_ui.desk.case import Case, Names
from intake109.review_ui.desk.doubles import Double, doubles
from intake109.store.database import Database
from intake109.store.tables import MentionRow
from tests.city import CATALOGUE
from tests.desk import MINUTE, PIT, Desk
from tests.statements import counting


@pytest.fixture
def desk(database: Database, clock: MovedClock) -> Desk:
    return Desk(database, clock)


def read(desk: Desk, number: str) -> tuple[Case, int]:
    """Read an appeal; return it with how many statements that took."""
    with counting() as asked, desk.database.read() as session:
        found = case.read(session, number, Names(CATALOGUE, "ru"), is_executor=False)
    return found, len(asked)


def test_twelve_reporters_cost_as_many_queries_as_one(desk: Desk) -> None:
    number = desk.register(desk.waits("Яма номер 0")).number
    _, few = read(desk, number)
    for nth in range(1, 12):
        desk.attach(desk.waits(f"Яма номер {nth}"), number, PIT)

    found, many = read(desk, number)

    assert many == few
    assert [one.mention.text for one in found.reporters] == [f"Яма номер {nth}" for nth in range(12)]
    assert [one.task.mention_id for one in found.reporters if one.task] == [one.mention.id for one in found.reporters]


def test_each_reporter_has_the_own_talk_and_no_more_than_its_newest_lines(desk: Desk) -> None:
    number = desk.register(desk.waits("Яма", author="asel")).number
    desk.attach(desk.waits("Яма и у нас", author="timur"), number, PIT)
    desk.clock.advance(MINUTE)
    desk.waits("Когда?", author="asel")

    found, _ = read(desk, number)

    talks = [[(line.text, line.is_ours) for line in one.talk] for one in found.reporters]
    assert talks == [[("Ваш номер 2026-000001", True), ("Когда?", False)], [("Ваш номер 2026-000001", True)]]


def look(desk: Desk, text_hash: str) -> tuple[list[Double], int]:
    with counting() as asked, desk.database.read() as session:
        found = doubles(session, [], text_hash, desk.clock.now() - MINUTE)
    return found, len(asked)


def test_nine_doubles_cost_as_many_queries_as_one(desk: Desk) -> None:
    first = desk.waits("На Абая 10 уже месяц большая яма")
    number = desk.register(first).number
    text_hash = desk.rows(MentionRow)[0].text_hash
    _, few = look(desk, text_hash)
    for _ in range(8):
        desk.waits("На Абая 10 уже месяц большая яма")

    found, many = look(desk, text_hash)

    assert (many, len(found)) == (few, 9)
    assert [one.appeal.number for one in found if one.appeal] == [number] * 9  # copies join the case by themselves
