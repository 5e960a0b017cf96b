"""Where a problem is, in the forms by which two messages about one place meet."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from intake109.catalogue.text import fold
from intake109.model import Place, Point

_STEP_LATITUDE = 0.0025
_STEP_LONGITUDE = 0.004
"""Sides of a square in degrees: at least 250 m each as far north as 56°, so a nearer point is in a neighbouring one."""
_EARTH_M = 6_371_000
_AT = "@"
"""Before the name of a landmark, so that it is no street's house."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A place by its keys; empty where nothing was told.

    `place_key` is the house, or the landmark where no house is told; `cell` the square of the map a point lies in.
    """

    place_key: str = ""
    street_key: str = ""
    area_key: str = ""
    cell: str = ""


def whereabouts(place: Place, point: Point | None = None, area_of_street: str = "") -> Whereabouts:
    """Return the keys of a place found in a text.

    Args:
        point: where the citizen's telephone was, if it told; a street's or district's own point on the map says
            nothing about the house.
        area_of_street: where the street lies, if others have told and this text does not.
    """
    return Whereabouts(
        place_key=place.key or _landmark(place),
        street_key=place.street_key,
        area_key=place.district_key or area_of_street,
        cell=cell(point) if point else "",
    )


def corrected(place_key: str, read: Whereabouts) -> Whereabouts:
    """Return the place an inspector chose: what was read where it is the same house, else what its key tells."""
    if not place_key or place_key == read.place_key:
        return read
    street, _, _ = place_key.rpartition(" ")
    is_same_street = street in (read.street_key, read.area_key)
    return Whereabouts(
        place_key=place_key,
        street_key=read.street_key if is_same_street else street,
        area_key=read.area_key if is_same_street else "",
        cell=read.cell,
    )


def place_of(verdict: Mapping[str, Any]) -> Place:
    """Return the place of a stored verdict; one stored by an older program has no keys of streets and districts."""
    told = verdict.get("place", {})

    def said(name: str) -> str:
        return str(told.get(name) or "")

    return Place(
        key=said("key"),
        landmark=said("landmark"),
        street_key=said("street_key"),
        district_key=said("district_key"),
    )


def cell(point: Point) -> str:
    """Return the square of the map a point lies in."""
    return f"{math.floor(point.latitude / _STEP_LATITUDE)}:{math.floor(point.longitude / _STEP_LONGITUDE)}"


def cells_around(of: str) -> list[str]:
    """Return a square and its eight neighbours; nothing for no square."""
    if not of:
        return []
    row, column = (int(part) for part in of.split(":"))
    return [f"{row + up}:{column + right}" for up in (-1, 0, 1) for right in (-1, 0, 1)]


def metres(one: Point, other: Point) -> int:
    """Return how far two points are from each other, in whole metres; on a plane, which is right within a city."""
    up = math.radians(other.latitude - one.latitude)
    right = math.radians(other.longitude - one.longitude) * math.cos(math.radians(one.latitude))
    return round(_EARTH_M * math.hypot(up, right))


def _landmark(place: Place) -> str:
    """Return a landmark as a place; an entrance is none, every house has a second one."""
    name = fold(place.landmark)
    return "" if not name or "подезд" in name else _AT + name
