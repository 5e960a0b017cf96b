"""Finds where the problem is: street and house, microdistrict, school or other landmark, in either language.

Reads folded words, so "ул. Абая 10", "Абай көшесі 10" and "Abaya 10" are one pattern each and meet in one key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from intake109.catalogue.text import Word, fold, words
from intake109.classifier.place_words import (
    AFTER_STREET,
    AMOUNTS,
    AT,
    BEFORE_STREET,
    BETWEEN,
    HOUSE,
    HOUSE_WORD,
    LANDMARKS,
    MICRODISTRICT,
    NEAR,
    NO_NAME,
    NUMBERED,
    ORDINAL,
    QUOTED,
    STREET_ENDING,
    TITLE,
    UNITS,
    stem,
)
from intake109.classifier.word_lists import word_list
from intake109.model import Place, Span


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names of streets and districts of the city; what is given is added to what many cities share."""

    streets: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Finding:
    street: str = ""
    house: str = ""
    district: str = ""
    district_key: str = ""
    landmark: str = ""
    spans: list[Span] = field(default_factory=list)

    def mark(self, start: int, end: int) -> None:
        self.spans.append(Span(start, end, "place"))


class Places:
    """Finds places; safe to share between threads."""

    def __init__(self, gazetteer: Gazetteer | None = None) -> None:
        told = word_list("places")
        own = gazetteer or Gazetteer()
        self._streets = _index((*told["streets"], *own.streets))
        self._districts = _index((*told["districts"], *own.districts))
        self._same: dict[str, str] = told["same"]

    def find(self, text: str) -> Place:
        """Return the first street, house, district and landmark told in `text`; all empty if there is none."""
        told = words(text)
        found = _Finding()
        self._find_district(text, told, found)
        self._find_street(text, told, found)
        _find_landmark(text, told, found)
        if not found.spans:
            return Place()
        spans = tuple(sorted(found.spans, key=lambda span: span.start))
        said = ", ".join(dict.fromkeys(text[span.start : span.end].strip() for span in spans))
        return Place(said, found.street, found.house, found.district, found.landmark, self._key(found), spans)

    def street_key(self, street: str) -> str:
        """Return the form in which the names of one street meet: "Абая", "Абай көшесі", "ул. Нурсултана Абая"."""
        parts = [part for part in fold(street).split() if part not in BEFORE_STREET and not AFTER_STREET.match(part)]
        if not parts:
            return ""
        has_title = any(parts[-1].startswith(title) for title in TITLE)
        kept = parts[-2:] if has_title else parts[-1:]
        bare = " ".join(stem(part) for part in kept)
        return self._same.get(bare, bare)

    def _key(self, found: _Finding) -> str:
        if not found.house:
            return ""
        where = self.street_key(found.street) if found.street else found.district_key
        return f"{where} {found.house}" if where else ""

    def _find_district(self, text: str, told: Sequence[Word], found: _Finding) -> None:
        for index, word in enumerate(told):
            if MICRODISTRICT.match(word.folded) and (
                word.folded != "м" or text[word.end : word.end + 2] in ("-н", "-о")
            ):
                first = index - 2 if index > 1 and told[index - 1].folded in ORDINAL else index - 1
                number = NUMBERED.match(told[first].folded) if first >= 0 else None
                if number:
                    found.district = found.district_key = f"{number.group(1)} мкр"
                    self._end_district(text, told, first, index, found)
                    return
            size = _known(self._districts, told, index)
            if size:
                last = told[index + size - 1]
                end, name = last.end, text[word.start : last.end]
                dash = re.match(r"-(\d{1,2})(?!\d)", text[end:])
                if dash:  # "Степной-2": the number is part of the name
                    name, size = name + dash.group(), size + 1
                found.district = name
                found.district_key = " ".join(stem(part) for part in fold(name).split())
                self._end_district(text, told, index, index + size - 1, found)
                return

    def _end_district(self, text: str, told: Sequence[Word], first: int, last: int, found: _Finding) -> None:
        house, end = _house(text, told, last + 1)
        if house:
            found.house = house
        found.mark(told[first].start, end if house else told[last].end)

    def _find_street(self, text: str, told: Sequence[Word], found: _Finding) -> None:
        best: tuple[int, int, str, int, str] | None = None
        for index in range(len(told)):
            name = self._street_at(text, told, index)
            if name is None:
                continue
            first, last, after = name
            is_sure = after > last + 1 or first > index or bool(_known(self._streets, told, first))
            house, end = _house(text, told, after, is_sure)
            other = "" if house else self._crossing(text, told, last)
            if not house and not is_sure and not other:
                continue
            if best is None or house:
                best = (first, last, house, end if house else told[max(last, after - 1)].end, other)
            if house:
                break
        if best is None:
            return
        first, last, house, end, other = best
        found.street = text[told[first].start : told[last].end]
        found.house = house or found.house
        if other:
            found.landmark = f"{found.street} – {other}"
        found.mark(told[first].start, end)

    def _crossing(self, text: str, told: Sequence[Word], last: int) -> str:
        """Return the other street of a crossing: "Гоголя-Ержанова", "угол Абая и Ленина"; empty if there is none."""
        following = last + 1
        if following < len(told) and told[following].folded in ("и", "мен", "пен", "бен"):
            following += 1
        elif following >= len(told) or not BETWEEN.match(text[told[last].end : told[following].start]):
            return ""
        if following >= len(told) or not text[told[following].start].isupper():
            return ""
        end = _name_end(text, told, following, False)
        known = end is not None and (_known(self._streets, told, following) or STREET_ENDING.search(told[end].folded))
        return text[told[following].start : told[end].end] if known and end is not None else ""

    def _street_at(self, text: str, told: Sequence[Word], index: int) -> tuple[int, int, int] | None:
        """Return first and last word of a street's name beginning about `index`, and the word after all of it."""
        word = told[index]
        if word.folded in BEFORE_STREET:
            last = _name_end(text, told, index + 1, True)
            return (index + 1, last, last + 1) if last is not None else None
        size = _known(self._streets, told, index)
        last = index + size - 1 if size else _name_end(text, told, index, False)
        if last is None:
            return None
        after = last + 1
        if after < len(told) and AFTER_STREET.match(told[after].folded):
            return index, last, after + 1
        if size:
            return index, last, after
        is_said = text[word.start].isupper() or (index > 0 and told[index - 1].folded in AT)
        looks = bool(STREET_ENDING.search(told[last].folded))
        if not (is_said or looks):
            return None
        return (index, last, after) if _house(text, told, after)[0] or self._crossing(text, told, last) else None


