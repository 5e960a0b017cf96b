"""The queue over time, drawn with blocks on a terminal and as an SVG file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from intake109.simulator.outcome import Outcome, Sample

_BLOCKS = " ▁▂▃▄▅▆▇█"
_ROWS = 8
_WIDTH, _HEIGHT = 960, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 16, 34, 30
_MOST_LABELS = 12
_STYLE = """
text { font: 12px sans-serif; fill: #333 } .grid { stroke: #8884; stroke-width: 1 }
.waiting { fill: #2b6cb0; fill-opacity: .45; stroke: #2b6cb0; stroke-width: 1.5 }
.late { fill: #c53030; fill-opacity: .8 } rect.paper { fill: #fff }
@media (prefers-color-scheme: dark) { text { fill: #ddd } rect.paper { fill: #16181d } }
"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the picture: the most that waited in its stretch of time, and of it the most that was late."""

    at: datetime
    waiting: int
    late: int


def columns(samples: Sequence[Sample], width: int) -> list[Column]:
    """Gather samples into at most `width` columns, none empty."""
    if not samples:
        return []
    size = math.ceil(len(samples) / width)
    parts = [samples[at : at + size] for at in range(0, len(samples), size)]
    return [Column(part[0].at, max(one.waiting for one in part), max(one.late for one in part)) for part in parts]


def blocks(samples: Sequence[Sample], zone: ZoneInfo, width: int) -> list[str]:
    """Draw what waited as lines of blocks, the highest first, with a scale on the left and hours below."""
    drawn = columns(samples, max(10, width - 7))
    most = max((one.waiting for one in drawn), default=0)
    unit = max(1, most) / _ROWS
    lines = []
    for row in reversed(range(_ROWS)):
        label = f"{most if row == _ROWS - 1 else 0:5d} " if row in {0, _ROWS - 1} else " " * 6
        lines.append(label + "".join(_block(one.waiting / unit - row) for one in drawn))
    return [*lines, " " * 6 + _hours(drawn, zone)]


def _block(part: float) -> str:
    """Return the block for what of a row is filled; a little is never nothing."""
    return _BLOCKS[max(0, min(8, math.ceil(part * 8)))]


def _hours(drawn: Sequence[Column], zone: ZoneInfo) -> str:
    line = [" "] * len(drawn)
    every = max(1, len(drawn) // _MOST_LABELS)
    for at in range(0, len(drawn) - 4, max(every, 6)):
        line[at : at + 5] = f"{drawn[at].at.astimezone(zone):%H:%M}"
    return "".join(line)


def svg(outcome: Outcome, zone: ZoneInfo) -> str:
    """Draw the whole time as a picture that needs nothing to be looked at but a browser, in light or dark."""
    samples = outcome.samples
    most = max((one.waiting for one in samples), default=0) or 1
    title = f"{outcome.scenario}, {outcome.inspectors} inspectors, {outcome.days} d, seed {outcome.seed}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
        f"<title>{escape(title)}: the queue over time</title><style>{_STYLE}</style>",
        f'<rect class="paper" width="{_WIDTH}" height="{_HEIGHT}"/>',
        f'<text x="{_LEFT}" y="20">{escape(title)}: tasks that wait (red: past the promise)</text>',
        *_scale(most),
        *_clock(samples, zone),
        _area(samples, [one.waiting for one in samples], most, "waiting"),
        _area(samples, [one.late for one in samples], most, "late"),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _x(at: int, count: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * at / max(1, count - 1)


def _y(value: float, most: int) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / most


def _scale(most: int) -> list[str]:
    lines = []
    for value in sorted({0, math.ceil(most / 2), most}):
        y = _y(value, most)
        lines.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        lines.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value}</text>')
    return lines


def _clock(samples: Sequence[Sample], zone: ZoneInfo) -> list[str]:
    """Name whole hours, as many as there is room for."""
    local = [one.at.astimezone(zone) for one in samples]
    whole = [at for at, moment in enumerate(local) if moment.minute == 0]
    return [
        f'<text x="{_x(at, len(samples)):.1f}" y="{_HEIGHT - 10}" text-anchor="middle">{local[at]:%H:%M}</text>'
        for at in whole[:: max(1, math.ceil(len(whole) / _MOST_LABELS))]
    ]


def _area(samples: Sequence[Sample], values: Sequence[int], most: int, name: str) -> str:
    points = " ".join(f"{_x(at, len(samples)):.1f},{_y(value, most):.1f}" for at, value in enumerate(values))
    floor = _y(0, most)
    return f'<polygon class="{name}" points="{_LEFT},{floor:.1f} {points} {_WIDTH - _RIGHT},{floor:.1f}"/>'
