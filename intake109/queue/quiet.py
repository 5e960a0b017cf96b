"""A channel that only calls us (WhatsApp) falls silent without an error when its webhook is lost: told by its rhythm.

A guess is a warning, never blindness: no minute is charged to it. It compares the silence with what is usual at these
hours of the week, and with how lively the channel was until then, so that a holiday is no alarm.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from intake109.queue import blindness
from intake109.store import changes, health, rhythms, stops
from intake109.store.rhythms import SLOT
from intake109.store.tables import HealthRow

WEEK = timedelta(days=7)
MOST_WEEKS, LEAST_WEEKS = 8, 3
LEAST_SILENCE = timedelta(minutes=30)
_SLOTS_IN_HOUR = timedelta(hours=1) // SLOT
_CALM = 0.5
"""Only half of what is usual is expected: people write in bursts, and no week is like another."""
_SURPRISE = 9.0
"""So many stretches with something in them must be missing: by mere chance that happens once in 8,000 times."""
_LATELY = (timedelta(hours=6), timedelta(hours=24))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often something arrives in ten minutes, by hour of the city's week; at least `LEAST_WEEKS` are known."""

    rates: tuple[float, ...]
    active: frozenset[datetime]
    zone: ZoneInfo

    def rate(self, slot: datetime) -> float:
        return self.rates[_hour_of_week(slot, self.zone)]


def rhythm(active: Collection[datetime], until: datetime, zone: ZoneInfo) -> Rhythm | None:
    """Learn a channel's rhythm from the stretches in which it spoke; None while less than three weeks are known.

    Only whole weeks before `until` count: the silence that is judged must not be taken for usual itself.
    """
    if not active:
        return None
    weeks = min(int((until - min(active)) / WEEK), MOST_WEEKS)
    if weeks < LEAST_WEEKS:
        return None
    known = Counter(_hour_of_week(slot, zone) for slot in active if until - weeks * WEEK <= slot < until)
    slots = weeks * _SLOTS_IN_HOUR
    shares = (known[hour] / (slots + 1) for hour in range(7 * 24))
    return Rhythm(tuple(-math.log1p(-share) for share in shares), frozenset(active), zone)


def is_unusual(found: Rhythm, heard_at: datetime, now: datetime) -> bool:
    """Say whether a channel heard last at `heard_at` is silent longer than is usual at this time of the week."""
    if now - heard_at < LEAST_SILENCE:
        return False
    missing = sum(found.rate(slot) for slot in _slots(heard_at, now))
    if missing * _CALM < _SURPRISE:
        return False
    return missing * _CALM * _liveliness(found, heard_at) >= _SURPRISE


def _liveliness(found: Rhythm, heard_at: datetime) -> float:
    """Return how lively it was until it fell silent, 0…1 of what is usual: on a holiday it is a fifth."""
    shares = []
    for back in _LATELY:
        slots = list(_slots(heard_at - back, heard_at))
        usual = sum(1 - math.exp(-found.rate(slot)) for slot in slots)
        shares.append((sum(slot in found.active for slot in slots) + 1) / (usual + 1))
    return min(1.0, *shares)


def keep(session: Session, zone: ZoneInfo, now: datetime) -> None:
    """Note which channels that are only called have become unusually quiet; the next delivery ends it."""
    rows = health.all_of(session)
    asked = {row.channel for row in rows if row.rhythm_s > 0}
    for row in rows:
        since = _quiet_since(session, row, zone, now) if row.channel not in asked else None
        if since == row.quiet_since:
            continue
        row.quiet_since = since
        changes.tell(session, changes.Topic.HEALTH, 0, now)


def _quiet_since(session: Session, row: HealthRow, zone: ZoneInfo, now: datetime) -> datetime | None:
    if row.last_event_at is None or blindness.why(row, now):
        return None
    heard_at = max(row.last_event_at, stops.last_end(session) or row.last_event_at)  # we ourselves may have been away
    if now - heard_at < LEAST_SILENCE:
        return None
    found = rhythm(rhythms.active(session, row.channel, heard_at - MOST_WEEKS * WEEK), heard_at, zone)
    return heard_at if found is not None and is_unusual(found, heard_at, now) else None


def _slots(begin: datetime, end: datetime) -> Iterator[datetime]:
    """Give the whole stretches between two moments."""
    minutes = int(SLOT / timedelta(minutes=1))
    slot = begin.replace(minute=begin.minute - begin.minute % minutes, second=0, microsecond=0) + SLOT
    while slot + SLOT <= end:
        yield slot
        slot += SLOT


def _hour_of_week(moment: datetime, zone: ZoneInfo) -> int:
    local = moment.astimezone(zone)
    return local.weekday() * 24 + local.hour