def _name_end(text: str, told: Sequence[Word], index: int, is_announced: bool) -> int | None:
    """Return the last word of the name that begins at `index`: capitals, and titles such as батыр."""
    if index >= len(told) or told[index].folded[0].isdigit() or len(told[index].folded) < 3:
        return None
    if not is_announced and NO_NAME.match(told[index].folded):
        return None
    last = index
    while last + 1 < min(len(told), index + 3):
        following = told[last + 1]
        glue = text[told[last].end : following.start]
        is_name = (
            text[following.start].isupper() and text[told[last].start].isupper() and not NO_NAME.match(following.folded)
        )
        if glue.strip(" -") or not (is_name or following.folded in TITLE):
            break
        last += 1
    return last


def _house(text: str, told: Sequence[Word], index: int, is_sure: bool = False) -> tuple[str, int]:
    """Return the house told at `index` and where it ends; an empty one if there is none.

    Behind a name that is surely a street, only times and amounts make a number no house.
    """
    if 0 < index < len(told) and re.search(r"[.!?\n;:(]\s", text[told[index - 1].end : told[index].start]):
        return "", 0
    if index < len(told) and told[index].folded in HOUSE_WORD | NEAR:
        is_sure = is_sure and told[index].folded not in NEAR
        index += 1
    match = HOUSE.match(told[index].folded) if index < len(told) else None
    if match is None or re.match(r":\d|-[шйыо]", text[told[index].end :]):
        return "", 0
    house, end, after = match.group(1) + match.group(2), told[index].end, index + 1
    if after < len(told):
        glue, following = text[end : told[after].start], told[after]
        if glue == "/" and following.folded.isdigit():
            house, end, after = f"{house}/{following.folded}", following.end, after + 1
        elif (
            re.fullmatch(r"[абвг]", following.folded) and not glue.strip(" -") and (after + 1 == len(told) or not glue)
        ):
            house, end, after = house + following.folded, following.end, after + 1
    return ("", 0) if _counts_something(text, told, after, is_sure) else (house, end)


