"""The mentions of a period, counted once by all that the themes ask: a hundred thousand become some groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import Label
from sqlmodel import col

from intake109.reports.counting import flag, within
from intake109.reports.period import Period
from intake109.store.tables import AppealRow, TaskRow


@dataclass(frozen=True, slots=True)
class Group:
    """Mentions that are alike in all of this; `count` of them."""

    channel: str
    language: str
    sphere: str
    outcome: str
    cause: str
    checked: str
    is_shelved: int
    is_incident: int
    is_decided: int
    in_target: int
    in_promise: int
    is_overdue: int
    was_hidden: int
    count: int

    @property
    def is_promised(self) -> bool:
        """Whether the promise covers them; not what the machine is certain to be no appeal."""
        return not self.is_shelved

    @property
    def is_machines(self) -> bool:
        return self.outcome == "automatic"


class Cube:
    """The groups of a period."""

    def __init__(self, groups: list[Group]) -> None:
        self.groups = groups
        self._promised = [one for one in groups if one.is_promised]

    def count(self, wanted: Callable[[Group], bool] = lambda _: True) -> int:
        """Count mentions."""
        return sum(one.count for one in self.groups if wanted(one))

    def promised(self, wanted: Callable[[Group], bool] = lambda _: True) -> int:
        """Count mentions that the promise covers."""
        return sum(one.count for one in self._promised if wanted(one))


def read(session: Session, period: Period, now: datetime) -> Cube:
    """Count the mentions that were made in a period, as they stand at `now`."""
    task, appeal = TaskRow, AppealRow
    decided, promise = col(task.decided_at), col(task.promise_at)
    by = (
        col(task.channel),
        col(task.language),
        func.coalesce(col(appeal.sphere), col(task.sphere)),
        col(task.outcome),
        col(task.late_cause),
        col(task.checked_as),
        flag(col(task.shelf) == "no_appeal"),
        flag(col(task.is_incident).is_(True)),
        flag(decided.is_not(None)),
        flag(decided < col(task.target_at)),
        flag(decided < promise),
        flag(decided.is_(None) & (promise <= now)),
        flag(col(task.blind_spell_id).is_not(None)),
    )
    named: list[Label[Any]] = [one.label(f"by_{number}") for number, one in enumerate(by)]
    statement = (
        select(*named, func.count())
        .select_from(task)
        .outerjoin(appeal, col(appeal.id) == col(task.appeal_id))
        .where(within(col(task.mentioned_at), period))
        .group_by(*named)
    )
    return Cube([Group(*tuple(row)) for row in session.execute(statement)])
