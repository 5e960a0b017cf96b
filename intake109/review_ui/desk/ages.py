"""How near its deadline an appeal is, as lists and pages show it, and whether its executor can be reminded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.appeals.terms import ageing
from intake109.appeals.terms.ageing import Age
from intake109.queue.rules import Rules
from intake109.review_ui.viewer import SEEING, Viewer
from intake109.store import ageing as ages
from intake109.store.tables import AppealRow


@dataclass(frozen=True, slots=True)
class Aged:
    """The age of one appeal.

    Attributes:
        is_promised: yellow for the day that the executor itself promised.
        was_late: the work of this round was done late; `was_late_before`: that of an earlier one.
        can_press: the viewer may remind the executor now.
        undo_until: till when a reminder of a moment ago may be taken back.
    """

    age: Age
    is_promised: bool
    was_late: bool
    was_late_before: bool
    can_press: bool
    undo_until: datetime | None

    @property
    def is_red(self) -> bool:
        return self.age is Age.RED

    @property
    def is_yellow(self) -> bool:
        return self.age is Age.YELLOW


def aged(session: Session, rows: Sequence[AppealRow], viewer: Viewer, rules: Rules, now: datetime) -> dict[int, Aged]:
    """Return the ages of appeals by their ids."""
    late_before = ages.late_rounds(session, [row.id for row in rows if row.id is not None])
    return {row.id: _aged(row, row.id in late_before, viewer, rules, now) for row in rows if row.id is not None}


def _aged(row: AppealRow, was_late_before: bool, viewer: Viewer, rules: Rules, now: datetime) -> Aged:
    is_pausing = row.pressed_at is not None and now < row.pressed_at + rules.deadlines.press_pause
    undo_until = row.pressed_at + rules.undo if row.pressed_at is not None else None
    return Aged(
        age=ageing.age(row, rules.zone, now),
        is_promised=ageing.is_promised_by_now(row, rules.zone, now),
        was_late=ageing.was_late(row),
        was_late_before=was_late_before,
        can_press=viewer.role in SEEING and row.status in ageing.PRESSABLE and not is_pausing,
        undo_until=undo_until if undo_until is not None and now < undo_until else None,
    )