def _counts_something(text: str, told: Sequence[Word], after: int, is_sure: bool) -> bool:
    """Say whether the word at `after` makes the number before it an amount: "20 минут", "5 школа"."""
    if after >= len(told) or re.search(r"[,;.]", text[told[after - 1].end : told[after].start]):
        return False
    if not (AMOUNTS if is_sure else UNITS).match(told[after].folded):
        return False
    return not (after + 1 < len(told) and told[after + 1].folded[0].isdigit())  # "10 кв 5": the flat comes after


def _find_landmark(text: str, told: Sequence[Word], found: _Finding) -> None:
    entrance: tuple[str, int, int] | None = None
    for index, word in enumerate(told):
        name = next((name for name, pattern in LANDMARKS if pattern.match(word.folded)), "")
        if not name:
            continue
        near = _number_beside(text, told, index)
        if near is None or any(near[1] < span.end and span.start < near[2] for span in found.spans):
            continue
        number, start, end = near
        if name == "подъезд":
            entrance = entrance or (f"{number} подъезд", start, end)
        else:
            found.landmark = f"{name} {number}"
            found.mark(start, end)
            return
    quoted = QUOTED.search(text)
    if quoted and told and any(w.folded in AT for w in told if w.end <= quoted.start()):
        found.landmark = quoted.group(1).strip()
        found.mark(quoted.start(), quoted.end())
    elif entrance:
        found.landmark = entrance[0]
        found.mark(entrance[1], entrance[2])


def _number_beside(text: str, told: Sequence[Word], index: int) -> tuple[str, int, int] | None:
    """Return the number told right after or right before a word, and where both stand."""
    word = told[index]
    after = NUMBERED.match(told[index + 1].folded) if index + 1 < len(told) else None
    if after and not text[word.end : told[index + 1].start].strip(" №#-"):
        return after.group(1), word.start, told[index + 1].end
    first = index - 2 if index > 1 and told[index - 1].folded in ORDINAL else index - 1
    before = NUMBERED.match(told[first].folded) if first >= 0 else None
    gap = text[told[first].end : told[first + 1].start] + text[told[index - 1].end : word.start] if before else ""
    if before and not gap.strip(" -"):
        start = told[first].start
        return before.group(1), start - 1 if start and text[start - 1] in "№#" else start, word.end
    return None


def _index(names: Iterable[str]) -> dict[str, list[tuple[str, ...]]]:
    index: dict[str, list[tuple[str, ...]]] = {}
    for name in names:
        parts = tuple(stem(part) for part in fold(name).split())
        if parts:
            index.setdefault(parts[0], []).append(parts)
    for known in index.values():
        known.sort(key=len, reverse=True)
    return index


def _known(index: dict[str, list[tuple[str, ...]]], told: Sequence[Word], start: int) -> int:
    """Return how many words of a known name stand at `start`; 0 if none does."""
    for parts in index.get(stem(told[start].folded), ()):
        here = told[start : start + len(parts)]
        if len(here) == len(parts) and all(stem(word.folded) == part for word, part in zip(here, parts, strict=True)):
            return len(parts)
    return 0
