"""Reads announcements as utilities and akimats write them; what is not understood is said, never swallowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from intake109.outages import times, utilities
from intake109.outages.places import PlaceReader, Where

_TOO_LONG = 40_000
_WORTH_SAYING = 12
_CAPITAL = "А-ЯЁӘҒҚҢӨҰҮҺІ"
_SENTENCE = re.compile(rf"(?<=[^\W\d_]{{5}})(?<!просп)[.!]\s+(?=[{_CAPITAL}])|(?<=\d)[.!]\s+(?=[{_CAPITAL}])")
_BULLET = re.compile(r"^\s*(?:[-–—•*▪️✅📍🔹❗️⚡️💧🔥]+|\d{1,2}[.)]\s+(?=\D))\s*")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about an announcement that a person must look at. `code` names a text of the screen, `said` its words.

    `is_fatal`: without an answer to it there is nothing to save.
    """

    code: str
    said: str = ""
    is_fatal: bool = False


@dataclass(frozen=True, slots=True)
class Announcement:
    """One outage as it was read; what was not told is empty or None."""

    services: tuple[str, ...] = ()
    places: tuple[Where, ...] = ()
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    text: str = ""
    language: str = "ru"
    problems: tuple[Problem, ...] = ()

    @property
    def is_complete(self) -> bool:
        return not any(problem.is_fatal for problem in self.problems)


@dataclass(slots=True)
class _Heading:
    """What stands above the lines with places and holds for all of them."""

    services: list[str] = field(default_factory=list)
    span: times.Span | None = None
    day: date | None = None
    said: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Building:
    services: list[str]
    span: times.Span | None
    said: list[str]
    places: list[Where] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    said: str
    services: list[str]
    span: times.Span
    places: list[Where]
    rest: str
    is_part_of_street: bool


class AnnouncementReader:
    """Reads pasted text; safe to share between threads."""

    def __init__(self, places: PlaceReader, zone: ZoneInfo) -> None:
        self.places = places
        self.zone = zone

    def read(self, text: str, now: datetime) -> list[Announcement]:
        """Return the announcements told in a text, in order; each line with hours of its own is one."""
        built: list[_Building] = []
        heading = _Heading()
        for said in _lines(text[:_TOO_LONG]):
            if not said.strip():
                heading = _below(heading, built)
                continue
            line = self._line(said, now, heading)
            if line.places:
                _add(built, heading, line)
            else:
                _follow(built, heading, line)
        found = [_finished(one, now) for one in built]
        if not found and heading.services:
            found = [_finished(_Building(heading.services, heading.span, heading.said), now)]
        return found

    def _line(self, said: str, now: datetime, heading: _Heading) -> _Line:
        text = _BULLET.sub("", re.sub(r"[\u2010-\u2015−]", "-", said.replace("\xa0", " ")))
        span = times.read(text, now, self.zone, heading.day)
        services, rest = utilities.told_in(span.rest)
        places, rest, is_part = self.places.read(rest)
        return _Line(said.strip(), services, span, places, rest, is_part)


def _lines(text: str) -> Iterator[str]:
    """Yield the lines, a sentence a line; an empty one where a paragraph ends."""
    for line in text.splitlines():
        yield from _SENTENCE.split(line)


def _below(heading: _Heading, built: list[_Building]) -> _Heading:
    """After an empty line a heading holds on only while no places stood below it: its day always does."""
    is_used = bool(built) and built[-1].services == heading.services
    return _Heading(day=heading.day) if is_used else heading


def _add(built: list[_Building], heading: _Heading, line: _Line) -> None:
    """A line with places: an announcement of its own if it has hours or services of its own, else more places."""
    is_own = line.span.has_time or bool(line.services) or not built or not _is_open(built[-1], heading)
    if is_own:
        services = line.services or heading.services or (built[-1].services if built else [])
        span = line.span if _tells(line.span) else heading.span
        if span is not None and heading.span is not None and not line.span.has_time and heading.span.has_time:
            span = heading.span
        built.append(_Building(services, span, [*heading.said, line.said]))
        if line.services:
            heading.services = line.services
        if line.span.day is not None:
            heading.day = line.span.day
        heading.said = []
    else:
        built[-1].said.append(line.said)
    one = built[-1]
    one.places += [where for where in line.places if where.key not in {known.key for known in one.places}]
    one.problems += _problems(line)


def _is_open(one: _Building, heading: _Heading) -> bool:
    return one.services == heading.services or not heading.services


def _follow(built: list[_Building], heading: _Heading, line: _Line) -> None:
    """A line without places: a heading of what follows, or the hours of what stands above."""
    tells = _tells(line.span)
    is_about_last = bool(built) and not line.services and tells and not _tells(built[-1].span)
    if is_about_last:
        built[-1].span = line.span
        built[-1].said.append(line.said)
        return
    if line.services:
        heading.services = line.services
        heading.said = [line.said]
        heading.span = line.span if tells else None
    elif tells or line.span.day is not None:
        heading.span = line.span if tells else heading.span
        heading.said = [*heading.said, line.said]
    elif built:
        built[-1].said.append(line.said)
        built[-1].problems += _problems(line)
        if not built[-1].services and line.services:
            built[-1].services = line.services
    if line.span.day is not None:
        heading.day = line.span.day


def _tells(span: times.Span | None) -> bool:
    return span is not None and (span.begins is not None or span.ends is not None or span.has_open_end)


def _problems(line: _Line) -> list[Problem]:
    found = [Problem("part_of_street")] if line.is_part_of_street else []
    left = re.findall(r"[^\s,;()]*\d[^\s,;()]*", line.rest)
    if left:
        found.append(Problem("unread", ", ".join(left)[:80]))
    return found


def _finished(one: _Building, now: datetime) -> Announcement:
    text = " ".join(" ".join(one.said).split())
    begins = one.span.begins if one.span else None
    ends = one.span.ends if one.span else None
    found = Announcement(
        tuple(one.services), tuple(one.places), begins, ends, text, _language(text), tuple(dict.fromkeys(one.problems))
    )
    return check(found, now)


def check(one: Announcement, now: datetime) -> Announcement:
    """Return an announcement with what a person must look at added to its problems."""
    found = list(one.problems)
    if not one.services:
        found.append(Problem("no_service", is_fatal=True))
    if not one.places:
        found.append(Problem("no_place", is_fatal=True))
    if one.begins_at is None:
        found.append(Problem("no_begin", is_fatal=True))
    if one.ends_at is None:
        found.append(Problem("no_end", is_fatal=True))
    elif one.begins_at is not None and one.ends_at <= one.begins_at:
        found.append(Problem("ends_before", is_fatal=True))
    elif one.ends_at <= now:
        found.append(Problem("is_past"))
    unknown = [where.name for where in one.places if not where.is_known and where.name][:_WORTH_SAYING]
    if unknown:
        found.append(Problem("unknown_place", ", ".join(unknown)))
    return replace(one, problems=tuple(dict.fromkeys(found)))


def _language(text: str) -> str:
    letters = len(re.findall("[әғқңөұүһі]", text.lower()))
    return "kk" if letters > len(text) / 60 else "ru"
