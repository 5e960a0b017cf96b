"""Figures that no day ever had, with names that want to be formulas."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from intake109.reports.composing import Sealed, compose
from intake109.reports.figures import (
    Automatic,
    Blind,
    Course,
    Dismissed,
    Figures,
    Flow,
    Kept,
    Lateness,
    Machine,
    Point,
    Ranked,
    Rating,
    Share,
    Slice,
    Staff,
    Work,
)
from intake109.reports.paper import Paper
from tests.city import CATALOGUE, ZONE

EVIL = ("=1+1", "@SUM(A1)", "+7", "-2", "\t=1", "\r=1", " =1", "＝1", "<script>alert(1)</script>", '=HYPERLINK("x")')
SEAL = Sealed(1, "a" * 64, datetime(2026, 11, 21, 1, 0, tzinfo=UTC), "")


def figures(names: tuple[str, ...] = EVIL) -> Figures:
    """Return figures whose areas, executors and inspectors have these names."""
    slices = (Slice("telegram", 12_345, 700, 10, 20, 3), Slice("", 1, 0, 0, 0, 1))
    hours = tuple(Point(f"{hour:02d}", hour, hour // 6) for hour in range(24))
    days = tuple(Point(f"2026-11-{day:02d}", 10 * day, day) for day in range(19, 21))
    return Figures(
        first="2026-11-19",
        last="2026-11-20",
        made_at="2026-11-21T01:00:00+00:00",
        flow=Flow(12_346, slices, (Slice("kk", 9, 1, 1, 1, 6),), (Slice("roads", 9, 1, 1, 1, 6),), days, hours),
        kept=Kept(1000, 900, 999, 950, 49, 950, 49, 1, 1, 6, 18, 7, 7),
        automatic=Automatic(49, 30, 9, 4, 2, 4),
        lateness=Lateness(1, 0, 0, 1, 3, (Blind("instagram", 47, 3, 6),)),
        machine=Machine(900, 800, 500, 700, 9, 8, 1, 2, 70, 60, 1, (Dismissed(5, "telegram", "spam", names[0]),)),
        course=Course(700, 4, 300, 20, 31, 14, 250, 200, 40, 10, 66, 412, 380, 31, 22, 14, 9, 6),
        areas=tuple(Ranked(f"area{number}", name, 5, 9) for number, name in enumerate(names)),
        services=(Ranked("ROAD-001", "", 9, 2),),
        executors=tuple(Rating(f"e{n}", name, 9, 8, 7, 6, 1, 2, 0.81) for n, name in enumerate(names)),
        curators=(),
        staff=Staff(
            tuple(Work(n, name, 9, 5, 2, 1, 1, 9, 0, 1, (Share("telegram", 5),)) for n, name in enumerate(names)),
            (),
            "2026-11-01",
            2,
        ),
    )


def of_day(day: str = "2026-11-20", mentions: int = 5) -> Figures:
    """Return the figures of one day."""
    found = figures(("Михайловка",))
    return replace(found, first=day, last=day, flow=replace(found.flow, mentions=mentions))


def paper(language: str = "ru", found: Figures | None = None) -> Paper:
    return compose(found or figures(), CATALOGUE, language, "109", ZONE)
