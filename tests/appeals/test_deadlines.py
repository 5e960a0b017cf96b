"""When an appeal must be done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.appeals.terms.calendar import WorkingCalendar, Year, shipped_calendar
from intake109.appeals.terms.deadlines import Terms, deadline, prolonged, term
from intake109.catalogue.services import Words
from intake109.config import Deadlines

ALMATY = ZoneInfo("Asia/Almaty")
_DAY_OFF = Words("праздник", "мереке", "holiday")
moments = st.timedeltas(timedelta(0), timedelta(days=7300)).map(lambda since: datetime(2020, 1, 1, tzinfo=UTC) + since)
zones = st.sampled_from(["Asia/Almaty", "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"]).map(
    ZoneInfo
)
free_days = st.frozensets(st.dates(date(2020, 1, 1), date(2040, 1, 1)), max_size=30)
pauses = st.timedeltas(timedelta(0), timedelta(days=30))
norms = st.one_of(
    st.integers(1, 100).map("{}h".format), st.integers(1, 60).map("{}d".format), st.integers(1, 20).map("{}wd".format)
)


def calendar(free: Iterable[date] = (), worked: Iterable[date] = ()) -> WorkingCalendar:
    """Return a calendar with these days off, and these weekend days worked."""
    return WorkingCalendar(
        {
            year: Year(
                year,
                {day: _DAY_OFF for day in free if day.year == year},
                {day: _DAY_OFF for day in worked if day.year == year and day.weekday() > 4},
            )
            for year in range(2019, 2043)
        }
    )


ORDINARY = calendar()


@given(moments, st.integers(1, 30), zones, free_days)
def test_working_days_end_on_a_working_day_after_exactly_so_many(
    at: datetime, days: int, zone: ZoneInfo, free: frozenset[date]
) -> None:
    end = deadline(f"{days}wd", at, zone, calendar(free)).astimezone(zone)

    start = at.astimezone(zone).date()
    between = [start + timedelta(days=one) for one in range(1, (end.date() - start).days + 1)]
    assert len([day for day in between if day.weekday() < 5 and day not in free]) == days
    assert end.date().weekday() < 5
    assert end.date() not in free
    assert (end.hour, end.minute, end.second) == (23, 59, 59)


@given(moments, st.integers(1, 60), zones)
def test_days_end_with_that_day_of_the_city(at: datetime, days: int, zone: ZoneInfo) -> None:
    end = deadline(f"{days}d", at, zone, ORDINARY).astimezone(zone)

    assert end.date() == at.astimezone(zone).date() + timedelta(days=days)
    assert end.hour == 23


@given(moments, st.integers(1, 100), zones, free_days)
def test_hours_run_round_the_clock(at: datetime, hours: int, zone: ZoneInfo, free: frozenset[date]) -> None:
    assert deadline(f"{hours}h", at, zone, calendar(free)) - at == timedelta(hours=hours)


@given(moments, st.integers(1, 20), pauses, free_days)
def test_registering_later_never_ends_sooner(at: datetime, days: int, later: timedelta, free: frozenset[date]) -> None:
    known = calendar(free)

    assert deadline(f"{days}wd", at + later, ALMATY, known) >= deadline(f"{days}wd", at, ALMATY, known)


@given(moments, st.integers(1, 20), free_days)
def test_holidays_never_shorten_and_worked_saturdays_never_lengthen(
    at: datetime, days: int, chosen: frozenset[date]
) -> None:
    usual = deadline(f"{days}wd", at, ALMATY, ORDINARY)

    assert deadline(f"{days}wd", at, ALMATY, calendar(free=chosen)) >= usual
    assert deadline(f"{days}wd", at, ALMATY, calendar(worked=chosen)) <= usual


@pytest.mark.parametrize(
    ("registered_at", "end"),
    [
        (datetime(2026, 11, 20, 18, 59, tzinfo=UTC), date(2026, 11, 27)),  # still Friday in the city
        (datetime(2026, 11, 20, 19, 0, tzinfo=UTC), date(2026, 11, 27)),  # already Saturday
        (datetime(2026, 11, 22, 18, 59, tzinfo=UTC), date(2026, 11, 27)),  # still Sunday
        (datetime(2026, 11, 22, 19, 0, tzinfo=UTC), date(2026, 11, 30)),  # already Monday
    ],
)
def test_the_day_of_registration_is_the_citys_and_is_not_counted(registered_at: datetime, end: date) -> None:
    found = deadline("5wd", registered_at, ALMATY, shipped_calendar())

    assert found == datetime(end.year, end.month, end.day, 18, 59, 59, tzinfo=UTC)


def test_nauryz_is_not_worked() -> None:
    friday = datetime(2027, 3, 19, 6, 0, tzinfo=UTC)

    assert deadline("1wd", friday, ALMATY, shipped_calendar()).astimezone(ALMATY).date() == date(2027, 3, 25)


def test_an_explanation_names_the_holidays_that_were_skipped_and_the_weekend_days_that_were_worked() -> None:
    found = term("5wd", datetime(2024, 12, 31, 6, 0, tzinfo=UTC), Terms(ALMATY))

    assert found.deadline_at.astimezone(ALMATY).date() == date(2025, 1, 10)
    assert found.why["norm"] == "5wd"
    assert found.why["from"] == "2024-12-31"
    assert [day["day"] for day in found.why["skipped"]] == ["2025-01-01", "2025-01-02", "2025-01-03", "2025-01-07"]
    assert [day["day"] for day in found.why["worked"]] == ["2025-01-05"]
    assert found.why["skipped"][0] | {"day": ""} == {"day": "", "ru": "Новый год", "kk": "Жаңа жыл", "en": "New Year"}


def test_the_version_tells_both_years_a_term_touches_and_hours_need_none() -> None:
    terms, at = Terms(ALMATY), datetime(2026, 12, 30, 6, 0, tzinfo=UTC)

    versions = term("5wd", at, terms).calendar.split("+")

    assert [version[:5] for version in versions] == ["2026-", "2027-"]
    assert term("24h", at, terms).calendar == ""


@pytest.mark.parametrize(
    ("norm", "near", "warn_at"),
    [
        ("24h", {}, datetime(2026, 11, 24, 0, 0, tzinfo=UTC)),  # the last 6 hours
        ("5wd", {}, datetime(2026, 11, 29, 19, 0, tzinfo=UTC)),  # the last working day, from its first minute
        ("5wd", {"5wd": "2wd"}, datetime(2026, 11, 26, 19, 0, tzinfo=UTC)),  # Friday and Monday
        ("10h", {}, datetime(2026, 11, 23, 14, 0, tzinfo=UTC)),  # the last fifth
        ("10h", {"10h": "90h"}, datetime(2026, 11, 23, 6, 0, tzinfo=UTC)),  # never before it begins
        ("15d", {"15d": "3d"}, datetime(2026, 12, 5, 19, 0, tzinfo=UTC)),
    ],
)
def test_a_deadline_is_near_as_its_norm_says(norm: str, near: dict[str, str], warn_at: datetime) -> None:
    monday = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)

    assert term(norm, monday, Terms(ALMATY, deadlines=Deadlines(near=near))).warn_at == warn_at


@given(moments, norms, zones, free_days)
def test_near_lies_between_beginning_and_end(at: datetime, norm: str, zone: ZoneInfo, free: frozenset[date]) -> None:
    found = term(norm, at, Terms(zone, calendar(free)))

    assert at <= found.warn_at < found.deadline_at


@given(moments, norms, pauses, pauses, pauses, free_days)
def test_waiting_longer_never_ends_sooner(
    at: datetime, norm: str, before: timedelta, waited: timedelta, more: timedelta, free: frozenset[date]
) -> None:
    terms = Terms(ALMATY, calendar(free))
    end, asked = deadline(norm, at, ALMATY, terms.calendar), at + before

    moved = prolonged(norm, end, asked, asked + waited, terms)

    assert end <= moved <= prolonged(norm, end, asked, asked + waited + more, terms)
    assert moved == end or moved > asked + waited  # who was in time before is in time after


@given(moments, norms, free_days)
def test_an_answer_at_once_and_a_deadline_that_was_past_move_nothing(
    at: datetime, norm: str, free: frozenset[date]
) -> None:
    terms = Terms(ALMATY, calendar(free))
    end = deadline(norm, at, ALMATY, terms.calendar)

    assert prolonged(norm, end, at, at, terms) == end
    assert prolonged(norm, end, end, end + timedelta(days=9), terms) == end


def test_what_was_left_of_working_days_is_left_again() -> None:
    terms, monday = Terms(ALMATY), datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    end = deadline("5wd", monday, ALMATY, terms.calendar)

    # Asked on Wednesday with three working days left, answered on the next Tuesday.
    moved = prolonged("5wd", end, monday + timedelta(days=2), monday + timedelta(days=8), terms)

    assert moved.astimezone(ALMATY).date() == date(2026, 12, 4)


@pytest.mark.parametrize("norm", ["", "5", "5 wd", "wd", "-5wd", "5WD", "24hours", "5wd "])
def test_what_is_no_deadline_is_refused(norm: str) -> None:
    with pytest.raises(ValueError, match="not a deadline"):
        deadline(norm, datetime(2026, 1, 1, tzinfo=UTC), ALMATY, ORDINARY)
