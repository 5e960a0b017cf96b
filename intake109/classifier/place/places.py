"""Finds where the problem is: street, house and flat, microdistrict, school or other landmark, in either language.

Reads folded words, so "ул. Абая 10", "Абай көшесі 10" and "Abaya 10" are one pattern each and meet in one key. What the
centre's gazetteer knows is told by its canonical name, whatever it was called: old name, other language, with a typo.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from intake109.catalogue.text import Word, fold, words
from intake109.classifier.place.gazetteer import Gazetteer
from intake109.classifier.place.houses import flat_after, house_at
from intake109.classifier.place.indexes import indexes
from intake109.classifier.place.landmarks import Landmark, known_landmark, other_landmark
from intake109.classifier.place.names import UNKNOWN, Known, Match, Proof
from intake109.classifier.place.streets import Streets, is_said
from intake109.classifier.place.words import (
    AFTER_STREET,
    BEFORE_STREET,
    MICRODISTRICT,
    NUMBERED,
    ORDINAL,
    TITLE,
    bare_name,
    stem,
)
from intake109.classifier.word_lists import word_list
from intake109.model import Place, Span


@dataclass(slots=True)
class _Finding:
    street: str = ""
    house: str = ""
    flat: str = ""
    district: str = ""
    district_key: str = ""
    crossing: str = ""
    landmark: str = ""
    known_street: Known = UNKNOWN
    known_district: Known = UNKNOWN
    known_landmark: Known = UNKNOWN
    spans: list[Span] = field(default_factory=list)

    def mark(self, start: int, end: int) -> None:
        self.spans.append(Span(start, end, "place"))

    def is_taken(self, word: Word) -> bool:
        return any(word.start < span.end and span.start < word.end for span in self.spans)

    def take_landmark(self, landmark: Landmark | None) -> None:
        if landmark is not None:
            self.landmark, self.known_landmark = landmark.name, landmark.known
            self.mark(landmark.start, landmark.end)

    def take_house(self, text: str, told: Sequence[Word], house: str, end: int) -> int:
        """Note a house and the flat behind it; return where they end."""
        if not house:
            return end
        self.house = house
        self.flat, flat_end = flat_after(text, told, end)
        return max(end, flat_end)


class Places:
    """Finds places; safe to share between threads."""

    def __init__(self, gazetteer: Gazetteer | None = None) -> None:
        told = word_list("places")
        self._same = {stem(one): stem(other) for one, other in told["same"].items()}
        found = indexes(gazetteer or Gazetteer(), told["streets"], told["districts"], self.street_key)
        self._known_streets, self._districts, self._landmarks, self._numbered = found
        self._streets = Streets(self._known_streets)

    def find(self, text: str) -> Place:
        """Return the first street, house, flat, district and landmark told in `text`; all empty if there is none."""
        told = words(text)
        found = _Finding()
        self._find_district(text, told, found)
        landmark = known_landmark(text, told, self._landmarks, found.spans)
        found.take_landmark(landmark)
        self._find_street(text, told, found)
        if landmark is None:
            found.take_landmark(other_landmark(text, told, found.spans))
        if not found.spans:
            return Place()
        spans = tuple(sorted(found.spans, key=lambda span: span.start))
        known = (found.known_landmark, found.known_street, found.known_district)
        point = next((one.point for one in known if one.point is not None), (None, None))
        return Place(
            text=", ".join(dict.fromkeys(text[span.start : span.end].strip() for span in spans)),
            street=found.street,
            house=found.house,
            district=found.district or found.known_street.district or found.known_landmark.district,
            landmark=found.landmark or found.crossing,
            key=self._key(found),
            spans=spans,
            flat=found.flat,
            normalised=_normalised(found),
            latitude=point[0],
            longitude=point[1],
            street_key=self._street(found),
            district_key=found.district_key
            or district_key(found.known_street.district or found.known_landmark.district),
        )

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
        where = self._street(found) or found.district_key
        return f"{where} {found.house}" if where else ""

    def _street(self, found: _Finding) -> str:
        return found.known_street.key or self.street_key(found.street)

    def _find_district(self, text: str, told: Sequence[Word], found: _Finding) -> None:
        for index, word in enumerate(told):
            if MICRODISTRICT.match(word.folded) and (
                word.folded != "м" or text[word.end : word.end + 2] in ("-н", "-о")
            ):
                first = index - 2 if index > 1 and told[index - 1].folded in ORDINAL else index - 1
                number = NUMBERED.match(told[first].folded) if first >= 0 else None
                if number:
                    found.known_district = self._numbered.get(number.group(1), UNKNOWN)
                    found.district_key = f"{number.group(1)} мкр"
                    found.district = found.known_district.name or found.district_key
                    is_in_two = index + 1 < len(told) and told[index + 1].folded.startswith("аудан")  # ықшам аудан
                    self._end_district(text, told, first, index + is_in_two, found)
                    return
            match = self._district_at(text, told, index)
            if match is not None:
                self._take_district(text, told, index, match, found)
                return

    def _district_at(self, text: str, told: Sequence[Word], index: int) -> Match | None:
        """Return the district named at `index`, unless the words around say that it is a street or no name at all."""
        match = self._districts.at(told, index)
        is_announced = index > 0 and bool(MICRODISTRICT.match(told[index - 1].folded))
        if match is None:
            return self._districts.near(told, index) if is_announced else None
        after = index + match.size
        is_street = (index > 0 and told[index - 1].folded in BEFORE_STREET) or (
            after < len(told) and AFTER_STREET.match(told[after].folded)
        )
        street = self._known_streets.at(told, index)
        if is_street or (street is not None and street.is_exact and not match.is_exact):
            return None
        house, _ = house_at(text, told, after)
        is_meant = is_announced or bool(house) or is_said(text, told, index, after - 1)
        return match if match.proof is Proof.NONE or is_meant else None

    def _take_district(self, text: str, told: Sequence[Word], index: int, match: Match, found: _Finding) -> None:
        last = told[index + match.size - 1]
        size, name = match.size, text[told[index].start : last.end]
        dash = re.match(r"-(\d{1,2})(?!\d)", text[last.end :])
        if dash:  # "Степной-2": the number is part of the name
            name, size = name + dash.group(), size + 1
        found.known_district = UNKNOWN if dash else match.known
        found.district = found.known_district.name or name
        found.district_key = found.known_district.key or " ".join(stem(part) for part in fold(name).split())
        self._end_district(text, told, index, index + size - 1, found)

    def _end_district(self, text: str, told: Sequence[Word], first: int, last: int, found: _Finding) -> None:
        house, end = house_at(text, told, last + 1)
        end = found.take_house(text, told, house, end)
        found.mark(told[first].start, end if house else told[last].end)

    def _find_street(self, text: str, told: Sequence[Word], found: _Finding) -> None:
        street = self._streets.first(text, told, found.is_taken)
        if street is None:
            return
        found.known_street = street.match.known if street.match else UNKNOWN
        found.street = found.known_street.name or text[told[street.first].start : told[street.last].end]
        end = found.take_house(text, told, street.house, street.end)
        if street.other:
            found.crossing = f"{found.street} – {street.other}"
        found.mark(told[street.first].start, end)


def district_key(name: str) -> str:
    """Return the form in which the names of one district meet: "7-й микрорайон", "7 мкр"; empty for no name."""
    parts = bare_name(name)
    number = NUMBERED.match(parts[0]) if parts else None
    if number and (len(parts) == 1 or parts[1] in ORDINAL):
        return f"{number.group(1)} мкр"
    return " ".join(map(stem, parts))


def _normalised(found: _Finding) -> str:
    """Return the place as the city's papers write it: district, street and house, flat, landmark."""
    district = found.known_district.name or _capital(found.district)
    street = found.known_street.name or _capital(found.street)
    flat = f"кв. {found.flat}" if found.flat else ""
    landmark = found.known_landmark.name or _capital(found.landmark)
    near = found.known_street.district or found.known_landmark.district
    parts = (district or near, found.crossing or f"{street} {found.house}".strip(), flat, landmark)
    return _capital(", ".join(part for part in parts if part))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
