"""Where an outage is: streets with houses, districts, the whole city. Read by the place reader of the classifier."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from intake109.model import Place
from intake109.outages import houses

FindPlace = Callable[[str], Place]
"""Finds the first place told in a text."""
CITY = "*"
"""The key of an outage everywhere."""
_WHOLE_CITY = re.compile(
    r"\b(?:вес[ьм]\w*|по\s+всему|бүкіл|whole)\s+(?:город\w*|қала\w*|city)|\bпо\s+городу\b|қала\s+бойынша", re.IGNORECASE
)
_SETTLEMENT = re.compile(
    r"\b(?P<kind>пос(?:[её]л\w*|\.)|село|с\.|аул\w*|ауыл\w*|кент\w*|жилой\s+массив|ж/м|тұрғын\s+алаб\w*)\s*"
    r"[«\"]?(?P<name>[А-ЯЁӘҒҚҢӨҰҮҺІ][\w-]+(?:\s+[А-ЯЁӘҒҚҢӨҰҮҺІ][\w-]+)?)"
)
_UNITS = (
    (
        re.compile(
            r"(?<!\d\s)(?<!\d)(?<!-й\s)(?<!ый\s)\b(?:мкр|микрорайон\w*|мкрн?|м-н)\.?\s*№?\s*(\d{1,2})(?![\d/])(?!-?\s*(?:й|ый|ой)\s)",
            re.I,
        ),
        r"\1 мкр",
    ),
    (re.compile(r"\b(\d{1,2})\s*-?\s*(?:й|ый|ой|ші|шы|інші|ыншы)\s+(?=мкр|микр|ықшам|шағын)", re.I), r"\1 "),
)
_STREETS = re.compile(
    r"\bул(?:иц(?:ам|ах|ы)|\.?ул\.)\s*:?\s*(?P<ru>[^:;.\d\n]+(?:\d+\s+[^\W\d_]+[^:;.\d\n]*)?)(?=$|[;.\n(])",
    re.IGNORECASE,
)
_STREETS_KK = re.compile(
    r"(?P<kk>(?:[А-ЯЁӘҒҚҢӨҰҮҺІ][\w-]*(?:\s+[а-яёәғқңөұүһі]{3,7})?(?:\s*,\s*|\s+және\s+|\s+мен\s+))+"
    r"[А-ЯЁӘҒҚҢӨҰҮҺІ][\w-]*)\s+көшелер\w*"
)
_BEFORE = re.compile(
    r"(?:\bдом(?:а|ов|ах)?|\bд\.|\bдд\.)\s*(?P<list>(?:№+\s*)?\d[^.;\n]*?)\s+(?:по|на)\s+(?:(?P<way>ул\w*|пр\w*|пер\w*)\.?\s+)?"
    r"(?P<name>[А-ЯЁӘҒҚҢӨҰҮҺІ][\w-]*(?:\s+(?:[А-ЯЁӘҒҚҢӨҰҮҺІ][\w-]*|батыра?))*)",
)
_SECTION = re.compile(
    r"\b(?:от|между|на\s+участке(?:\s+от)?)\s+(?:ул\w*\.?\s+)?[А-ЯЁӘҒҚҢӨҰҮҺІ][\w-]+(?:\s+[А-ЯЁ][\w-]+)?\s+(?:до|и)\s+(?:ул\w*\.?\s+)?"
    r"[А-ЯЁӘҒҚҢӨҰҮҺІ][\w-]+(?:\s+[А-ЯЁ][\w-]+)?"
)
_HEADS = re.compile(r"\s*(?:[:(]|,\s*(?=(?:ул|пр|пер|просп|бульвар|көше)\w*\.?\s))")
_ANNOUNCED = re.compile(
    r"\b(?:по\s+)?(?:ул\w{0,4}|просп\w*|пр|пр-т\w?|пр-к\w*|пер\w*|мкр\w*|м-н|бульвар\w*|бр)\.?\s*$", re.I
)
_NUMBERED_NAME = re.compile(r"[А-ЯЁӘҒҚҢӨҰҮҺІ]\w+-\d{1,2}(?![\d/])")
_LINES = 400
"""Places of one announcement; a text that tells more is no announcement."""


@dataclass(frozen=True, slots=True)
class Where:
    """One place of an outage.

    Attributes:
        key: in which all spellings of the street or district meet; `*` for the whole city.
        area: the key of the district a street lies in, empty if it is unknown.
        houses: as `houses` keeps them; empty for all.
        is_known: whether the centre's own names have it; one they do not have may be a slip of the pen.
    """

    key: str
    area: str
    name: str
    houses: tuple[str, ...] = ()
    is_known: bool = True

    def kept(self) -> dict[str, Any]:
        return {"key": self.key, "area": self.area, "name": self.name, "houses": list(self.houses)}

    def written(self, even: str, odd: str) -> str:
        """Return the place as a line of the form: "Абая 10–24 чётные"."""
        return f"{self.name} {houses.written(self.houses, even, odd)}".strip()


@dataclass(frozen=True, slots=True)
class _Found:
    at: int
    where: Where
    end: int
    is_district: bool = False


class PlaceReader:
    """Reads the places of announcements; safe to share between threads.

    Args:
        find: the place reader of the classifier, so that a citizen's address and an announced one meet in one key.
        known: the canonical names of the centre's own streets and districts.
    """

    def __init__(self, find: FindPlace, known: frozenset[str] = frozenset()) -> None:
        self._find = find
        self._known = known

    def read(self, text: str) -> tuple[list[Where], str, bool]:
        """Return the places told in order, the text with them blanked out, and whether a part of a street was told."""
        text = _prepared(text)
        section = _SECTION.search(text)
        if section:
            text = _blanked(text, section.start(), section.end())
        found: list[_Found] = []
        if city := _WHOLE_CITY.search(text):
            found.append(_Found(city.start(), Where(CITY, "", ""), city.end(), True))
            text = _blanked(text, city.start(), city.end())
        for clause in list(re.finditer(r"[^;\n]+", text)):
            places, rest = self._clause(clause[0])
            found += [replace(one, at=one.at + clause.start(), end=one.end + clause.start()) for one in places]
            text = text[: clause.start()] + rest + text[clause.end() :]
        found.sort(key=lambda one: one.at)
        return _joined(_without_headings(found, text)), text, section is not None

    def _clause(self, text: str) -> tuple[list[_Found], str]:
        found: list[_Found] = []
        for _ in range(_LINES):
            one, text = self._next(text)
            if one is None:
                break
            if one.where.key:
                found.append(one)
        return found, text

    def line(self, text: str) -> Where | None:
        """Return the one place a line of the form or a cell of a table tells; None if it is not understood."""
        found, rest, _is_part = self.read(text)
        if not found and text[:1].isupper():
            found, rest, _is_part = self.read(f"ул. {text}")
        is_rest = re.search(r"\d", rest)
        return found[0] if len(found) == 1 and not is_rest else None

    def street(self, name: str, told: str, district: str = "") -> Where | None:
        """Return a street of a table with its houses told; None if the name or the houses are not understood."""
        numbers, end = houses.read(told)
        if told[end:].strip(" .,;()") and not re.fullmatch(r"\W*(?:все|барлығы|all)\W*(?:дома|үйлер)?\W*", told, re.I):
            return None
        bare = re.sub(r"\s+(?:көшесі|даңғылы|улица|проспект)$", "", name.strip(), flags=re.I)
        found = self._named(bare, self._find(f"ул. {bare[:1].upper()}{bare[1:]} 1"))
        if found is None:
            return None
        area = self.district(district).area if district and not found.area else found.area
        return replace(found, houses=numbers, area=area)

    def district(self, name: str) -> Where:
        """Return a district by its name, known or not."""
        place = self._find(_prepared(name))
        if not place.district_key:
            place = self._find(f"мкр. {name.strip()}")
        if place.district_key and not place.street_key:
            return Where(place.district_key, place.district_key, place.normalised, (), place.normalised in self._known)
        key = self._find(f"ул. {name.strip()} 1").street_key
        return Where(key, key, name.strip(), (), False)

    def district_with(self, name: str, told: str) -> Where | None:
        """Return a district of a table with the houses told; None if they are not understood."""
        numbers, end = houses.read(told)
        found = self.district(name)
        return replace(found, houses=numbers) if found.key and not told[end:].strip(" .,;()") else None

    def _named(self, said: str, place: Place) -> Where | None:
        if not place.street_key:
            return None
        name = place.normalised.split(", ")[-1].rsplit(" ", 1)[0] if place.house else said
        name = place.street[:1].upper() + place.street[1:] or name
        return Where(place.street_key, place.district_key, name, (), place.street in self._known)

    def _next(self, text: str) -> tuple[_Found | None, str]:
        """Return the next place and the text without it; one without a key was something that is no outage's place."""
        if settlement := _SETTLEMENT.search(text):
            where = self.district(settlement["name"])
            numbers, end = houses.read(text, settlement.end())
            one = _Found(settlement.start(), replace(where, houses=numbers), end, True)
            return one, _blanked(text, settlement.start(), end)
        place = self._find(text)
        if not place.spans:
            return None, text
        street = next(
            (span for span in place.spans if place.street and place.street_key and _is_street(text, span, place)), None
        )
        span = street or place.spans[0]
        start, end = span.start, span.end
        numbered = _NUMBERED_NAME.match(text, start) if street is not None else None
        if numbered and (district := self.district(numbered[0])).is_known:
            numbers, after = houses.read(text, numbered.end())
            end = after if numbers else numbered.end()
            return _Found(start, replace(district, houses=numbers), end, True), _blanked(text, start, end)
        if place.house and text[start:end].lower().replace(" ", "").endswith(place.house):
            end = start + _house_at(text[start:end], place.house)
        numbers, after = houses.read(text, end)
        end = after if numbers else end
        if street is not None:
            area = self._find(f"ул. {place.street} 1").district_key if place.street in self._known else ""
            name = place.street[:1].upper() + place.street[1:]
            where = Where(place.street_key, area, name, numbers, place.street in self._known)
        elif place.district_key and not place.landmark:
            name = place.district[:1].upper() + place.district[1:]
            where = Where(place.district_key, place.district_key, name, numbers, name in self._known)
        else:
            where = Where("", "", "")
        announced = _ANNOUNCED.search(text[:start])
        end = end if numbers else max(end, span.end)
        return _Found(start, where, end, street is None), _blanked(text, announced.start() if announced else start, end)


