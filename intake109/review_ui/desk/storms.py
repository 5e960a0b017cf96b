"""Storms in words: where, what and how many people; and the messages an inspector decides in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.dedup.whereabouts import place_of
from intake109.queue.rules import Rules
from intake109.review_ui.desk.likeness import Companion, Sought, companions
from intake109.store import together
from intake109.store.tables import MentionRow, TaskRow
from intake109.store.together import Storm

_ASKED_FOR_NAME = 12
_MOST = 300


@dataclass(frozen=True, slots=True)
class StormLine:
    """A storm as the list shows it; `service` is what most of them tell of."""

    key: str
    people: int
    messages: int
    where: str
    service: str


@dataclass(frozen=True, slots=True)
class Other:
    """A message beside the opened one: ticked beforehand or not, and who holds it if that is somebody else."""

    task: TaskRow
    is_ticked: bool
    holder: str
    differs: str = ""
    """Why it is not ticked: `danger`, `held`, or empty where it is only not certain."""
    companion: Companion | None = None

    @property
    def can_join(self) -> bool:
        return self.differs not in ("danger", "held")


@dataclass(frozen=True, slots=True)
class Gathering:
    """What may be decided together with the opened task. `storm` is None if it is only a few."""

    storm: StormLine | None
    others: list[Other]
    beside: list[Other]

    @property
    def ticked(self) -> int:
        return sum(one.is_ticked for one in self.others)


def lines(session: Session, found: Sequence[Storm]) -> dict[int, StormLine]:
    """Return storms as lines of the list, by the task that stands for each."""
    return {one.head_id: line(session, one) for one in found}


def line(session: Session, storm: Storm) -> StormLine:
    """Return a storm in words."""
    service = together.usual_service(session, storm.key)
    return StormLine(storm.key, storm.people, storm.messages, _where(session, storm.key), service)


def gathering(
    session: Session, sought: Sought, rules: Rules, user_id: int, names: dict[int, str], now: datetime
) -> Gathering | None:
    """Return what may be decided with an open task; None if nothing tells of its problem."""
    task = sought.task
    if task.decided_at is not None or task.shelf != "queue":
        return None
    found = together.storms(session, rules.problems.settings.storm_from, task.group_key) if task.group_key else []
    members = together.members(session, task.group_key, _MOST) if found else []
    near = {one.task.id: one for one in companions(session, sought, rules)}
    others = [
        _other(one, task, near.get(one.id), user_id, names, now, tick=True) for one in members if one.id != task.id
    ]
    known = {one.task.id for one in others}
    beside = [
        _other(one.task, task, one, user_id, names, now, tick=False)
        for one_id, one in near.items()
        if one_id not in known
    ]
    if not others and not beside:
        return None
    return Gathering(line(session, found[0]) if found else None, others, beside)


def _other(
    one: TaskRow,
    leader: TaskRow,
    companion: Companion | None,
    user_id: int,
    names: dict[int, str],
    now: datetime,
    *,
    tick: bool,
) -> Other:
    is_held = one.claimed_by not in (None, user_id) and one.lease_until is not None and one.lease_until > now
    holder = names.get(one.claimed_by or 0, "") if is_held else ""
    differs = "held" if is_held else "danger" if one.is_incident and not leader.is_incident else ""
    return Other(one, tick and not differs, holder, differs, companion)


def _where(session: Session, key: str) -> str:
    """Name the place of a group in the words of the first of its citizens who told it."""
    area = key.rpartition("|")[2]
    for task in together.members(session, key, _ASKED_FOR_NAME):
        mention = session.get(MentionRow, task.mention_id)
        told = mention.verdict.get("place", {}) if mention else {}
        place = place_of(mention.verdict) if mention else None
        if place is None:
            continue
        if area == place.district_key and told.get("district"):
            return str(told["district"])
        if area == place.street_key and told.get("street"):
            return str(told["street"])
        if area in (place.key, task.place_key):
            return str(told.get("normalised") or told.get("text") or "")
    return ""
