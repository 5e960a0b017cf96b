"""When a citizen may be written to."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from intake109.config import Voice

ZONE = ZoneInfo("Asia/Almaty")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("2026-11-20T12:00", "2026-11-20T12:00"),
        ("2026-11-20T21:59", "2026-11-20T21:59"),
        ("2026-11-20T22:00", "2026-11-21T08:00"),
        ("2026-11-21T03:30", "2026-11-21T08:00"),
        ("2026-11-21T08:00", "2026-11-21T08:00"),
    ],
)
def test_what_can_wait_is_told_in_the_morning(asked: str, told: str) -> None:
    now = datetime.fromisoformat(asked).replace(tzinfo=ZONE).astimezone(UTC)

    assert Voice().waking(now, ZONE) == datetime.fromisoformat(told).replace(tzinfo=ZONE)


def test_equal_times_mean_that_it_is_never_quiet() -> None:
    night = datetime(2026, 11, 20, 20, tzinfo=UTC)

    assert Voice(quiet_from="08:00", quiet_until="08:00").waking(night, ZONE) == night  # type: ignore[arg-type]
