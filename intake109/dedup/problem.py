"""The same problem, told by several people. Pure: says what two messages have in common and how strongly.

Not likeness of words: the service, the place and the time decide. What is found is suggested, never joined by itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from intake109.catalogue.services import Catalogue, Service
from intake109.config import SameProblem
from intake109.dedup.families import Families, Habit, Spread, Tie, families
from intake109.dedup.whereabouts import Whereabouts, metres
from intake109.model import Point


class Place(StrEnum):
    """How near two problems are, the nearest first."""

    HOUSE = "house"
    NEARBY = "nearby"
    STREET = "street"
    AREA = "area"


_SERVICE = {Tie.SAME: 1.0, Tie.FAMILY: 0.8, Tie.NEAR: 0.4}
_PLACE = {Place.HOUSE: 1.0, Place.NEARBY: 0.9, Place.STREET: 0.6, Place.AREA: 0.5}
_TOO_FAR = 0.4
"""What is left of a tie of place when such a problem does not reach so far, but nothing speaks against it."""
_NEAR_FROM_AFAR = 0.5
"""What is mistaken for each other is worth a look at one house; in a whole street or district both are common."""
_LEAST = 0.12
"""Weaker suggestions than this are noise to an inspector."""
_OF_AGE = 0.5
"""How much of its strength a suggestion has lost at the end of the window."""
_OF_PEOPLE = 0.1
_WHOLE_CITY = "city"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a message, or an appeal, is about. `guesses` are services with their probabilities; an appeal has one."""

    guesses: tuple[tuple[Service, float], ...]
    where: Whereabouts
    at: datetime
    point: Point | None = None
    people: int = 1


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two problems have in common: the reason an inspector reads, and a score by which they are ranked.

    `ago` is how long before the other was told; never less than nothing.
    """

    score: float
    tie: Tie
    place: Place
    ago: timedelta
    distance_m: int = 0


class Problems:
    """Compares problems by the families of a city's services."""

    def __init__(self, settings: SameProblem | None = None) -> None:
        self.settings = settings or SameProblem()
        self.families: Families = families(self.settings)

    def compare(self, mine: Problem, other: Problem) -> Likeness | None:
        """Say what an earlier problem has in common with mine; None if it is not worth a look."""
        place, distance_m = self._place(mine, other)
        tied = self._service(mine, other)
        if place is None or tied is None:
            return None
        tie, strength, habit = tied
        if tie is Tie.NEAR and place not in (Place.HOUSE, Place.NEARBY):
            strength *= _NEAR_FROM_AFAR
        apart = abs(mine.at - other.at)
        reach = _reach(place, mine.where, other.where, habit)
        if apart > habit.window or reach <= 0:
            return None
        fresh = 1 - _OF_AGE * (apart / habit.window)
        many = 1 + _OF_PEOPLE * math.log2(max(1, other.people))
        score = strength * reach * fresh * many
        if score < _LEAST:
            return None
        return Likeness(score, tie, place, max(mine.at - other.at, timedelta(0)), distance_m)

    def group(
        self,
        guesses: Sequence[tuple[str, float]],
        where: Whereabouts,
        age: timedelta,
        catalogue: Catalogue,
        *,
        is_incident: bool,
    ) -> str:
        """Return the key under which a message stands with others of one problem; empty where that is not certain.

        Danger stands only with danger. What was said longer ago than such a problem lasts stands alone.
        """
        service = self.families.likely(guesses, catalogue, self.settings.certainty)
        if service is None:
            return ""
        habit = self.families.habit(service)
        area = _area(where, habit.spreads)
        if not area or age > habit.window:
            return ""
        return f"{'!' if is_incident else ''}{self.families.family(service)}|{area}"

    def returning(self, mine: Problem, other: Problem, closed_at: datetime) -> Likeness | None:
        """Say what a problem has in common with one that was closed a short time ago; None if it has not come back.

        Only the same family counts, at the very place that such a problem covers: a neighbour's is a new one. `ago` of
        the likeness is since the closing. The boundary belongs to the citizen: the last moment is still inside.
        """
        tied = self._service(mine, other)
        if tied is None or tied[1] < _LEAST or tied[0] is Tie.NEAR:
            return None
        tie, strength, habit = tied
        ago = mine.at - closed_at
        place, distance_m = self._place(mine, other)
        here, there = _area(mine.where, habit.spreads), _area(other.where, habit.spreads)
        is_there = place in (Place.HOUSE, Place.NEARBY) or (here and here == there)
        if place is None or not is_there or ago > habit.returns or not habit.returns:
            return None
        score = strength * _PLACE[place] * (1 - _OF_AGE * (max(ago, timedelta(0)) / habit.returns))
        return Likeness(score, tie, place, max(ago, timedelta(0)), distance_m)

    def longest_return(self) -> timedelta:
        """Return how long after its closing any problem may come back."""
        known = (*self.families.spheres.values(), *self.families.families.values(), self.families.default)
        return max(habit.returns for habit in known)

    def moved(self, key: str, where: Whereabouts) -> str:
        """Return the key of a message of which more is known now of where it is."""
        code, _, area = key.partition("|")
        if not area:
            return key
        spreads = self.families.habit_of(code.removeprefix("!")).spreads
        return f"{code}|{_area(where, spreads) or area}"

    def longest(self) -> timedelta:
        """Return the longest window of any problem."""
        known = (*self.families.spheres.values(), *self.families.families.values(), self.families.default)
        return max(habit.window for habit in known)

    def _service(self, mine: Problem, other: Problem) -> tuple[Tie, float, Habit] | None:
        """Return the strongest tie of services with its strength, and the habit of the other's."""
        found: list[tuple[float, Tie, Habit]] = []
        for one, chance in mine.guesses:
            for their, their_chance in other.guesses[:1]:
                tie = self.families.tie(one, their)
                if tie is not None and (tie is Tie.SAME or not {one.code, their.code} & self.families.own):
                    found.append((_SERVICE[tie] * chance * max(their_chance, 0.5), tie, self.families.habit(their)))
        best = max(found, key=lambda one: one[0], default=None)
        return (best[1], best[0], best[2]) if best else None

    def _place(self, mine: Problem, other: Problem) -> tuple[Place | None, int]:
        here, there = mine.where, other.where
        if here.place_key and here.place_key == there.place_key:
            return Place.HOUSE, 0
        if mine.point is not None and other.point is not None:
            apart_m = metres(mine.point, other.point)
            if apart_m <= self.settings.radius_m:
                return Place.NEARBY, apart_m
        if here.street_key and here.street_key == there.street_key:
            return Place.STREET, 0
        if here.area_key and here.area_key == there.area_key:
            return Place.AREA, 0
        return None, 0


