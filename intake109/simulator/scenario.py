"""What can be simulated: how many citizens write in which hour, what goes wrong, and who is at the desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from intake109.errors import IntakeError
from intake109.simulator.habits import Habits
from intake109.simulator.trouble import Trouble

_DAY = (4, 3, 2, 2, 2, 3, 8, 18, 28, 34, 36, 34, 30, 30, 32, 32, 32, 32, 34, 34, 28, 20, 12, 7)
"""Mentions in each hour of the city's day: some 500, what a centre of a city of half a million hears of."""
_QUIET_HOURS = (*range(8), *range(20, 24))


@dataclass(frozen=True, slots=True)
class Burst:
    """Many citizens write of few things: `per_hour` more than usual. Times are since midnight in the city."""

    begins: timedelta
    lasts: timedelta
    per_hour: float
    stories: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """A kind of day.

    Attributes:
        first_hour: of the city's day, at which every simulated day begins.
        per_hour: mentions in each of the 24 hours of the city's day.
        blind: from when, since midnight in the city, and for how long no channel can be read.
        is_all_night: everybody stays for the night; otherwise half of the inspectors do, at least one.
    """

    name: str
    per_hour: tuple[float, ...]
    first_hour: int = 0
    burst: Burst | None = None
    blind: tuple[timedelta, timedelta] | None = None
    is_all_night: bool = False


SCENARIOS = {
    one.name: one
    for one in (
        Scenario("calm", tuple(rate / 4 for rate in _DAY)),
        Scenario("day", _DAY),
        Scenario("storm", _DAY, burst=Burst(timedelta(hours=16), timedelta(hours=3), 200, stories=4)),
        Scenario(
            "night",
            tuple(3.0 if hour in _QUIET_HOURS else 0.0 for hour in range(24)),
            first_hour=20,
            is_all_night=True,
        ),
        Scenario("outage", _DAY, blind=(timedelta(hours=13), timedelta(hours=1))),
    )
}


def named(name: str) -> Scenario:
    """Return a scenario by its name.

    Raises:
        IntakeError: there is none.
    """
    if name not in SCENARIOS:
        raise IntakeError(f"--scenario {name}: unknown; write one of {', '.join(SCENARIOS)}")
    return SCENARIOS[name]


@dataclass(frozen=True, slots=True)
class Settings:
    """What is simulated. The same settings give the same days, but for the seconds they took.

    Attributes:
        inspectors: at the desk by day; at night half of them, at least one (nobody if there are none).
        supervisors: in the house by day, and reached by what is escalated; none at night, nor without inspectors.
    """

    scenario: Scenario
    inspectors: int = 2
    days: int = 1
    seed: int = 1
    habits: Habits = field(default_factory=Habits)
    trouble: Trouble = field(default_factory=Trouble)
    supervisors: int = 1

    @property
    def supervisors_by_day(self) -> int:
        return self.supervisors if self.inspectors else 0