def _is_street(text: str, span: Any, place: Place) -> bool:
    """Say whether a span tells the street: in "мкр. Михайловка, ул. Ключевая 5" only the second does."""
    others = [one for one in place.spans if one is not span]
    if not others:
        return bool(place.street)
    said = text[span.start : span.end].lower()
    return said[:4] in place.street.lower() or (bool(place.house) and place.house in said.replace(" ", ""))


def _house_at(said: str, house: str) -> int:
    number = re.match(r"\d+", house)
    return said.rfind(number[0]) if number else len(said)


def _prepared(text: str) -> str:
    """Write announcements' shorthand out as the place reader knows it."""
    text = re.sub(r"[\u2010-\u2015−]", "-", text.replace("\xa0", " "))
    for pattern, instead in _UNITS:
        text = pattern.sub(instead, text)
    text = _BEFORE.sub(lambda one: f"{one['way'] or 'ул'}. {one['name'].strip()} {one['list']} ", text)
    text = _STREETS.sub(lambda one: ", ".join(f"ул. {name}" for name in _names(one["ru"])), text)
    return _STREETS_KK.sub(lambda one: ", ".join(f"{name} көшесі" for name in _names(one["kk"])), text)


def _names(told: str) -> Iterator[str]:
    yield from (name.strip() for name in re.split(r"\s*,\s*|\s+и\s+|\s+және\s+|\s+мен\s+", told) if name.strip())


