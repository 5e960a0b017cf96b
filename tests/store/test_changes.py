"""Hints to open screens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake109.clock import MovedClock
from intake109.store import changes
from intake109.store.changes import Topic
from intake109.store.database import Database


def tell(database: Database, clock: MovedClock, *subjects: int) -> None:
    with database.write() as session:
        for subject in subjects:
            changes.tell(session, Topic.TASK, subject, clock.now())


def test_a_reader_hears_what_came_after_what_it_knows_in_order(database: Database, clock: MovedClock) -> None:
    tell(database, clock, 1)
    with database.read() as session:
        known = changes.last_id(session)

    tell(database, clock, 2, 3)

    with database.read() as session:
        assert [one.subject_id for one in changes.since(session, known)] == [2, 3]
        assert [one.subject_id for one in changes.since(session, known, limit=1)] == [2]


def test_what_was_rolled_back_was_never_said(database: Database, clock: MovedClock) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:  # noqa: PT012
        changes.tell(session, Topic.TASK, 1, clock.now())
        session.flush()
        raise ZeroDivisionError

    with database.read() as session:
        assert (changes.last_id(session), changes.since(session, 0)) == (0, [])


def test_old_hints_are_swept_and_new_ones_stay(database: Database, clock: MovedClock) -> None:
    tell(database, clock, 1)
    clock.advance(timedelta(hours=1))
    tell(database, clock, 2)

    with database.write() as session:
        changes.sweep(session, clock.now() - timedelta(minutes=59))

    with database.read() as session:
        assert [one.subject_id for one in changes.since(session, 0)] == [2]
