"""What citizens said, and how the promise to them was kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.reports.counting import GIVEN, epoch, flag, within
from intake109.reports.cube import Cube, Group
from intake109.reports.figures import Flow, Kept, Point, Slice
from intake109.reports.period import Period
from intake109.store.tables import TaskRow

_QUARTER_S = 900
"""No city's clock differs from UTC by anything finer."""
_MEDIAN, _P95 = 0.5, 0.95


def flow(session: Session, cube: Cube, period: Period, now: datetime) -> Flow:
    """Return what was said in the period."""
    by_day, by_hour = _series(session, period, now)
    return Flow(
        mentions=cube.count(),
        by_channel=_slices(cube.groups, lambda one: one.channel),
        by_language=_slices(cube.groups, lambda one: one.language),
        by_sphere=_slices(cube.groups, lambda one: one.sphere),
        by_day=by_day,
        by_hour=by_hour,
    )


def kept(session: Session, cube: Cube, period: Period) -> Kept:
    """Return how the promise was kept for what was said in the period."""
    median, p95 = _waits(session, period)
    return Kept(
        promised=cube.promised(),
        within_target=cube.promised(lambda one: bool(one.in_target)),
        within_promise=cube.promised(lambda one: bool(one.in_promise)),
        by_person=cube.promised(lambda one: bool(one.is_decided) and not one.is_machines),
        by_machine=cube.promised(lambda one: one.is_machines),
        within_by_person=cube.promised(lambda one: bool(one.in_promise) and not one.is_machines),
        within_by_machine=cube.promised(lambda one: bool(one.in_promise) and one.is_machines),
        open=cube.promised(lambda one: not one.is_decided),
        late_open=cube.promised(lambda one: bool(one.is_overdue)),
        median_min=median,
        p95_min=p95,
        incidents=cube.promised(lambda one: bool(one.is_incident)),
        incidents_within=cube.promised(lambda one: bool(one.is_incident and one.in_promise)),
    )


def _slices(groups: Iterable[Group], code_of: Callable[[Group], str]) -> tuple[Slice, ...]:
    """Return the slices, the largest first."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in groups:
        found = counts[code_of(one)]
        found["mentions"] += one.count
        found["appeals" if one.outcome in GIVEN else one.outcome or "open"] += one.count
    made = [
        Slice(code, one["mentions"], one["appeals"], one["attached"], one["dismissed"], one["open"])
        for code, one in counts.items()
    ]
    return tuple(sorted(made, key=lambda one: (-one.mentions, one.code)))


def _series(session: Session, period: Period, now: datetime) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Return the mentions by day and by hour of the day, as the city's clocks show them; nothing is left out."""
    quarter = (epoch(col(TaskRow.mentioned_at)) // _QUARTER_S).label("quarter")
    late = flag(_is_late(now)).label("late")
    is_said = within(col(TaskRow.mentioned_at), period)
    statement = select(quarter, late, func.count()).where(is_said).group_by(quarter, late)
    days: dict[str, list[int]] = {day.isoformat(): [0, 0] for day in period.each()}
    hours: dict[str, list[int]] = {f"{hour:02d}": [0, 0] for hour in range(24)}
    for at, is_late, count in session.execute(statement):
        local = datetime.fromtimestamp(int(at) * _QUARTER_S, UTC).astimezone(period.zone)
        for found in (days[local.date().isoformat()], hours[f"{local.hour:02d}"]):
            found[0] += count
            found[1] += count if is_late else 0
    return tuple(Point(code, *one) for code, one in days.items()), tuple(Point(c, *one) for c, one in hours.items())


def _is_late(now: datetime) -> ColumnElement[bool]:
    decided, promise = col(TaskRow.decided_at), col(TaskRow.promise_at)
    is_late = (decided >= promise) | (decided.is_(None) & (promise <= now))
    return (col(TaskRow.shelf) != "no_appeal") & is_late


def _waits(session: Session, period: Period) -> tuple[int | None, int | None]:
    """Return median and 95th percentile of the wait in whole minutes: the least that so many did not exceed."""
    mentioned, received = col(TaskRow.mentioned_at), col(TaskRow.received_at)
    started = case((mentioned <= received, mentioned), else_=received)
    minutes = ((epoch(col(TaskRow.decided_at)) - epoch(started)) // 60).label("minutes")
    is_decided = col(TaskRow.decided_at).is_not(None) & (col(TaskRow.shelf) != "no_appeal")
    statement = select(minutes, func.count()).where(within(mentioned, period), is_decided).group_by(minutes)
    rows = sorted((int(row[0]), int(row[1])) for row in session.execute(statement))
    return _percentile(rows, _MEDIAN), _percentile(rows, _P95)


def _percentile(rows: list[tuple[int, int]], share: float) -> int | None:
    count = sum(one for _, one in rows)
    seen = 0
    for minutes, one in rows:
        seen += one
        if seen >= share * count:
            return max(0, minutes)
    return None
