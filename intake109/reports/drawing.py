"""Pictures of the report by our own hand: plain shapes, so that they print, scale and need no script."""

from __future__ import annotations

from dataclasses import dataclass

from intake109.reports.paper import Sheet

WIDTH, HEIGHT = 720.0, 180.0
_FOOT, _HEAD = 18.0, 14.0
_MOST_LABELS = 16
_GAP = 0.25
"""Of a column's room that stays empty beside it."""


@dataclass(frozen=True, slots=True)
class Upright:
    """One standing bar: where it is, how high, how much of it (from the top) is the second figure, its label."""

    x: float
    y: float
    width: float
    height: float
    second: float
    label: str
    told: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Standing bars over a line, and the height of the highest in words."""

    bars: tuple[Upright, ...]
    base: float
    most: int


def chart(sheet: Sheet) -> Chart | None:
    """Return the picture of a sheet whose bars stand: its second column, and the third as a part of it."""
    if not sheet.upright or len(sheet.rows) < 2:
        return None
    values = [(str(row.values[0]), int(row.values[1] or 0), int(row.values[2] or 0)) for row in sheet.rows]
    most = max(value for _, value, _ in values)
    if most == 0:
        return None
    room, base = WIDTH / len(values), HEIGHT - _FOOT
    every = -(-len(values) // _MOST_LABELS)
    bars = []
    for number, (label, value, part) in enumerate(values):
        height = (base - _HEAD) * value / most
        bars.append(
            Upright(
                x=round(number * room + room * _GAP / 2, 2),
                y=round(base - height, 2),
                width=round(room * (1 - _GAP), 2),
                height=round(height, 2),
                second=round((base - _HEAD) * part / most, 2),
                label=label[:5] if number % every == 0 else "",
                told=f"{label}: {value}" + (f" ({sheet.columns[2].label.lower()}: {part})" if part else ""),
            )
        )
    return Chart(tuple(bars), base, most)


def lengths(sheet: Sheet) -> tuple[float, ...]:
    """Return how long the bar of each row is, 0…100; empty for a sheet without bars."""
    if not sheet.drawn or sheet.upright:
        return ()
    place = sheet.column(sheet.drawn)
    values = [float(row.values[place] or 0) for row in sheet.rows]
    most = max(values, default=0.0)
    return tuple(round(100 * one / most, 1) if most else 0.0 for one in values)
