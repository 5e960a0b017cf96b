"""Hints become visible when their transaction commits, and each is told once, however slow its transaction was."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from intake109.clock import MovedClock
from intake109.review_ui.live.feed import Feed
from intake109.review_ui.live.hints import Hints
from intake109.store import changes
from intake109.store.changes import Topic
from intake109.store.database import Database
from tests.city import Street, said

on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def tell(database: Database, clock: MovedClock, *subjects: int) -> None:
    with database.write() as session:
        for subject in subjects:
            changes.tell(session, Topic.HEALTH, subject, clock.now())


def heard(hints: Hints, database: Database, clock: MovedClock) -> list[int]:
    with database.read() as session:
        return [one.subject_id for one in hints.fresh(session, clock.now())]


@on_postgresql
def test_a_slow_transaction_is_heard_of_after_hundreds_of_quick_ones(database: Database, clock: MovedClock) -> None:
    hints = Hints()
    with database.write() as slow:
        changes.tell(slow, Topic.HEALTH, 1, clock.now())
        for number in range(300):
            tell(database, clock, 1000 + number)
        before = heard(hints, database, clock)

    after, again = heard(hints, database, clock), heard(hints, database, clock)

    assert (len(before), after, again) == (300, [1], [])


@on_postgresql
def test_what_was_being_written_when_the_first_screen_opened_is_heard_of(database: Database, clock: MovedClock) -> None:
    hints = Hints()
    with database.write() as slow:
        changes.tell(slow, Topic.HEALTH, 1, clock.now())
        tell(database, clock, 2)
        with database.read() as session:
            hints.begin(session, clock.now())

    assert heard(hints, database, clock) == [1]


@on_postgresql
def test_what_was_rolled_back_is_not_waited_for_for_ever(database: Database, clock: MovedClock) -> None:
    hints = Hints()
    with pytest.raises(KeyError), database.write() as session:  # noqa: PT012
        changes.tell(session, Topic.HEALTH, 1, clock.now())
        raise KeyError
    tell(database, clock, 2)
    first = heard(hints, database, clock)
    clock.advance(timedelta(seconds=31))

    later = heard(hints, database, clock)

    assert (first, later, hints._gaps) == ([2], [], {})


@on_postgresql
def test_a_screen_that_opens_is_told_what_its_page_could_not_show_yet(database: Database, clock: MovedClock) -> None:
    street, feed = Street(database, clock), Feed(database, clock)
    street.hear(said("1", "Яма", clock.now()))
    with database.read() as session:
        seen = changes.last_id(session)

    at_once = json.loads(feed.missed(seen).data)["tasks"]
    clock.advance(timedelta(seconds=6))
    later = json.loads(feed.missed(seen).data)["tasks"]

    assert ([one["id"] for one in at_once], later) == ([1], [])
