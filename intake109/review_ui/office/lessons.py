"""What the page of the model shows: how good the model was night after night, and where people correct it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from intake109.catalogue.services import Catalogue
from intake109.store.examples import Correction
from intake109.store.tables import ModelRow

WIDTH, HEIGHT = 420, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 10, 10, 24
_PAIRS = 3
_SPHERES = 12


@dataclass(frozen=True, slots=True)
class Night:
    """A night in the picture: what the model that served afterwards had right, 0…1, and where its points stand."""

    at: datetime
    first: float
    top3: float
    x: float
    first_y: float
    top3_y: float


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of some nights, oldest first; `grid` are (share, y) of its lines."""

    nights: tuple[Night, ...]
    grid: tuple[tuple[float, float], ...]

    @property
    def first_line(self) -> str:
        return " ".join(f"{night.x:.1f},{night.first_y:.1f}" for night in self.nights)

    @property
    def top3_line(self) -> str:
        return " ".join(f"{night.x:.1f},{night.top3_y:.1f}" for night in self.nights)


@dataclass(frozen=True, slots=True)
class Pair:
    """The machine suggested one service, people chose another, so many times."""

    suggested: str
    chosen: str
    count: int


@dataclass(frozen=True, slots=True)
class Sphere:
    """How often people corrected what was suggested in a sphere they chose, and into what."""

    name: str
    decided: int
    corrected: int
    pairs: tuple[Pair, ...]

    @property
    def percent(self) -> int:
        return round(100 * self.corrected / self.decided)


def picture(rows: Sequence[ModelRow]) -> Picture:
    """Draw the nights on which two models were compared, oldest first."""
    step = (WIDTH - _LEFT - _RIGHT) / max(len(rows) - 1, 1)
    nights = []
    for number, row in enumerate(rows):
        told = row.challenger if row.outcome == "promoted" else row.champion
        first, top3 = float(told["first"]), float(told["top3"])
        x = _LEFT + number * step if len(rows) > 1 else (_LEFT + WIDTH - _RIGHT) / 2
        nights.append(Night(row.trained_at, first, top3, round(x, 1), _height(first), _height(top3)))
    return Picture(tuple(nights), tuple((share, _height(share)) for share in (0.0, 0.25, 0.5, 0.75, 1.0)))


def spheres(
    corrections: Sequence[Correction], chosen: Mapping[str, int], catalogue: Catalogue, language: str
) -> list[Sphere]:
    """Return the spheres people correct most, by the share of what they decided there."""
    decided: dict[str, int] = defaultdict(int)
    for code, count in chosen.items():
        decided[_sphere(catalogue, code)] += count
    told: dict[str, list[Correction]] = defaultdict(list)
    for one in corrections:
        told[_sphere(catalogue, one.chosen)].append(one)
    found = [
        Sphere(
            catalogue.spheres[sphere].of(language) if sphere in catalogue.spheres else sphere,
            decided[sphere],
            sum(one.count for one in own),
            tuple(
                Pair(
                    catalogue.service_name(one.suggested, language),
                    catalogue.service_name(one.chosen, language),
                    one.count,
                )
                for one in own[:_PAIRS]
            ),
        )
        for sphere, own in told.items()
    ]
    return sorted(found, key=lambda one: (-one.corrected, one.name))[:_SPHERES]


def _height(share: float) -> float:
    return round(_TOP + (1 - share) * (HEIGHT - _TOP - _BOTTOM), 1)


def _sphere(catalogue: Catalogue, code: str) -> str:
    service = catalogue.known(code)
    return service.sphere if service else ""
