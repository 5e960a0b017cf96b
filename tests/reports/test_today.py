"""Today, so far, against the same weekday up to the same time of day."""

from __future__ import annotations

from datetime import timedelta

from intake109.clock import MovedClock
from intake109.reports.today import today
from intake109.store.database import Database
from tests.city import ZONE
from tests.desk import Desk

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


def test_a_morning_is_compared_with_a_morning(database: Database, clock: MovedClock) -> None:
    desk = Desk(database, clock)
    for step in (timedelta(0), HOUR, HOUR):  # at noon, one and two
        clock.advance(step)
        desk.register(desk.waits())
    clock.advance(WEEK - HOUR)
    for _ in range(2):
        desk.register(desk.waits())
    clock.advance(HOUR / 2)

    with database.read() as session:
        found = today(session, ZONE, clock.now())

    (road,) = found.services
    assert (found.mentions, found.registered) == (2, 2)
    assert (road.code, road.appeals, road.before) == ("ROAD-001", 2, 2)  # the third of a week ago came later