def _without_headings(found: Sequence[_Found], text: str) -> list[Where]:
    """Leave out districts that only say where the streets behind them lie, and let those streets lie there."""
    kept: list[Where] = []
    area = ""
    for index, one in enumerate(found):
        following = found[index + 1] if index + 1 < len(found) else None
        glue = text[one.end : following.at] if following else ""
        if one.is_district:
            is_heading = following is not None and not following.is_district and not one.where.houses
            if is_heading and (re.match(r"\s*[:(]", glue) or not glue.strip(" ,.")) and _is_announced(glue, following):
                area = one.where.key
                continue
            area = ""
        kept.append(replace(one.where, area=area) if area and not one.where.area else one.where)
    return kept


def _is_announced(glue: str, following: _Found | None) -> bool:
    return following is not None and bool(re.match(r"\s*[:(,]", glue))


def _joined(found: Sequence[Where]) -> list[Where]:
    """Bring what is told of one street together; the whole street holds its houses."""
    by_key: dict[str, Where] = {}
    for one in found:
        before = by_key.get(one.key)
        if before is None:
            by_key[one.key] = one
        elif before.houses and one.houses:
            by_key[one.key] = replace(before, houses=tuple(dict.fromkeys(before.houses + one.houses)))
        else:
            by_key[one.key] = replace(before, houses=())
    return list(by_key.values())


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]
