"""Families of problems: which services the same words tell of, how far such a problem reaches and how long it lasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from intake109.catalogue.services import Catalogue, Service
from intake109.config import SameProblem

_FILE = Path(__file__).parent / "data" / "problems.yaml"


class Spread(StrEnum):
    """How far one problem reaches."""

    HOUSE = "house"
    STREET = "street"
    AREA = "area"
    CITY = "city"


class Tie(StrEnum):
    """What two services have to do with each other."""

    SAME = "same"
    FAMILY = "family"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Habit:
    """How long another message may tell of the same problem, and how far that reaches.

    For as long as `returns` after its case was closed, the same problem at the same place has come back and is no new
    one.
    """

    window: timedelta
    spreads: Spread
    returns: timedelta = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Families:
    """All families. A group no family holds is one of its own."""

    default: Habit
    spheres: Mapping[str, Habit] = field(default_factory=dict)
    families: Mapping[str, Habit] = field(default_factory=dict)
    of_group: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    """Services that are one citizen's own: nobody else's problem, whatever they have in common."""
    near: frozenset[frozenset[str]] = frozenset()

    def family(self, service: Service) -> str:
        """Return the code of a service's family: its group's, if no family holds it."""
        return self.of_group.get(service.group, service.group)

    def habit(self, service: Service) -> Habit:
        """Return how problems of a service spread and last."""
        return self.habit_of(self.family(service))

    def habit_of(self, family: str) -> Habit:
        """Return how problems of a family spread and last; one that is a group of the catalogue tells its sphere."""
        return self.families.get(family) or self.spheres.get(family.partition(".")[0]) or self.default

    def tie(self, one: Service, other: Service) -> Tie | None:
        """Say what two services have in common, None if nothing."""
        if one.code == other.code:
            return Tie.SAME
        mine, theirs = self.family(one), self.family(other)
        if mine == theirs:
            return Tie.FAMILY
        return Tie.NEAR if frozenset((mine, theirs)) in self.near else None

    def likely(self, guesses: Sequence[tuple[str, float]], catalogue: Catalogue, certainty: float) -> Service | None:
        """Return the likeliest service of the family the guesses agree on; None while they do not.

        What is most probably one citizen's own belongs to no family.
        """
        known = [(service, chance) for code, chance in guesses if (service := catalogue.get(code)) is not None]
        best = max(known, key=lambda one: one[1], default=None)
        if best is None or (best[0].code in self.own and best[1] >= certainty):
            return None
        family = self.family(best[0])
        agreed = sum(chance for service, chance in known if self.family(service) == family)
        return best[0] if agreed >= certainty else None


def families(settings: SameProblem) -> Families:
    """Return the shipped families with the configured changes."""
    told = _shipped()
    hours, spreads, days = settings.window_hours, settings.spreads, settings.returns_days
    named = (*hours, *spreads, *days)

    def habit(code: str, entry: Mapping[str, Any], base: Habit) -> Habit:
        window = hours.get(code, entry.get("window_hours"))
        reach = spreads.get(code, entry.get("spreads"))
        returns = days.get(code, entry.get("returns_days"))
        return Habit(
            timedelta(hours=window) if window else base.window,
            Spread(reach) if reach else base.spreads,
            timedelta(days=returns) if returns is not None else base.returns,
        )

    shipped: Mapping[str, Any] = told["default"]
    default = Habit(
        timedelta(hours=shipped["window_hours"]),
        Spread(shipped["spreads"]),
        timedelta(days=days.get("default", shipped["returns_days"])),
    )
    entries: dict[str, Mapping[str, Any]] = {code: {} for code in named if "." in code} | told["families"]
    spheres = {code: {} for code in named if "." not in code and code not in entries} | told["spheres"]
    return Families(
        default=default,
        spheres={code: habit(code, entry, default) for code, entry in spheres.items()},
        families={code: habit(code, entry, default) for code, entry in entries.items()},
        of_group={group: code for code, entry in told["families"].items() for group in entry["holds"]},
        own=frozenset(code for entry in told["families"].values() for code in entry.get("own", ())),
        near=frozenset(frozenset(pair) for line in told["near"] for pair in combinations(line, 2)),
    )


@cache
def _shipped() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return found
