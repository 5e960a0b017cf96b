"""A small town whose hours are simulated in a second: six services with phrases, and hours instead of days."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from intake109.catalogue.services import Catalogue, Danger, Phrases, Service, Words
from intake109.config import Config
from intake109.simulator.habits import Habits
from intake109.simulator.scenario import Scenario, Settings
from intake109.simulator.simulation import Simulation, simulation
from intake109.simulator.trouble import Trouble
from tests.city import CATALOGUE, service

MINUTE = timedelta(minutes=1)


def _spoken(one: Service) -> Service:
    name = one.names.ru
    phrases = Phrases(ru=(f"{name} во дворе", f"{name}, помогите"), kk=(f"{name} бар",), other=(f"{name} zdes",))
    return replace(one, phrases=phrases)


_MORE = [service("WATER-001", "water", "Нет воды"), service("LIGHT-001", "lighting", "Темно", Danger.ORDINARY)]
_QUESTION = replace(service("PUB-001", "public_services", "Где ЦОН?"), answer=Words("Там", "Онда", "There"))
TOWN: Catalogue = replace(
    CATALOGUE,
    services={one.code: _spoken(one) for one in (*CATALOGUE.services.values(), *_MORE, _QUESTION)},
    executors=CATALOGUE.executors | {"emergency_department": Words("ЧС", "ТЖ", "Emergency")},
)


def hours(
    count: int, per_hour: float = 18, first_hour: int = 9, blind: tuple[timedelta, timedelta] | None = None
) -> Scenario:
    """Return a day of which only some hours are simulated."""
    busy = range(first_hour, first_hour + count)
    rates = tuple(per_hour if hour in busy else 0.0 for hour in range(24))
    return Scenario("hours", rates, first_hour=first_hour, blind=blind)


@contextmanager
def town(
    scenario: Scenario,
    inspectors: int = 2,
    seed: int = 1,
    habits: Habits | None = None,
    trouble: Trouble | None = None,
    supervisors: int = 1,
    url: str = "",
) -> Iterator[Simulation]:
    """Give a simulation of the town, not yet run."""
    settings = Settings(scenario, inspectors, 1, seed, habits or Habits(), trouble or Trouble(), supervisors)
    with simulation(settings, Config(), TOWN, url) as found:
        yield found
