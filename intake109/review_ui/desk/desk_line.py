"""The line at the foot of the queue: what cannot be seen, what was put before one, who is on duty. Always there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.review_ui.office.blindness import Blind, quiet, shown
from intake109.review_ui.viewer import Viewer
from intake109.store import duties, giving, people
from intake109.store.duties import OnShift
from intake109.store.tables import HealthRow, TaskRow


@dataclass(frozen=True, slots=True)
class DeskLine:
    """What one person sees there; `sign` is what the feed compares, so that it is fetched only when it differs."""

    blind: list[Blind]
    quiet: list[HealthRow]
    given: list[TaskRow]
    given_by: str
    on_shift: list[OnShift]
    state: str
    sign: str


def desk_line(session: Session, viewer: Viewer, now: datetime) -> DeskLine:
    """Read the line for a viewer."""
    given = giving.given_to(session, viewer.user_id, now)
    by = people.names(session).get(given[0].given_by or 0, "") if given else ""
    found, on_shift, silent = shown(session, now), duties.on_shift(session, now), quiet(session)
    state = duties.state_of(session, viewer.user_id)
    return DeskLine(found, silent, given, by, on_shift, state, _sign(found, silent, on_shift))


def sign(session: Session, now: datetime) -> str:
    """Return what changes when the line does for everybody; a task given to one is told with the task."""
    return _sign(shown(session, now), quiet(session), duties.on_shift(session, now))


def _sign(found: list[Blind], silent: list[HealthRow], on_shift: list[OnShift]) -> str:
    hushed = (f"{one.name}~{one.quiet_since}" for one in silent)
    return "|".join([*(one.key for one in found), *hushed, *(f"{one.user_id}:{one.state}" for one in on_shift)])
