"""Which channels are blind, as every screen shows it, and the ledger of blind minutes by channel and day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from intake109.clock import city_day
from intake109.queue import blindness
from intake109.store import health, pauses, spells
from intake109.store.tables import BlindSpellRow, HealthRow

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Blind:
    """A way in that cannot be read (`reason` as in the ledger), or a channel on pause with the supervisor's `note`."""

    name: str
    channel: str
    since: datetime | None
    reason: str
    note: str = ""

    @property
    def key(self) -> str:
        """What changes when somebody has to be told anew."""
        return f"{self.name}@{int(self.since.timestamp()) if self.since else 0}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a day in which a channel was blind; minutes of the city's day, `width` at least one to be seen."""

    start: float
    width: float
    spell: BlindSpellRow


@dataclass(frozen=True, slots=True)
class Strip:
    """One channel's day. `minutes` counts overlapping spells once; `until` is where the day ends as yet."""

    day: date
    stretches: list[Stretch]
    minutes: int
    until: float


def blind(rows: Iterable[HealthRow], now: datetime) -> list[HealthRow]:
    """Return the collectors that cannot be read now."""
    return [row for row in rows if blindness.why(row, now)]


def shown(session: Session, now: datetime) -> list[Blind]:
    """Return what everybody is told, the exact moment of the last view with it; pauses first.

    What the ledger does not hold yet (no worker runs) is told all the same.
    """
    paused = pauses.all_of(session)
    found = [
        Blind(blindness.pause_name(one.channel), one.channel, one.paused_at, blindness.PAUSED, one.reason)
        for one in paused
    ]
    names = {one.name for one in found}
    hidden = {one.channel for one in paused}
    for spell in spells.going_on(session):
        if spell.name not in names:
            found.append(Blind(spell.name, spell.channel, spell.began_at, spell.reason))
            names.add(spell.name)
            if spell.reason == blindness.PAUSED:
                hidden.add(spell.channel)  # lifted, and not seen yet
    for row in blind(health.all_of(session), now):
        reason = blindness.why(row, now)
        if row.name not in names and not (reason == blindness.SILENCE and row.channel in hidden):
            found.append(Blind(row.name, row.channel, row.last_good_at, reason))
    return found


def quiet(session: Session) -> list[HealthRow]:
    """Return the ways in that are quieter than is usual now: a guess, which stands in no ledger."""
    return [row for row in health.all_of(session) if row.quiet_since is not None]


def ledger(session: Session, days: int, zone: ZoneInfo, now: datetime) -> dict[str, list[Strip]]:
    """Return the strips of the last days by channel, today first; channels that always were seen are left out."""
    today = city_day(now, zone)
    wanted = [today - timedelta(days=back) for back in range(days)]
    found = spells.since(session, _midnight(wanted[-1], zone))
    channels = sorted({one.channel for one in found})
    return {
        channel: [_strip([one for one in found if one.channel == channel], day, zone, now) for day in wanted]
        for channel in channels
    }


def _strip(found: list[BlindSpellRow], day: date, zone: ZoneInfo, now: datetime) -> Strip:
    midnight, next_midnight = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    until = min(next_midnight, now)
    parts = [(max(one.began_at, midnight), min(one.ended_at or now, until), one) for one in found]
    parts = [part for part in parts if part[0] < part[1]]
    minute = DAY_MINUTES / ((next_midnight - midnight) / timedelta(minutes=1))
    at = {moment: (moment - midnight) / timedelta(minutes=1) * minute for part in parts for moment in part[:2]}
    stretches = [Stretch(round(at[a], 1), round(max(1.0, at[b] - at[a]), 1), one) for a, b, one in parts]
    end = max(0.0, (until - midnight) / timedelta(minutes=1) * minute)
    return Strip(day, stretches, round(_covered([part[:2] for part in parts]) / timedelta(minutes=1)), round(end, 1))


def _covered(parts: list[tuple[datetime, datetime]]) -> timedelta:
    """Add up stretches of time, those that overlap once."""
    total, end = timedelta(0), None
    for start, stop in sorted(parts):
        begins = start if end is None else max(start, end)
        if stop > begins:
            total += stop - begins
            end = stop
    return total


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone)
