"""Which outages explain what a citizen writes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake109.config import Outages
from intake109.outages import entering
from intake109.outages.matching import Phase, phase
from intake109.store import outages
from intake109.store.tables import OutageRow
from tests.outages.neighbourhood import HOUR, Neighbourhood, at, entry


def found(quarter: Neighbourhood, task_id: int) -> list[tuple[int, str]]:
    with quarter.database.read() as session:
        return [(row.id or 0, doubt) for row, doubt in outages.matches(session, task_id)]


@pytest.mark.parametrize(
    ("told", "doubt"),
    [
        ("Нет тепла, Абая 10", ""),
        ("Абай көшесі 12 үйде жылу жоқ", ""),
        ("Нет тепла на Гоголя 7", ""),
        ("Нет тепла на улице Абая", "house"),
        ("Нет тепла, Ключевая 3", ""),
        ("Нет тепла, Михайловка", ""),
        ("Нет горячей воды, Абая 10", "service"),
        ("Нет воды на улице Абая", "house service"),
        ("Нет тепла, Абая 11", None),
        ("Нет тепла, Ержанова 10", None),
        ("Нет тепла", None),
        ("Яма на Абая 10", None),
    ],
)
def test_service_and_place_must_both_be_the_outages(quarter: Neighbourhood, told: str, doubt: str | None) -> None:
    outage_id = quarter.announce("Абая 10, 12\nГоголя 5–9\nмкр. Михайловка")

    task_id = quarter.asks(told)

    assert found(quarter, task_id) == ([] if doubt is None else [(outage_id, doubt)])


def test_a_district_alone_leaves_the_street_open(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce("Ключевая 5–20")

    task_id = quarter.asks("Нет тепла в Михайловке")

    assert found(quarter, task_id) == [(outage_id, "street")]


def test_houses_of_a_district_are_not_those_of_a_street_in_it(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce("Степной-4 12, 14")

    there, elsewhere = quarter.asks("Степной-4, 12 дом, нет тепла"), quarter.asks("Степной-4, 16 дом, нет тепла")

    assert (found(quarter, there), found(quarter, elsewhere)) == ([(outage_id, "")], [])


def test_the_whole_city_is_everywhere_and_even_nowhere(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce("весь город")

    assert found(quarter, quarter.asks("Нет тепла")) == [(outage_id, "")]


def test_danger_is_explained_by_no_outage(quarter: Neighbourhood) -> None:
    quarter.announce()

    task_id = quarter.asks("Нет тепла, Абая 10, и открытый люк!")

    assert found(quarter, task_id) == []


def test_danger_that_is_told_later_takes_the_outage_away(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce()
    task_id = quarter.asks("Нет тепла, Абая 10", author="asel")
    before = found(quarter, task_id)

    quarter.asks("и люк открыт", author="asel")

    assert (before, found(quarter, task_id)) == ([(outage_id, "")], [])


def test_an_address_that_comes_later_brings_the_outage(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce()
    task_id = quarter.asks("Нет тепла", author="asel")

    quarter.asks("Абая 10", author="asel")

    assert found(quarter, task_id) == [(outage_id, "")]


def test_an_outage_entered_later_finds_those_who_wait(quarter: Neighbourhood) -> None:
    here, there = quarter.asks("Нет тепла, Абая 10"), quarter.asks("Нет тепла, Ержанова 1")
    danger = quarter.asks("Нет тепла, Абая 10, открытый люк")

    outage_id = quarter.announce()

    assert [found(quarter, one) for one in (here, there, danger)] == [[(outage_id, "")], [], []]


def test_an_outage_moved_to_other_houses_leaves_those_it_does_not_touch(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce()
    task_id = quarter.asks()
    now = quarter.clock.now()

    with quarter.database.write() as session:
        entering.edit(session, outage_id, 1, entry("Абая 14", now, now + 3 * HOUR), quarter.duty())

    assert found(quarter, task_id) == []


def test_of_overlapping_outages_the_surer_comes_first_then_the_longer(quarter: Neighbourhood) -> None:
    short = quarter.announce("Абая 10", hours=1)
    long = quarter.announce("Абая 2–20", hours=5)
    vague = quarter.announce("Абая 40", hours=9)

    assert found(quarter, quarter.asks("Нет тепла, Абая 10")) == [(long, ""), (short, "")]
    assert found(quarter, quarter.asks("Нет тепла на улице Абая")) == [
        (vague, "house"),
        (long, "house"),
        (short, "house"),
    ]


def test_what_is_cancelled_matches_nobody(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce()
    before = quarter.asks()
    with quarter.database.write() as session:
        entering.cancel(session, outage_id, quarter.duty())

    after = quarter.asks()

    assert (found(quarter, before), found(quarter, after)) == ([], [])


def test_what_is_long_over_or_far_ahead_matches_nobody(quarter: Neighbourhood) -> None:
    quarter.announce(begins=5, hours=9)
    quarter.announce(hours=1)

    ahead = quarter.asks()
    quarter.clock.advance(timedelta(hours=34))
    over = quarter.asks()

    assert [doubt for _, doubt in found(quarter, ahead)] == [""]
    assert found(quarter, over) == []


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-16, Phase.AHEAD),
        (-15, Phase.NOW),
        (59, Phase.NOW),
        (60, Phase.LAPSED),
        (179, Phase.LAPSED),
        (180, Phase.GONE),
    ],
)
def test_an_outage_lapses_exactly_at_its_announced_end(minutes: int, expected: Phase) -> None:
    row = OutageRow(begins_at=at(12), ends_at=at(13), entered_at=at(9))

    assert phase(row, Outages(), at(12) + timedelta(minutes=minutes)) is expected


def test_an_outage_over_midnight_holds_on_both_days() -> None:
    row = OutageRow(begins_at=at(22), ends_at=at(6, day=21), entered_at=at(9))

    found = [
        phase(row, Outages(), moment) for moment in (at(23, 59), at(0, 0, day=21), at(5, 59, day=21), at(6, day=21))
    ]

    assert found == [Phase.NOW, Phase.NOW, Phase.NOW, Phase.LAPSED]
