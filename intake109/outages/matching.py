"""Which outages explain what a citizen wrote: the same service, the same place, the same time; never danger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from intake109.config import Outages
from intake109.model import Verdict
from intake109.outages import houses
from intake109.outages.places import CITY
from intake109.store import changes, outages
from intake109.store.rows import insert_new
from intake109.store.tables import OutageMatchRow, OutagePlaceRow, OutageRow

_WIDEST = Outages(lead_minutes=240, grace_minutes=1440)
"""What is kept as a match; whether it explains anything at a given moment is `phase`."""
_LEAST_PROBABILITY = 0.15
_BATCH = 500


class Doubt(StrEnum):
    """What a citizen left open. The place is that of the outage as far as it was told."""

    HOUSE = "house"
    """The street was named, the house was not."""
    STREET = "street"
    """Only the district was."""
    SERVICE = "service"
    """The service is another one's first guess."""


class Phase(StrEnum):
    """Where a moment stands in an outage; only `NOW` answers a citizen."""

    AHEAD = "ahead"
    NOW = "now"
    LAPSED = "lapsed"
    """It should have ended, and nobody has said that it did."""
    OVER = "over"
    GONE = "gone"
    """Over for so long that it explains nothing, or cancelled."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a mention asks about, by its verdict."""

    services: Mapping[str, float]
    first: str
    street: str
    district: str
    house: str

    @property
    def keys(self) -> list[str]:
        return [CITY, *(key for key in (self.street, self.district) if key)]


def asked(verdict: Mapping[str, Any]) -> Asked:
    """Read a kept verdict; one of before the keys were told has them in the house's key."""
    guesses = verdict.get("services", [])
    place = verdict.get("place", {})
    house, key = str(place.get("house", "")), str(place.get("key", ""))
    street, district = str(place.get("street_key", "")), str(place.get("district_key", ""))
    if key and not street and not district:
        where = key.removesuffix(f" {house}")
        street, district = (where, "") if place.get("street") else ("", where)
    return Asked(
        {str(one["code"]): float(one["probability"]) for one in guesses},
        str(guesses[0]["code"]) if guesses else "",
        street,
        district,
        house,
    )


def doubt_of(one: Asked, outage: OutageRow, places: Sequence[OutagePlaceRow]) -> str | None:
    """Return what is left open if the outage explains it, empty if nothing is; None if it does not explain it.

    Several doubts are parted by a blank.
    """
    family = frozenset(outage.family)
    likely = max((probability for code, probability in one.services.items() if code in family), default=0.0)
    if likely < _LEAST_PROBABILITY:
        return None
    found = [doubt for place in places if (doubt := _place_doubt(one, place)) is not None]
    if not found:
        return None
    where = min(found, key=("", Doubt.HOUSE, Doubt.STREET).index)
    what = "" if one.first in family else Doubt.SERVICE.value
    return " ".join(doubt for doubt in (where, what) if doubt)


def asked_by(verdict: Verdict) -> Asked:
    """Read a verdict that is not kept yet."""
    place = verdict.place
    first = verdict.services[0].code if verdict.services else ""
    guesses = {one.code: one.probability for one in verdict.services}
    return Asked(guesses, first, place.street_key, place.district_key, place.house)


def match_task(session: Session, task_id: int, one: Asked, now: datetime, *, is_danger: bool) -> None:
    """Note which outages may explain a new task; danger is explained by none."""
    if is_danger or not one.services:
        return
    area = one.district if not one.street else ""
    rows = outages.at_places(session, one.keys, area, now + _WIDEST.lead, now - _WIDEST.grace)
    by_outage: dict[int, tuple[OutageRow, list[OutagePlaceRow]]] = {}
    for outage, place in rows:
        by_outage.setdefault(outage.id or 0, (outage, []))[1].append(place)
    found = {
        outage_id: doubt
        for outage_id, (outage, places) in by_outage.items()
        if (doubt := doubt_of(one, outage, places)) is not None
    }
    _keep(session, [(task_id, outage_id, doubt) for outage_id, doubt in found.items()])


def rematch_task(session: Session, task_id: int, one: Asked, now: datetime, *, is_danger: bool) -> None:
    """Match a task anew after the citizen added or edited."""
    outages.forget_matches(session, task_id=task_id)
    match_task(session, task_id, one, now, is_danger=is_danger)


def match_open(session: Session, outage: OutageRow, spheres: Sequence[str], now: datetime) -> int:
    """Note which open tasks an outage that was entered or changed may explain, and return how many.

    Screens that show one of them hear of it.
    """
    assert outage.id is not None
    outages.forget_matches(session, outage_id=outage.id)
    if phase(outage, _WIDEST, now) in (Phase.GONE, Phase.AHEAD):
        return 0
    places = outages.places(session, [outage.id])[outage.id]
    after_id, count = 0, 0
    while tasks := outages.open_tasks(session, spheres, after_id, _BATCH):
        after_id = tasks[-1][0].id or 0
        found = [
            (task.id or 0, outage.id, doubt)
            for task, mention in tasks
            if (doubt := doubt_of(asked(mention.verdict), outage, places)) is not None
        ]
        _keep(session, found)
        for task_id, _outage, _doubt in found:
            changes.tell(session, changes.Topic.TASK, task_id, now)
        count += len(found)
    return count


def match_all_open(session: Session, spheres: Sequence[str], now: datetime) -> None:
    """Match every open task of some spheres anew, after many outages were entered at once."""
    after_id = 0
    while tasks := outages.open_tasks(session, spheres, after_id, _BATCH):
        for task, mention in tasks:
            after_id = task.id or 0
            match_task(session, after_id, asked(mention.verdict), now, is_danger=task.is_incident)
            changes.tell(session, changes.Topic.TASK, after_id, now)


def phase(outage: OutageRow, rules: Outages, now: datetime) -> Phase:
    """Say where a moment stands in an outage; exactly at the announced end it has lapsed."""
    if outage.is_cancelled:
        return Phase.GONE
    if outage.over_at is not None:
        return Phase.OVER if now < outage.over_at + rules.grace else Phase.GONE
    if now < outage.begins_at - rules.lead:
        return Phase.AHEAD
    if now < outage.ends_at:
        return Phase.NOW
    return Phase.LAPSED if now < outage.ends_at + rules.grace else Phase.GONE


def _place_doubt(one: Asked, place: OutagePlaceRow) -> str | None:
    if place.key == CITY:
        return ""
    if one.street and place.key == one.street:
        return _house_doubt(one.house, place)
    if one.district and place.key == one.district:
        if one.street:  # a house behind a street's name is none of the district's own
            return "" if not place.houses else Doubt.HOUSE
        return _house_doubt(one.house, place)
    if one.district and place.area == one.district and not one.street and not one.house:
        return Doubt.STREET
    return None


def _house_doubt(house: str, place: OutagePlaceRow) -> str | None:
    if not place.houses:
        return ""
    if not house:
        return Doubt.HOUSE
    return "" if houses.covers(place.houses, house) else None


def _keep(session: Session, found: Sequence[tuple[int, int, str]]) -> None:
    rows = [{"task_id": task_id, "outage_id": outage_id, "doubt": doubt} for task_id, outage_id, doubt in found]
    insert_new(session, OutageMatchRow, rows)
