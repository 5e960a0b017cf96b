"""The ladder's moments are in order, whatever is configured."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from intake109.config import Alerts, Email, Night, Promise

ZONE = ZoneInfo("Asia/Almaty")
MIDNIGHT = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
"""In the city, five hours ahead."""


@pytest.mark.parametrize(
    ("ladder", "says"),
    [
        ({"ordinary": {"remind": 12}}, "remind ≤ alert"),
        ({"ordinary": {"alert": 15}}, "alert ≤ escalate"),
        ({"ordinary": {"escalate": 17}}, "escalate < 17"),
        ({"ordinary": {"grace": 16}}, "≤ grace"),
        ({"ordinary": {"grace": 20}}, "< promise_minutes"),
        ({"incident": {"escalate": 8}}, "escalate < register"),
        ({"incident": {"register": 18}}, "register ≤ 17"),
        ({"incident": {"grace": 7}}, "register ≤ grace"),
        ({"night": {"alert": 13}}, "alert ≤ escalate"),
        ({"night": {"begins": "25:00"}}, "time of day"),
    ],
)
def test_a_ladder_out_of_order_is_refused(ladder: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Promise.model_validate({"ladder": ladder})


def test_an_ordinary_task_may_go_without_a_reminder() -> None:
    assert Promise.model_validate({"ladder": {"ordinary": {"remind": None}}}).ladder.ordinary.remind is None


def test_a_time_that_yaml_takes_for_a_number_is_a_time() -> None:
    assert Night.model_validate({"begins": 22 * 60}) == Night.model_validate({"begins": "22:00"})


@pytest.mark.parametrize(("hours", "is_night"), [(-2.01, False), (-2, True), (0, True), (6.99, True), (7, False)])
def test_night_begins_at_its_first_minute_and_ends_before_its_last(hours: float, is_night: bool) -> None:
    assert Night().holds(MIDNIGHT + timedelta(hours=hours), ZONE) == is_night


def test_a_night_of_no_length_never_comes() -> None:
    night = Night.model_validate({"begins": "07:00", "ends": "07:00"})

    assert not any(night.holds(MIDNIGHT + timedelta(hours=hour), ZONE) for hour in range(24))


@pytest.mark.parametrize("pauses", [[], [0], [5, 1]])
def test_the_pauses_of_an_alert_grow(pauses: list[int]) -> None:
    with pytest.raises(ValidationError, match="repeat_minutes"):
        Alerts.model_validate({"repeat_minutes": pauses})


def test_the_last_pause_lasts() -> None:
    alerts = Alerts.model_validate({"repeat_minutes": [1, 3]})

    assert [alerts.pause(rounds) for rounds in (1, 2, 3, 99)] == [timedelta(minutes=one) for one in (1, 3, 3, 3)]


def test_mail_needs_somebody_it_comes_from() -> None:
    with pytest.raises(ValidationError, match="from_address"):
        Email.model_validate({"host": "mail.example.kz"})
