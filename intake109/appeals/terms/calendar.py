"""On which days executors work: holidays of Kazakhstan, days moved by the government, Saturdays worked for them.

A year is a YAML file; those shipped lie in `calendars/`, a centre's own folder (`deadlines.calendars`) replaces whole
years. A year without a file is taken from the `holidays` library, which knows neither the moves of days off nor, for
sure, the day of Kurban Ait: `intake109 doctor` warns of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from yaml.nodes import Node

from intake109.catalogue.documents import Document
from intake109.catalogue.services import Words
from intake109.errors import ConfigError

SHIPPED = Path(__file__).parent / "calendars"
_SATURDAY = 5
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_FIELDS = ("day", "ru", "kk", "en")


@dataclass(frozen=True, slots=True)
class Year:
    """The days of one year that are not as their weekday says.

    Attributes:
        holidays: nobody works, whatever day of the week it is.
        working: Saturdays and Sundays on which people work instead of another day.
        is_given: a file says so; else the library.
    """

    year: int
    holidays: Mapping[date, Words]
    working: Mapping[date, Words]
    is_given: bool = True

    @property
    def version(self) -> str:
        """The year and a hash of its days: `2026-1f0c9a7e`. Names and comments change nothing."""
        days = {"holidays": [f"{day}" for day in sorted(self.holidays)], "working": [f"{day}" for day in self.working]}
        digest = hashlib.sha256(json.dumps(days | {"working": sorted(days["working"])}).encode()).hexdigest()
        return f"{self.year}-{digest[:8]}"


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Years by their numbers; one that is missing is asked of the library when it is needed first, and kept."""

    years: dict[int, Year] = field(default_factory=dict)

    def year(self, number: int) -> Year:
        """Return a year."""
        found = self.years.get(number)
        if found is None:
            found = self.years[number] = _of_library(number)
        return found

    def is_working(self, day: date) -> bool:
        """Say whether people work on a day."""
        year = self.year(day.year)
        return day in year.working or (day.weekday() < _SATURDAY and day not in year.holidays)

    def holiday(self, day: date) -> Words | None:
        """Return why nobody works on a day that would be a working one by its weekday; None if that is not so."""
        return self.year(day.year).holidays.get(day) if day.weekday() < _SATURDAY else None

    def worked_for(self, day: date) -> Words | None:
        """Return why people work on a Saturday or Sunday; None if they do not, or it is neither."""
        return self.year(day.year).working.get(day)

    def version(self, first: date, last: date) -> str:
        """Return by what the days between two were counted, both included: one version a year, joined by `+`."""
        return "+".join(self.year(number).version for number in range(first.year, last.year + 1))

    def after(self, day: date, count: int) -> date:
        """Return the working day that is `count` working days later; with 0 the day itself, or the next one worked."""
        while not count and not self.is_working(day):
            day += timedelta(days=1)
        for _ in range(count):
            day += timedelta(days=1)
            while not self.is_working(day):
                day += timedelta(days=1)
        return day

    def between(self, first: date, last: date) -> int:
        """Count the working days later than `first`, up to `last`."""
        days = (first + timedelta(days=one) for one in range(1, (last - first).days + 1))
        return sum(self.is_working(day) for day in days)


def read(folder: Path | None = None) -> WorkingCalendar:
    """Read the shipped years, and over them those of a centre's own folder.

    Raises:
        ConfigError: a file breaks a rule, or there is no such folder; one line each with file, line and remedy.
    """
    years, problems = dict(_years(SHIPPED, [])), list[str]()
    if folder is not None:
        if not folder.is_dir():
            raise ConfigError([f"deadlines.calendars: {folder} is no folder; make it, or leave the key empty"])
        years |= dict(_years(folder, problems))
    if problems:
        raise ConfigError(problems)
    return WorkingCalendar(years)


@cache
def shipped_calendar() -> WorkingCalendar:
    """Return the calendar of a centre that has no files of its own."""
    return read()


def _years(folder: Path, problems: list[str]) -> Iterator[tuple[int, Year]]:
    for path in sorted((*folder.glob("*.yaml"), *folder.glob("*.yml"))):
        if not re.fullmatch(r"\d{4}", path.stem):
            problems.append(f"{path.name}: a calendar is named after its year; call it like 2026.yaml")
            continue
        document = Document.read(path)
        yield int(path.stem), _year(document, int(path.stem))
        problems += document.problems


def _year(document: Document, number: int) -> Year:
    entries = document.mapping(document.root, "a calendar", ("holidays", "working")) if not document.problems else {}
    holidays, working = (dict(_days(document, entries.get(key), key, number)) for key in ("holidays", "working"))
    for day in sorted(working):
        if day in holidays:
            document.complain(entries["working"], f"{day} is both a holiday and a working day: keep one")
        elif day.weekday() < _SATURDAY:
            document.complain(entries["working"], f"{day} is no Saturday or Sunday and worked anyway: take it out")
    if entries and not holidays:
        document.complain(document.root, f"{number} has no holidays: list them under `holidays`")
    return Year(number, holidays, working)


def _days(document: Document, node: Node | None, key: str, number: int) -> Iterator[tuple[date, Words]]:
    seen: set[date] = set()
    for item in document.sequence(node, f"`{key}`"):
        entries = document.mapping(item, f"a day of `{key}`", _FIELDS)
        day = _day(document, entries.get("day", item), number)
        words = document.named({name: one for name, one in entries.items() if name != "day"}, item, f"a day of `{key}`")
        if day is None:
            continue
        if day in seen:
            document.complain(item, f"{day} stands twice under `{key}`: keep one")
        seen.add(day)
        yield day, words


def _day(document: Document, node: Node, number: int) -> date | None:
    text = str(getattr(node, "value", ""))
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        document.complain(node, f"`day` must be a date like {number}-12-16")
    elif found.year != number:
        document.complain(node, f"{found} is no day of {number}: move it to {found.year}.yaml")
        return None
    return found


def _of_library(number: int) -> Year:
    """Return what the library knows of a year."""
    import holidays

    names = {
        language: holidays.country_holidays("KZ", years=number, language=code)
        for language, code in (("kk", "kk"), ("en", "en_US"))
    }
    # The library has no Russian; the Kazakh name is what people here read on the wall as well.
    found = {day: Words(name, name, names["en"].get(day, name)) for day, name in sorted(names["kk"].items())}
    return Year(number, found, {}, is_given=False)
