"""Reading the figures of a range: one theme after the other, counted by the database, told how far it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.reports import cube as cubes
from intake109.reports.course import course
from intake109.reports.figures import Figures
from intake109.reports.flow import flow, kept
from intake109.reports.lateness import lateness
from intake109.reports.machine import automatic, machine
from intake109.reports.period import Period
from intake109.reports.ranking import areas, services
from intake109.reports.ratings import ratings
from intake109.reports.staff import staff

Told = Callable[[float], None]
"""Hears how far the reading is, 0…1."""
_THEMES = 10


@dataclass(frozen=True, slots=True)
class Rule:
    """What figures depend on beside the tables.

    Attributes:
        curator_of: which curator an executor stands under.
    """

    curator_of: Mapping[str, str] = field(default_factory=dict)


def read(session: Session, period: Period, rule: Rule, now: datetime, tell: Told = lambda _: None) -> Figures:
    """Return the figures of a period as the tables have them at `now`.

    Nothing is loaded row by row: a hundred thousand appeals take seconds and little memory (bench/reports.py).
    """
    done = iter(range(1, _THEMES + 1))

    def step() -> None:
        tell(next(done) / _THEMES)

    cube = cubes.read(session, period, now)
    step()
    said = flow(session, cube, period, now)
    step()
    promise = kept(session, cube, period)
    step()
    late = lateness(session, cube, period, now)
    step()
    learnt = machine(session, cube, period)
    step()
    after = course(session, period, now)
    step()
    where = areas(session, period)
    step()
    what = services(session, period)
    step()
    executors, curators = ratings(session, period, rule.curator_of, now)
    step()
    people = staff(session, period)
    step()
    return Figures(
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        made_at=now.replace(microsecond=0).isoformat(),
        flow=said,
        kept=promise,
        automatic=automatic(cube),
        lateness=late,
        machine=learnt,
        course=after,
        areas=where,
        services=what,
        executors=executors,
        curators=curators,
        staff=people,
    )
