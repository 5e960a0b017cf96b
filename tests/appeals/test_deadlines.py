"""When an appeal must be done."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.appeals.deadlines import deadline

ALMATY = ZoneInfo("Asia/Almaty")
NAURYZ = frozenset({date(2027, 3, 22), date(2027, 3, 23), date(2027, 3, 24)})
moments = st.timedeltas(timedelta(0), timedelta(days=7300)).map(lambda since: datetime(2020, 1, 1, tzinfo=UTC) + since)
zones = st.sampled_from(["Asia/Almaty", "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"]).map(
    ZoneInfo
)
holidays = st.frozensets(st.dates(date(2020, 1, 1), date(2040, 1, 1)), max_size=30)


@given(moments, st.integers(1, 30), zones, holidays)
def test_working_days_end_on_a_working_day_after_exactly_so_many(
    at: datetime, days: int, zone: ZoneInfo, free: frozenset[date]
) -> None:
    end = deadline(f"{days}wd", at, zone, free).astimezone(zone)

    start = at.astimezone(zone).date()
    between = [start + timedelta(days=one) for one in range(1, (end.date() - start).days + 1)]
    assert len([day for day in between if day.weekday() < 5 and day not in free]) == days
    assert end.date().weekday() < 5
    assert end.date() not in free
    assert (end.hour, end.minute, end.second) == (23, 59, 59)


@given(moments, st.integers(1, 60), zones)
def test_days_end_with_that_day_of_the_city(at: datetime, days: int, zone: ZoneInfo) -> None:
    end = deadline(f"{days}d", at, zone).astimezone(zone)

    assert end.date() == at.astimezone(zone).date() + timedelta(days=days)
    assert end.hour == 23


@given(moments, st.integers(1, 100), zones, holidays)
def test_hours_run_round_the_clock(at: datetime, hours: int, zone: ZoneInfo, free: frozenset[date]) -> None:
    assert deadline(f"{hours}h", at, zone, free) - at == timedelta(hours=hours)


@given(moments, st.integers(1, 20), st.timedeltas(timedelta(0), timedelta(days=30)), holidays)
def test_registering_later_never_ends_sooner(at: datetime, days: int, later: timedelta, free: frozenset[date]) -> None:
    assert deadline(f"{days}wd", at + later, ALMATY, free) >= deadline(f"{days}wd", at, ALMATY, free)


@given(moments, st.integers(1, 20), holidays)
def test_holidays_never_shorten(at: datetime, days: int, free: frozenset[date]) -> None:
    assert deadline(f"{days}wd", at, ALMATY, free) >= deadline(f"{days}wd", at, ALMATY)


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
    found = deadline("5wd", registered_at, ALMATY)

    assert found == datetime(end.year, end.month, end.day, 18, 59, 59, tzinfo=UTC)


def test_nauryz_is_not_worked() -> None:
    friday = datetime(2027, 3, 19, 6, 0, tzinfo=UTC)

    assert deadline("1wd", friday, ALMATY, NAURYZ).astimezone(ALMATY).date() == date(2027, 3, 25)


@pytest.mark.parametrize("norm", ["", "5", "5 wd", "wd", "-5wd", "5WD", "24hours", "5wd "])
def test_what_is_no_deadline_is_refused(norm: str) -> None:
    with pytest.raises(ValueError, match="not a deadline"):
        deadline(norm, datetime(2026, 1, 1, tzinfo=UTC), ALMATY)
