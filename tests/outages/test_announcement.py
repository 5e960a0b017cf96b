"""Announcements as they are written: read right, or with a remark about what was not understood."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.outages import measure
from intake109.outages import houses
from intake109.outages.announcement import Announcement
from tests.outages.neighbourhood import ANNOUNCEMENTS, READER, at

NOON = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)


def read(text: str) -> list[Announcement]:
    return ANNOUNCEMENTS.read(text, NOON)


def test_of_the_written_set_nearly_all_is_read_right_and_nothing_wrong_goes_unremarked() -> None:
    found = measure()

    assert found["texts"] >= 40
    assert found["texts_right"] >= 42
    assert found["wrong_without_a_remark"] == 0


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("Без отопления Абая 10 до 18:00", at(12), at(18)),
        ("Без отопления Абая 10 до 06:00", at(12), at(6, day=21)),
        ("Без отопления Абая 10 с 22:00 до 06:00", at(22), at(6, day=21)),
        ("Без отопления Абая 10 с 22:00 20 ноября до 06:00 22 ноября", at(22), at(6, day=22)),
        ("Без отопления Абая 10 с 10:00 до 14:00 27.11.2026", at(10, day=27), at(14, day=27)),
        ("Без отопления 8 Марта 12 с 09.10 до 17.00", at(9, 10), at(17)),
        ("Ертең 14:00-ден 18:00-ге дейін Абай көшесі 10 үйде жылу болмайды", at(14, day=21), at(18, day=21)),
        ("Без отопления Абая 10 до 24:00", at(12), at(23, 59)),
    ],
)
def test_hours_are_those_of_the_citys_clocks(text: str, begins: datetime, ends: datetime) -> None:
    (one,) = read(text)

    assert (one.begins_at, one.ends_at) == (begins, ends)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Абая 10 до 18:00", "no_service"),
        ("Без отопления Абая 10", "no_begin"),
        ("Без отопления Абая 10 до окончания работ", "no_end"),
        ("Без отопления до 18:00", "no_place"),
        ("Без отопления Новосёлов 5 до 18:00", "unknown_place"),
        ("Без отопления Абая от Гоголя до Ержанова до 18:00", "part_of_street"),
        ("Без отопления Абая 10 до 18:00 и ТП-45", "unread"),
        ("Без отопления Абая 10 с 10:00 до 14:00 10.11.2026", "is_past"),
    ],
)
def test_what_is_missing_or_not_understood_is_said(text: str, problem: str) -> None:
    (one,) = read(text)

    assert problem in [found.code for found in one.problems]


def test_a_text_of_anything_else_is_no_announcement() -> None:
    assert read("Поздравляем с праздником! Концерт в парке в 18:00.") == []
    assert read("") == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    ANNOUNCEMENTS.read(text, NOON)
    READER.line(text)


@given(st.integers(1, 999), st.integers(1, 999), st.sampled_from(["", "чётные", "нечётные"]), st.integers(1, 999))
def test_a_range_holds_exactly_its_houses_of_its_side(first: int, last: int, side: str, house: int) -> None:
    first, last = min(first, last), max(first, last) + 1
    (kept,), _end = houses.read(f"{first}–{last} {side}".replace("–", "-"))

    is_side = not side or house % 2 == (side == "нечётные")
    assert houses.covers([kept], str(house)) is (first <= house <= last and is_side)
    assert houses.covers([kept], f"{house}а") is (first <= house <= last and is_side)


@pytest.mark.parametrize(
    ("kept", "house", "expected"),
    [
        ("110", "110", True),
        ("110", "110/2", False),
        ("110", "110а", False),
        ("24а", "24 А", True),
        ("7/2", "7/2", True),
    ],
)
def test_a_single_house_is_only_itself(kept: str, house: str, expected: bool) -> None:
    assert houses.covers([kept], house) is expected