def _reach(place: Place, here: Whereabouts, there: Whereabouts, habit: Habit) -> float:
    """Return how strongly a tie of place counts for a problem that spreads so; 0 if something speaks against it."""
    strength = _PLACE[place]
    if place in (Place.HOUSE, Place.NEARBY) or habit.spreads in (Spread.AREA, Spread.CITY):
        return strength
    if habit.spreads is Spread.STREET:
        return strength if place is Place.STREET else _unless_other(here.street_key, there.street_key, strength)
    other_house = _unless_other(here.place_key, there.place_key, strength)
    return other_house if place is Place.STREET else min(other_house, _unless_other(*_streets(here, there), strength))


def _streets(here: Whereabouts, there: Whereabouts) -> tuple[str, str]:
    return here.street_key, there.street_key


def _unless_other(mine: str, theirs: str, strength: float) -> float:
    """Weaken a tie that reaches too far; both naming a place, and not the same, speaks against it."""
    return 0.0 if mine and theirs and mine != theirs else strength * _TOO_FAR


def _area(where: Whereabouts, spreads: Spread) -> str:
    """Return the place that one problem with this habit may cover, as far as the message tells it."""
    if spreads is Spread.CITY:
        return _WHOLE_CITY
    if spreads is Spread.AREA:
        return where.area_key or where.street_key or where.place_key
    if spreads is Spread.STREET:
        return where.street_key or where.place_key or where.area_key
    return where.place_key


@cache
def shipped_problems() -> Problems:
    """Return what compares problems where nothing is configured."""
    return Problems()
