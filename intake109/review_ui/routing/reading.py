"""Reads tables of organisations and of the places they answer for. What is wrong is said line by line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from intake109.appeals.executors.organisations import CITY, Entry, Place, wrong_with
from intake109.appeals.executors.routing import RouteKind
from intake109.catalogue.services import Catalogue
from intake109.catalogue.text import fold
from intake109.outages.places import PlaceReader
from intake109.outbox.executors import WAYS
from intake109.spreadsheet import Sheet, SheetProblem, is_formula, open_sheet
from intake109.store.tables import OrganisationRow

_MOST_HOUSES = 500
_YES = frozenset({"да", "иә", "yes", "1", "true", "+", "x", "х"})
_NO = frozenset({"нет", "жоқ", "no", "0", "false", "-"})
_COMPUTED = re.compile(r"[=@\t\r]|[+\-](?!\d+$)")
"""How a cell begins that a spreadsheet may compute; a chat's id or a telephone number is none."""
_CITY_WORDS = re.compile(r"\*|вес[ьм]\w* город|город|бүкіл қала|қала|whole city|city", re.IGNORECASE)
_RANGE = re.compile(r"(\d+)-(\d+)(?: (even|odd))?")
_ORGANISATION_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "код"),
    "executor": ("executor", "вид_исполнителя", "исполнитель", "вид", "орындаушы", "түрі"),
    "name_ru": ("name_ru", "название", "наименование", "организация", "название_ru", "name"),
    "name_kk": ("name_kk", "атауы", "название_kk", "ұйым"),
    "name_en": ("name_en", "название_en"),
    "way": ("way", "способ", "как_сообщать", "тәсіл"),
    "address": ("address", "адрес", "адрес_для_работы", "почта", "email", "мекенжай"),
    "superior_name": ("superior_name", "superior", "руководитель", "басшы"),
    "superior_email": ("superior_email", "почта_руководителя"),
    "superior_telegram": ("superior_telegram", "telegram_руководителя"),
    "curator": ("curator", "куратор"),
    "is_private": ("private", "is_private", "частная", "жеке"),
    "city": ("city", "весь_город", "бүкіл_қала"),
    "is_active": ("active", "is_active", "действует", "қолданыста"),
}
_ROUTE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "organisation": ("organisation", "организация", "код", "code", "ұйым"),
    "street": ("street", "улица", "адрес", "көше", "мекенжай"),
    "houses": ("houses", "house", "дома", "дом", "үйлер", "үй"),
    "area": ("area", "район", "микрорайон", "мкр", "посёлок", "поселок", "село", "district", "аудан", "ауыл"),
    "landmark": ("landmark", "place", "объект", "школа", "место", "нысан", "мектеп"),
}
_WAY_WORDS = {
    "page": ("page", "страница", "сайт", "бет"),
    "email": ("email", "e-mail", "почта", "пошта"),
    "telegram": ("telegram", "телеграм"),
    "registry": ("registry", "реестр", "тізілім"),
    "hand": ("hand", "вручную", "телефон", "қолмен"),
}
_WAY_OF = {word: way for way, words in _WAY_WORDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Line:
    """One line that was understood: an organisation (`entry`), or places of one.

    `is_doubtful`: the city's names of streets and districts hold no such one; it may be a slip of the pen.
    """

    number: int
    code: str
    places: tuple[Place, ...] = ()
    entry: Entry | None = None
    is_doubtful: bool = False

    def kept(self) -> dict[str, Any]:
        """Return it as it is kept in a draft."""
        return asdict(self)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Line:
        places = tuple(Place(**{**one, "kind": RouteKind(one["kind"])}) for one in kept["places"])
        entry = Entry(**kept["entry"]) if kept["entry"] else None
        return cls(kept["number"], kept["code"], places, entry, bool(kept.get("is_doubtful")))


@dataclass(slots=True)
class Read:
    """What a table says, and what is wrong with it."""

    lines: list[Line] = field(default_factory=list)
    problems: list[SheetProblem] = field(default_factory=list)


def organisations(content: bytes, catalogue: Catalogue) -> Read:
    """Read a table of organisations."""
    sheet = open_sheet(content, _columns(_ORGANISATION_COLUMNS))
    read = _begun(sheet, ("code", "executor", "name_ru"))
    kinds = _kinds(catalogue)
    seen: set[str] = set()
    for number, written in sheet.lines() if not _is_hopeless(read) else []:
        cells = _bared(written)
        code = cells.get("code", "").lower()
        entry = _entry(cells, kinds, catalogue)
        problem = _formula(written) or _wrong(cells, code, entry, seen)
        if problem is not None:
            read.problems.append(SheetProblem(number, *problem))
            continue
        seen.add(code)
        is_city = cells.get("city", "").strip().casefold() in _YES
        read.lines.append(Line(number, code, (CITY,) if is_city else (), entry))
    return read


def routes(content: bytes, known: Mapping[str, OrganisationRow], places: PlaceReader) -> Read:
    """Read a table of places. `known` are the organisations by code."""
    sheet = open_sheet(content, _columns(_ROUTE_COLUMNS))
    read = _begun(sheet, ("organisation",))
    by_name = {fold(name): one.code for one in known.values() for name in (one.name_ru, one.name_kk, one.code) if name}
    reader = Whereabouts(places)
    for number, written in sheet.lines() if not _is_hopeless(read) else []:
        cells = _bared(written)
        code = by_name.get(fold(cells.get("organisation", "")), "")
        formula = _formula(written)
        if formula or not code:
            said = cells.get("organisation", "")[:60]
            read.problems.append(SheetProblem(number, *(formula or ("unknown_organisation", said))))
            continue
        found = reader.places(cells)
        if isinstance(found, str):
            told = " ".join(cells.get(one, "") for one in ("street", "houses", "area", "landmark"))
            read.problems.append(SheetProblem(number, found, told.strip()[:80]))
            continue
        read.lines.append(Line(number, code, found, is_doubtful=reader.is_unknown(cells)))
    return read


def armoured(cell: str) -> str:
    """Return a cell as it is safe in a spreadsheet; `_bared` gives it back."""
    return f"'{cell}" if _COMPUTED.match(cell) or cell.startswith("'") else cell


def _bared(cells: Mapping[str, str]) -> dict[str, str]:
    """Return cells without the apostrophe that keeps a spreadsheet from computing them."""
    return {name: cell.removeprefix("'") if cell[:1] == "'" else cell for name, cell in cells.items()}


class Whereabouts:
    """Reads what a line tells of a place; streets are looked up once."""

    def __init__(self, places: PlaceReader) -> None:
        self._reader = places
        self._known: dict[tuple[str, str, str], tuple[Place, ...] | str] = {}
        self._unknown: set[tuple[str, str, str]] = set()

    def places(self, cells: Mapping[str, str]) -> tuple[Place, ...] | str:
        """Return the places of a line, or the code of what is wrong with it."""
        street, told, area = (cells.get(one, "").strip() for one in ("street", "houses", "area"))
        landmark = cells.get("landmark", "").strip()
        if landmark:
            return (Place(RouteKind.LANDMARK, f"@{fold(landmark)}", "", landmark),)
        if not street and not area:
            return "no_place"
        if _CITY_WORDS.fullmatch(street or area) and not (street and area):
            return (CITY,)
        asked = (street, told, area)
        if asked not in self._known:
            self._known[asked] = self._of(*asked)
        return self._known[asked]

    def is_unknown(self, cells: Mapping[str, str]) -> bool:
        """Say whether a line that was read names a street or district that the city's names do not hold."""
        return (cells.get("street", "").strip(), cells.get("houses", "").strip(), cells.get("area", "").strip()) in (
            self._unknown
        )

    def _of(self, street: str, told: str, area: str) -> tuple[Place, ...] | str:
        asked = (street, told, area)
        if not street:
            where = self._reader.district_with(area, told)
        elif told or not re.search(r"\d", street):
            where = self._reader.street(street, told, area)
        else:
            where = self._reader.line(street)
        if street and (where is None or not where.key):  # a microdistrict in the column of streets
            where = self._reader.district_with(street, told)
            street = ""
        if where is None or not where.key or not (street or area or where.is_known):
            return "no_street"
        if not where.is_known:
            self._unknown.add(asked)
        if where.houses:
            houses = _expanded(where.houses)
            shown = [Place(RouteKind.HOUSE, f"{where.key} {one}", "", f"{where.name} {one}") for one in houses]
            return tuple(shown) if houses else "houses"
        if not street:
            return (Place(RouteKind.AREA, where.key, "", where.name),)
        restricted = where.area if area else ""
        return (Place(RouteKind.STREET, where.key, restricted, f"{where.name}, {area}" if area else where.name),)


def _expanded(told: tuple[str, ...]) -> list[str]:
    """Return single houses; nothing for a side of a street without an end."""
    found: list[str] = []
    for one in told:
        run = _RANGE.fullmatch(one)
        if one in ("even", "odd"):
            return []
        if run is None:
            found.append(one)
            continue
        first, last = int(run[1]), int(run[2])
        if last - first > _MOST_HOUSES:
            return []
        rest = {"even": 0, "odd": 1}.get(run[3])
        found += [str(house) for house in range(first, last + 1) if rest is None or house % 2 == rest]
    return list(dict.fromkeys(found))


def _entry(cells: Mapping[str, str], kinds: Mapping[str, str], catalogue: Catalogue) -> Entry:
    told = cells.get("way", "").strip().casefold()
    address = cells.get("address", "").strip()
    way = _WAY_OF.get(told, told) if told else ("email" if "@" in address else "page")
    curators = {fold(words.ru): code for code, words in catalogue.curators.items()}
    curator = cells.get("curator", "").strip()
    return Entry(
        executor=kinds.get(fold(cells.get("executor", "")), ""),
        name_ru=cells.get("name_ru", "").strip(),
        name_kk=cells.get("name_kk", "").strip(),
        name_en=cells.get("name_en", "").strip(),
        way=way,
        address=address,
        superior_name=cells.get("superior_name", "").strip(),
        superior_email=cells.get("superior_email", "").strip(),
        superior_telegram=cells.get("superior_telegram", "").strip(),
        curator=curator if curator in catalogue.curators else curators.get(fold(curator), ""),
        is_private=cells.get("is_private", "").strip().casefold() in _YES,
        is_active=cells.get("is_active", "").strip().casefold() not in _NO,
    )


def _wrong(cells: Mapping[str, str], code: str, entry: Entry, seen: set[str]) -> tuple[str, str] | None:
    if code in seen:
        return ("twice", code)
    if not entry.executor:
        return ("unknown_executor", cells.get("executor", "")[:60])
    if entry.way not in WAYS:
        return ("unknown_way", entry.way[:40])
    wrong = wrong_with(code, entry)
    return ("field", f"{wrong}: {cells.get(wrong, '')[:60]}") if wrong else None


def _kinds(catalogue: Catalogue) -> dict[str, str]:
    found = {fold(name): code for code, words in catalogue.executors.items() for name in (words.ru, words.kk, words.en)}
    return found | {fold(code): code for code in catalogue.executors}


def _formula(cells: Mapping[str, str]) -> tuple[str, str] | None:
    return next((("formula", cell[:40]) for cell in cells.values() if is_formula(cell)), None)


def _columns(told: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {name: column for column, names in told.items() for name in names}


def _begun(sheet: Sheet, needed: tuple[str, ...]) -> Read:
    read = Read(problems=list(sheet.problems))
    missing = [one for one in needed if one not in sheet.columns]
    if any(sheet.columns) and missing:
        read.problems.append(SheetProblem(1, "no_column", ", ".join(missing)))
    return read


def _is_hopeless(read: Read) -> bool:
    return any(one.code in ("not_text", "no_heading", "no_column") for one in read.problems)
