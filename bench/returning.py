"""How often a problem tells of itself again at its house, and how often that would be chance.

Petitions of a real city, with address and reason, when INTAKE109_BENCH_DATA names their folder; nothing of them is
kept. The set tells that a case was re-opened (`messages` above 1) but neither when it was closed nor when it was
re-opened, and links no petition to another: precision and recall of the suggestion itself cannot be had from it. What
can: how long after a petition the next one of the same address and reason comes, against the same petitions dealt out
over the days at random. Days count from the petition, for its closing is not told.
"""

from __future__ import annotations

import gzip
import json
import os
import random
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bench.report import Line, progress, show

_FILE = "spb_train.jsonl.gz"
_DAYS = (3, 7, 14, 30)
_SAME_STORY = timedelta(days=1)
"""What comes within a day tells of the same problem while it lasts."""


@dataclass(frozen=True, slots=True)
class Petition:
    """What counts of a petition."""

    place: tuple[str, str]
    at: datetime
    was_reopened: bool


def main() -> None:
    """Measure, print a table and write bench/out/returning.json."""
    path = Path(os.environ.get("INTAKE109_BENCH_DATA", "")) / _FILE
    if not (os.environ.get("INTAKE109_BENCH_DATA") and path.exists()):
        progress(f"returning: absent (set INTAKE109_BENCH_DATA to the folder of {_FILE} to measure)")
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    petitions = [
        Petition((entry["address"], entry["reason"]), datetime.fromisoformat(entry["at"]), int(entry["messages"]) > 1)
        for entry in entries
        if entry["address"]
    ]
    by_chance = _dealt(petitions)
    lines_shown = [Line("petitions with an address", len(petitions), "")]
    for days in _DAYS:
        real, chance = _share(petitions, days), _share(by_chance, days)
        note = f"by chance {chance:.3f}, so {max(0.0, 1 - chance / real) if real else 0:.2f} of them are no chance"
        lines_shown.append(Line(f"told again after 1 to {days} days", real, "", note=note))
    reopened = [one for one in petitions if one.was_reopened]
    others = [one for one in petitions if not one.was_reopened]
    for name, some in (("re-opened", reopened), ("not re-opened", others)):
        note = f"{len(some)} petitions; earlier ones of the same address and reason"
        lines_shown.append(Line(f"{name}: told before, within 30 days", _share(petitions, 30, some), "", note=note))
    show("returning", lines_shown)


def _share(petitions: Sequence[Petition], days: int, some: Sequence[Petition] | None = None) -> float:
    """Return the share of petitions that were told before at their place, longer ago than a day and within `days`."""
    told: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for one in petitions:
        told[one.place].append(one.at)
    for moments in told.values():
        moments.sort()
    asked = petitions if some is None else some
    return sum(_is_told_before(told[one.place], one.at, days) for one in asked) / max(1, len(asked))


def _is_told_before(moments: Sequence[datetime], at: datetime, days: int) -> bool:
    first = bisect_left(moments, at - timedelta(days=days))
    return first < bisect_left(moments, at - _SAME_STORY)


def _dealt(petitions: Sequence[Petition]) -> list[Petition]:
    """Deal the moments of each reason out among its addresses anew: the season stays, the return does not."""
    by_reason: dict[str, list[Petition]] = defaultdict(list)
    for one in petitions:
        by_reason[one.place[1]].append(one)
    dealer = random.Random(109)
    dealt = []
    for found in by_reason.values():
        moments = [one.at for one in found]
        dealer.shuffle(moments)
        dealt += [Petition(one.place, at, one.was_reopened) for one, at in zip(found, moments, strict=True)]
    return dealt


if __name__ == "__main__":
    main()
