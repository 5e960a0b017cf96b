"""The ratings of executors and curators by two keys: done in time, and citizens satisfied.

    key   = (good + 10 · average) / (all + 10)
    score = (key of time + key of satisfaction) / 2

`average` is the share of the whole city in the same range. Ten imagined appeals of average quality are added to
everybody's own, so that one of one does not stand before ninety-five of a hundred, and who has nothing stands where
the city stands. The page prints this formula.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.reports.counting import total, within
from intake109.reports.course import done_at, is_red
from intake109.reports.figures import Rating
from intake109.reports.period import Period
from intake109.store.tables import AppealRow, OrganisationRow, ReporterRow, RoundRow, WordRow

PRIOR = 10
"""So many imagined appeals of average quality are added to everybody's own."""
_UNNAMED = ("", "", "")
_HALF = 0.5
"""The average where nothing has been counted yet."""


@dataclass(slots=True)
class _Counts:
    due: int = 0
    on_time: int = 0
    asked: int = 0
    satisfied: int = 0
    reopened: int = 0
    red: int = 0

    def add(self, other: _Counts) -> None:
        self.due += other.due
        self.on_time += other.on_time
        self.asked += other.asked
        self.satisfied += other.satisfied
        self.reopened += other.reopened
        self.red += other.red


@dataclass(frozen=True, slots=True)
class _Who:
    """An executor: the organisation where one is known, else only its kind."""

    executor: str
    organisation: str


def ratings(
    session: Session, period: Period, curator_of: Mapping[str, str], now: datetime
) -> tuple[tuple[Rating, ...], tuple[Rating, ...]]:
    """Return the executors and the curators, the best first.

    An appeal is due once: when it was done, if that was in time, else when its deadline passed. So it counts in one
    range only, and late for ever. Waiting for the citizen pauses a deadline, the long-term folder does not.
    """
    found: dict[_Who, _Counts] = defaultdict(_Counts)
    at = min(period.ends_at, now)
    for who, (due, on_time, red) in _timeliness(session, period, at).items():
        found[who].add(_Counts(due=due, on_time=on_time, red=red))
    for who, (asked, satisfied) in _satisfaction(session, period).items():
        found[who].add(_Counts(asked=asked, satisfied=satisfied))
    for who, (reopened,) in _reopened(session, period).items():
        found[who].add(_Counts(reopened=reopened))
    known = {row.code: row for row in session.execute(select(OrganisationRow)).scalars()}
    executors: list[tuple[str, tuple[str, str, str], _Counts]] = []
    curators: dict[str, _Counts] = defaultdict(_Counts)
    for who, counts in found.items():
        organisation = known.get(who.organisation)
        names = (organisation.name_ru, organisation.name_kk, organisation.name_en) if organisation else _UNNAMED
        executors.append((who.organisation or who.executor, names, counts))
        curator = (organisation.curator if organisation else "") or curator_of.get(who.executor, "")
        if curator:
            curators[curator].add(counts)
    return _rated(executors), _rated([(code, _UNNAMED, counts) for code, counts in curators.items()])


def shrunken(good: int, of: int, average: float) -> float:
    """Return a share drawn towards the average, the more the less there is to count."""
    return (good + PRIOR * average) / (of + PRIOR)


def _rated(counted: list[tuple[str, tuple[str, str, str], _Counts]]) -> tuple[Rating, ...]:
    everybody = _Counts()
    for _, _, counts in counted:
        everybody.add(counts)
    time = everybody.on_time / everybody.due if everybody.due else _HALF
    content = everybody.satisfied / everybody.asked if everybody.asked else _HALF
    rated = [
        Rating(
            code,
            names[0],
            one.due,
            one.on_time,
            one.asked,
            one.satisfied,
            one.reopened,
            one.red,
            round((shrunken(one.on_time, one.due, time) + shrunken(one.satisfied, one.asked, content)) / 2, 4),
            *names[1:],
        )
        for code, names, one in counted
    ]
    return tuple(sorted(rated, key=lambda one: (-one.score, -one.due, one.code)))


def _timeliness(session: Session, period: Period, at: datetime) -> dict[_Who, tuple[int, ...]]:
    """Return how many came due, were on time, and are red."""
    deadline, done = col(AppealRow.deadline_at), done_at()
    on_time = within(done, period) & (done <= deadline)
    too_late = within(deadline, period) & (deadline < at) & or_(done.is_(None), done > deadline)
    query = _of_executors(total(on_time | too_late), total(on_time), total(is_red(at))).where(
        col(AppealRow.annulled_at).is_(None),
        col(AppealRow.merged_into).is_(None),
        col(AppealRow.closed_as) != "answered",
        on_time | too_late | is_red(at),
    )
    return _counted(session, query)


def _satisfaction(session: Session, period: Period) -> dict[_Who, tuple[int, ...]]:
    """Return how many citizens said whether it is solved, and how many said yes, by who had done the work.

    Each counts once a round, by the last word of the range: what was said yesterday stays yesterday's, whatever is
    said today, and a no is not forgotten because the citizen was asked again.
    """
    word, ids = WordRow, func.max(col(WordRow.id))
    last = (
        select(ids)
        .join(ReporterRow, col(ReporterRow.id) == col(word.reporter_id))
        .where(within(col(word.at), period), col(ReporterRow.removed_at).is_(None))
        .group_by(col(word.appeal_id), col(word.round), col(word.conversation_id))
    )
    by = (col(word.executor), col(word.organisation))
    query = select(*by, func.count(), total(col(word.said) == "yes")).where(col(word.id).in_(last)).group_by(*by)
    return _counted(session, query)


def _reopened(session: Session, period: Period) -> dict[_Who, tuple[int, ...]]:
    query = (
        _of_executors(func.count())
        .join(RoundRow, col(RoundRow.appeal_id) == col(AppealRow.id))
        .where(within(col(RoundRow.opened_at), period), col(RoundRow.undone_at).is_(None))
    )
    return _counted(session, query)


def _of_executors(*columns: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    by = (col(AppealRow.executor), col(AppealRow.organisation))
    return select(*by, *columns).select_from(AppealRow).group_by(*by)


def _counted(session: Session, query: Select[*tuple[Any, ...]]) -> dict[_Who, tuple[int, ...]]:
    return {_Who(row[0], row[1]): tuple(int(one) for one in row[2:]) for row in session.execute(query)}
