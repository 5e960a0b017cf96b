"""Finding what a text repeats."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake109.clock import MovedClock
from intake109.dedup.originals import WINDOW
from intake109.store.database import Database
from intake109.store.tables import MentionRow, TaskRow
from tests.desk import SECOND, Desk

WORDS = "На Абая 10 третий день нет света"


@pytest.mark.parametrize(("later", "is_found"), [(WINDOW, True), (WINDOW + SECOND, False)])
def test_an_equal_text_counts_for_seventy_two_hours(
    database: Database, clock: MovedClock, later: timedelta, is_found: bool
) -> None:
    desk = Desk(database, clock)
    desk.waits(WORDS)
    clock.advance(later)

    desk.waits(WORDS)

    assert (desk.rows(MentionRow)[1].original_id == 1) == is_found


def test_a_copy_of_a_copy_names_the_first(database: Database, clock: MovedClock) -> None:
    desk = Desk(database, clock)

    for _ in range(3):
        desk.waits(WORDS)

    assert [(row.original_id, row.original_why) for row in desk.rows(MentionRow)] == [
        (None, ""),
        (1, "copy"),
        (1, "copy"),
    ]


def test_a_copy_names_the_first_even_when_that_is_out_of_the_window(database: Database, clock: MovedClock) -> None:
    desk = Desk(database, clock)
    desk.waits(WORDS)
    clock.advance(WINDOW - timedelta(hours=1))
    desk.waits(WORDS)
    clock.advance(timedelta(hours=2))

    desk.waits(WORDS)

    assert desk.rows(MentionRow)[2].original_id == 1


def test_the_citizens_own_earlier_mention_comes_before_anybodys(database: Database, clock: MovedClock) -> None:
    desk = Desk(database, clock)
    desk.waits(WORDS)
    own = desk.waits(WORDS, author="oleg")
    desk.register(own)
    clock.advance(timedelta(hours=1))

    desk.waits(WORDS, author="oleg")

    last = desk.rows(MentionRow)[-1]
    assert (last.original_id, last.original_why) == (2, "same_author")


def test_in_a_storm_of_the_same_words_a_citizens_repeat_makes_no_second_task(
    sqlite: Database, clock: MovedClock
) -> None:
    desk = Desk(sqlite, clock)
    for _ in range(25):
        desk.waits(WORDS)
    desk.waits(WORDS, author="oleg")
    clock.advance(timedelta(minutes=30))

    desk.waits(WORDS + "!!!", author="oleg")

    assert len(desk.rows(TaskRow)) == 26
