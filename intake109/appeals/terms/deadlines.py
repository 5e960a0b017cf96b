"""When an appeal must be done, why then, and from when on that is near.

All of it is counted once, when an appeal gets its term, and stored with it: who edits a norm or a calendar later
changes what is registered from then on, and no history.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from intake109.appeals.terms.calendar import WorkingCalendar, shipped_calendar
from intake109.clock import city_day
from intake109.config import Deadlines
from intake109.store.tables import AppealRow

_NORM = re.compile(r"(\d+)(h|d|wd)")


@dataclass(frozen=True, slots=True)
class Terms:
    """What deadlines are counted by."""

    zone: ZoneInfo
    calendar: WorkingCalendar = field(default_factory=shipped_calendar)
    deadlines: Deadlines = field(default_factory=Deadlines)


@dataclass(frozen=True, slots=True)
class Term:
    """A deadline, when it begins to be near, and how both were counted.

    Attributes:
        why: `norm`, `from` (the city's day it runs from) and, for working days, `skipped` and `worked`: holidays that
            were not counted and weekend days that were, each with `day`, `ru`, `kk`, `en`.
        calendar: the version of the calendar it was counted by; empty where none was needed.
    """

    norm: str
    deadline_at: datetime
    warn_at: datetime
    why: dict[str, Any]
    calendar: str

    def give(self, appeal: AppealRow) -> None:
        """Write it into an appeal, which has it from now on whatever becomes of norm and calendar.

        Whoever was told that it was late hears of it again should it be late by the new term.
        """
        appeal.norm, appeal.deadline_at, appeal.warn_at = self.norm, self.deadline_at, self.warn_at
        appeal.deadline_why, appeal.calendar, appeal.overdue_told_at = self.why, self.calendar, None


def term(norm: str, since: datetime, terms: Terms) -> Term:
    """Count the term of a norm that runs from a moment.

    Raises:
        ValueError: `norm` is none of the forms of `deadline`.
    """
    end = deadline(norm, since, terms.zone, terms.calendar)
    first, last = city_day(since, terms.zone), city_day(end, terms.zone)
    why: dict[str, Any] = {"norm": norm, "from": first.isoformat()}
    version = ""
    if norm.endswith("wd"):
        version = terms.calendar.version(first, last)
        days = [first + timedelta(days=one) for one in range(1, (last - first).days + 1)]
        named = [(day, terms.calendar.holiday(day), terms.calendar.worked_for(day)) for day in days]
        why["skipped"] = [_told(day, words.ru, words.kk, words.en) for day, words, _ in named if words]
        why["worked"] = [_told(day, words.ru, words.kk, words.en) for day, _, words in named if words]
    return Term(norm, end, _near_at(norm, since, end, terms), why, version)


def deadline(norm: str, since: datetime, zone: ZoneInfo, calendar: WorkingCalendar) -> datetime:
    """Return the moment by which a norm is kept.

    `24h` runs round the clock; `15d` ends with the fifteenth day; `5wd` ends with the fifth working day, counted from
    the next working day after `since` in the city's zone.

    Raises:
        ValueError: `norm` is none of these forms.
    """
    amount, unit = _parts(norm)
    if unit == "h":
        return since + timedelta(hours=amount)
    day = since.astimezone(zone).date()
    day = day + timedelta(days=amount) if unit == "d" else calendar.after(day, amount)
    return _end(day, zone, since)


def prolonged(norm: str, end: datetime, waiting_since: datetime, now: datetime, terms: Terms) -> datetime:
    """Return a deadline moved by the time for which an appeal waited for its citizen.

    What was left of it when the waiting began is left again: hours to the second, days by the city's days, working
    days by working days. One that was past already stays past. `ageing.go_on` writes it into an appeal.
    """
    if end <= waiting_since or now <= waiting_since:
        return end
    unit = _parts(norm)[1]
    if unit == "h":
        return end + (now - waiting_since)
    began, goes_on, last = (city_day(one, terms.zone) for one in (waiting_since, now, end))
    if unit == "d":
        return _end(last + (goes_on - began), terms.zone, end)
    left = terms.calendar.between(began, last)
    return max(end, _end(terms.calendar.after(goes_on, left), terms.zone, end))


def written(moment: datetime, zone: ZoneInfo) -> str:
    """Return a deadline as citizens read it: the day in the city, `07.12.2026`."""
    return moment.astimezone(zone).strftime("%d.%m.%Y")


def _parts(norm: str) -> tuple[int, str]:
    match = _NORM.fullmatch(norm)
    if not match:
        raise ValueError(f"not a deadline: {norm!r}; write 24h, 15d or 5wd")
    return int(match[1]), match[2]


def _near_at(norm: str, since: datetime, end: datetime, terms: Terms) -> datetime:
    """Return when a deadline begins to be near, never before the term itself begins."""
    before = terms.deadlines.near_of(norm)
    if not before:
        return end - (end - since) * terms.deadlines.near_share
    amount, unit = _parts(before)
    if unit == "h":
        return max(since, end - timedelta(hours=amount))
    day = city_day(end, terms.zone)
    for _ in range(amount - 1):
        day -= timedelta(days=1)
        while unit == "wd" and not terms.calendar.is_working(day):
            day -= timedelta(days=1)
    begins = datetime.combine(day, time(), tzinfo=terms.zone).astimezone(since.tzinfo)
    return max(since, begins)


def _end(day: date, zone: ZoneInfo, like: datetime) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=zone).astimezone(like.tzinfo)


def _told(day: date, ru: str, kk: str, en: str) -> dict[str, str]:
    return {"day": day.isoformat(), "ru": ru, "kk": kk, "en": en}
