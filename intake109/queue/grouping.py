"""Where a task's problem is, and with whom it stands: the columns by which people who tell of one problem are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.catalogue.services import Catalogue
from intake109.dedup.problem import Problems
from intake109.dedup.whereabouts import Whereabouts, whereabouts
from intake109.model import Point, Verdict
from intake109.queue.arrival import RANK_MANY
from intake109.store import changes, neighbourhood, together
from intake109.store.tables import ConversationRow, TaskRow


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a mention when it joins the queue, or is judged anew."""

    verdict: Verdict
    conversation: ConversationRow
    mentioned_at: datetime
    received_at: datetime
    point: Point | None = None
    is_stranger: bool = False
    """The citizen has no other conversation."""


def columns(session: Session, told: Told, problems: Problems, catalogue: Catalogue) -> dict[str, object]:
    """Return where a task stands. A street whose district others have told lies there."""
    where = whereabouts(told.verdict.place, told.point)
    if where.street_key and not where.area_key:
        area = neighbourhood.area_of_street(session, where.street_key)
        where = whereabouts(told.verdict.place, told.point, area)
    key = _key(told, where, problems, catalogue)
    return asdict(where) | {"group_key": key, "citizen_id": _citizen(session, told) if key else 0}


def _key(told: Told, where: Whereabouts, problems: Problems, catalogue: Catalogue) -> str:
    guesses = [(one.code, one.probability) for one in told.verdict.services]
    age = told.received_at - told.mentioned_at
    return problems.group(guesses, where, age, catalogue, is_incident=told.verdict.incident.flag)


def gather(session: Session, task_id: int, placed: Mapping[str, object], problems: Problems, now: datetime) -> None:
    """Bring others to a task that has just been placed: those on its street who did not say where that lies.

    If this makes a storm, or a larger one, its line in the list is told anew.
    """
    street, area, key = (str(placed.get(name, "")) for name in ("street_key", "area_key", "group_key"))
    if street and area:
        moved = {_move(session, other, area, problems, now) for other in neighbourhood.without_area(session, street)}
        session.flush()
        for theirs in sorted(moved - {key, ""}):  # what they tell of may be another problem there
            announce(session, theirs, task_id, problems, now)
    if key:
        announce(session, key, task_id, problems, now)


def place_anew(
    session: Session, task: TaskRow, told: Told, problems: Problems, catalogue: Catalogue, now: datetime
) -> None:
    """Say again where an open task stands, after its citizen added or edited."""
    if task.decided_at is not None or task.id is None:
        return
    before = task.group_key
    placed = columns(session, told, problems, catalogue)
    for name, value in placed.items():
        setattr(task, name, value)
    if task.shelf == "no_appeal":
        task.group_key = ""
    session.flush()
    gather(session, task.id, placed, problems, now)
    if before and before != task.group_key:
        announce(session, before, task.id, problems, now)


def announce(session: Session, key: str, but_id: int, problems: Problems, now: datetime) -> None:
    """Let a storm go before what one citizen tells, and tell the screens of its line; if the group is one."""
    for one in together.storms(session, problems.settings.storm_from, key):
        together.raise_group(session, key, RANK_MANY)
        if one.head_id != but_id:
            changes.tell(session, changes.Topic.TASK, one.head_id, now)


def _move(session: Session, task: TaskRow, area: str, problems: Problems, now: datetime) -> str:
    """Say where a task lies and return the key of the group it is in now."""
    assert task.id is not None
    task.area_key = area
    moved = problems.moved(task.group_key, Whereabouts(task.place_key, task.street_key, area, task.cell))
    if moved != task.group_key:
        task.group_key = moved
        changes.tell(session, changes.Topic.TASK, task.id, now)
    return moved


def _citizen(session: Session, told: Told) -> int:
    one = told.conversation
    found = None if told.is_stranger else together.first_conversation(session, one.channel, one.author_id)
    return found or one.id or 0
