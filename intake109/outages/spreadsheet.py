"""Reads tables of outages as spreadsheets save them.

One line is one street or district; lines with the same service, hours and text are one outage. What is wrong with a
line is said with its number, and the other lines are read all the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from intake109.catalogue.services import Catalogue
from intake109.outages import times, utilities
from intake109.outages.announcement import Announcement, AnnouncementReader, check
from intake109.outages.drafts import Draft, Item, LineProblem
from intake109.outages.places import CITY, PlaceReader, Where
from intake109.outages.texts import LONGEST_TEXT
from intake109.spreadsheet import is_formula, open_sheet

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "service": ("service", "услуга", "услуги", "вид", "что", "қызмет", "түрі"),
    "street": ("street", "улица", "адрес", "көше", "мекенжай"),
    "houses": ("houses", "house", "дома", "дом", "үйлер", "үй"),
    "district": ("district", "район", "микрорайон", "мкр", "посёлок", "поселок", "аудан", "ауыл"),
    "begins": ("begins", "from", "с", "начало", "басталуы", "бастап"),
    "ends": ("ends", "to", "until", "до", "по", "конец", "окончание", "аяқталуы", "дейін"),
    "text_ru": ("text_ru", "текст", "текст_ru", "text", "примечание", "причина"),
    "text_kk": ("text_kk", "мәтін", "текст_kk"),
    "text_en": ("text_en",),
    "source": ("source", "источник", "дереккөз"),
}
_NAMES = {name: column for column, names in _COLUMNS.items() for name in names}
_NEEDED = ("service", "begins", "ends")
_CITY_WORDS = re.compile(r"(?:вес[ьм]\w*\s+)?(?:город|қала|city)|бүкіл\s+қала", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """A file taken apart: which column is where, and the lines below the heading with their numbers."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    errors: tuple[LineProblem, ...] = ()


@dataclass(slots=True)
class _Reading:
    """Lines being read; names of streets are looked up once."""

    reader: AnnouncementReader
    catalogue: Catalogue
    now: datetime
    known: dict[tuple[str, str, str], Where | None] = field(default_factory=dict)


def open_table(content: bytes) -> Table:
    """Take a file apart; what makes it no table at all is its only error."""
    sheet = open_sheet(content, _NAMES)
    errors = [LineProblem(one.line, one.code, one.said) for one in sheet.problems]
    missing = _missing(sheet.columns)
    if any(sheet.columns) and missing:
        errors.insert(0, LineProblem(1, "no_column", ", ".join(missing)))
    return Table(sheet.columns, () if missing else sheet.rows, tuple(errors))


def advance(
    draft: Draft, table: Table, reader: AnnouncementReader, catalogue: Catalogue, now: datetime, most: int
) -> Draft:
    """Return a draft with the next lines of a table read into it, `most` of them."""
    reading = _Reading(reader, catalogue, now)
    groups = {_group(one): index for index, one in enumerate(draft.items)}
    items, errors = list(draft.items), list(draft.errors)
    for number, cells in table.rows[draft.at : draft.at + most]:
        line = dict(zip(table.columns, cells, strict=False))
        read = _line(reading, line)
        if isinstance(read, LineProblem):
            errors.append(replace(read, line=number))
            continue
        item = replace(read, lines=(number,))
        index = groups.get(_group(item))
        if index is None:
            groups[_group(item)] = len(items)
            items.append(item)
        else:
            items[index] = _together(items[index], item)
    at = min(draft.at + most, len(table.rows))
    return replace(draft, items=tuple(items), errors=tuple(errors), at=at)


def _missing(columns: Sequence[str]) -> list[str]:
    missing = [name for name in _NEEDED if name not in columns]
    if "street" not in columns and "district" not in columns:
        missing.append("street")
    return missing


def _line(reading: _Reading, line: Mapping[str, str]) -> Item | LineProblem:
    """Read one line; the first thing wrong with it is enough to look at it."""
    cell = _bad_cell(line)
    if cell is not None:
        return cell
    services = utilities.service_told(line.get("service", ""), reading.catalogue)
    if not services:
        return LineProblem(0, "unknown_service", line.get("service", "")[:40])
    begins = times.moment(line.get("begins", ""), reading.now, reading.reader.zone)
    ends = times.moment(line.get("ends", ""), reading.now, reading.reader.zone)
    if begins is None or ends is None:
        return LineProblem(0, "no_moment", line.get("ends" if begins else "begins", "")[:40])
    place = _place(reading, line)
    if place is None:
        return LineProblem(0, "no_street", " ".join(line.get(one, "") for one in ("street", "houses"))[:60])
    found = check(Announcement(tuple(services), (place,), begins, ends), reading.now)
    if not found.is_complete:
        return LineProblem(0, found.problems[0].code)
    texts = {name: line.get(name, "") for name in ("text_ru", "text_kk", "text_en", "source")}
    return Item.of(found, texts)


def _bad_cell(line: Mapping[str, str]) -> LineProblem | None:
    for name, value in line.items():
        if is_formula(value):
            return LineProblem(0, "formula", value[:40])
        if name.startswith("text") and len(value) > LONGEST_TEXT:
            return LineProblem(0, "long_text", str(LONGEST_TEXT))
    return None


def _place(reading: _Reading, line: Mapping[str, str]) -> Where | None:
    asked = (line.get("street", ""), line.get("houses", ""), line.get("district", ""))
    street, told, district = asked
    if asked in reading.known:
        return reading.known[asked]
    places: PlaceReader = reading.reader.places
    found: Where | None = None
    if street and not _CITY_WORDS.fullmatch(street):
        found = places.street(street, told, district) if told or not re.search(r"\d", street) else places.line(street)
    elif street or _CITY_WORDS.fullmatch(district):
        found = Where(CITY, "", "")
    elif district:
        found = places.district_with(district, told)
    reading.known[asked] = found
    return found


def _group(item: Item) -> tuple[object, ...]:
    return (item.services, item.begins_at, item.ends_at, item.text_ru, item.text_kk, item.text_en, item.source)


def _together(one: Item, other: Item) -> Item:
    by_key = {place.key: place for place in one.places}
    for place in other.places:
        known = by_key.get(place.key)
        if known is None:
            by_key[place.key] = place
        else:
            both = tuple(dict.fromkeys(known.houses + place.houses)) if known.houses and place.houses else ()
            by_key[place.key] = replace(known, houses=both)
    problems = tuple(dict.fromkeys((*one.problems, *other.problems)))
    return replace(one, places=tuple(by_key.values()), lines=one.lines + other.lines, problems=problems)
