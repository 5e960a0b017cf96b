"""Finds the street in a text: one that is known, however it is told, or one that house and neighbours give away."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from intake109.catalogue.text import Word
from intake109.classifier.place.houses import house_at
from intake109.classifier.place.names import Match, NameIndex, Proof
from intake109.classifier.place.words import (
    AFTER_STREET,
    AT,
    BEFORE_STREET,
    BETWEEN,
    BRIEF,
    NO_NAME,
    STREET_ENDING,
    TITLE,
    way_of,
)


@dataclass(frozen=True, slots=True)
class Street:
    """A street's name found: its first and last word, the word after all of it, and what it is known as.

    `house` ends at the character `end`, as does all of it; `other` is the street it crosses there.
    """

    first: int
    last: int
    after: int
    match: Match | None
    is_announced: bool
    """It stands beside "улица", "көшесі" or the like."""
    house: str = ""
    end: int = 0
    other: str = ""

    @property
    def is_sure(self) -> bool:
        return self.is_announced or (self.match is not None and self.match.proof is Proof.NONE)


class Streets:
    """Finds streets; safe to share between threads."""

    def __init__(self, known: NameIndex) -> None:
        self._known = known

    def first(self, text: str, told: Sequence[Word], is_taken: Callable[[Word], bool]) -> Street | None:
        """Return the surest street outside the words that are taken: known with a house, any with a house, any."""
        best: Street | None = None
        for index in range(len(told)):
            street = None if is_taken(told[index]) else self._street_at(text, told, index)
            if street is None:
                continue
            house, end = house_at(text, told, street.after, street.is_sure)
            other = "" if house else self._crossing(text, told, street.last)
            if not house and not other and not _stands_alone(text, told, street):
                continue
            end = end if house else told[max(street.last, street.after - 1)].end
            found = replace(street, house=house, end=end, other=other)
            if house and (street.match is not None or street.is_announced):
                return found
            if best is None or (house and not best.house):
                best = found
        return best

    def _crossing(self, text: str, told: Sequence[Word], last: int) -> str:
        """Return the other street of a crossing: "Гоголя-Ержанова", "угол Абая и Ленина"; empty if there is none."""
        following = last + 1
        if following < len(told) and told[following].folded in ("и", "мен", "пен", "бен"):
            following += 1
        elif following >= len(told) or not BETWEEN.match(text[told[last].end : told[following].start]):
            return ""
        if following >= len(told) or not text[told[following].start].isupper():
            return ""
        match = self._known.at(told, following)
        if match is not None:
            last = following + match.size - 1
            return match.known.name or text[told[following].start : told[last].end]
        end = _name_end(text, told, following, False)
        is_name = end is not None and STREET_ENDING.search(told[end].folded)
        return text[told[following].start : told[end].end] if is_name and end is not None else ""

    def _street_at(self, text: str, told: Sequence[Word], index: int) -> Street | None:
        """Return the street named about `index`; None if nothing there looks like one."""
        word = told[index]
        if word.folded in BEFORE_STREET:
            way = way_of(word.folded)
            match = self._known.at(told, index + 1, way) or self._known.near(told, index + 1, way)
            last = index + match.size if match else _announced_end(text, told, index)
            return None if last is None else Street(index + 1, last, last + 1, match, True)
        match = self._known.at(told, index)
        last = index + match.size - 1 if match else _name_end(text, told, index, False)
        if last is None:
            return None
        after = last + 1
        if after < len(told) and AFTER_STREET.match(told[after].folded):
            way = way_of(told[after].folded)
            match = self._known.at(told, index, way) or self._known.near(told, index, way)
            is_name = match or text[word.start].isupper() or house_at(text, told, after + 1)[0]
            return Street(index, last, after + 1, match, True) if is_name else None
        if match:
            return Street(index, last, after, match, False)
        return self._unknown_at(text, told, index, last)

    def _unknown_at(self, text: str, told: Sequence[Word], index: int, last: int) -> Street | None:
        """Return a name that no list has: misspelt, or of a street that only its house or a crossing gives away."""
        is_behind = index > 0 and told[index - 1].folded in AT
        is_capital = text[told[index].start].isupper()
        has_house = bool(house_at(text, told, index + 1)[0])
        if has_house or (is_behind and is_capital):
            match = self._known.near(told, index)
            if match:
                return Street(index, index + match.size - 1, index + match.size, match, False)
        looks = bool(STREET_ENDING.search(told[last].folded))
        if not (is_capital or is_behind or looks):
            return None
        is_place = house_at(text, told, last + 1)[0] or self._crossing(text, told, last)
        return Street(index, last, last + 1, None, False) if is_place else None


def is_said(text: str, told: Sequence[Word], first: int, last: int) -> bool:
    """Say whether a name is told as a place: behind "на", or with a capital that no sentence begins with.

    A name that is a sentence or a list's item by itself counts too: "Дружба, третий подъезд".
    """
    if first > 0 and told[first - 1].folded in AT:
        return True
    name = text[told[first].start : told[last].end]
    begins = first == 0 or re.search(r"[.!?\n]", text[told[first - 1].end : told[first].start])
    stands_apart = last + 1 == len(told) or re.match(r"[,.;]", text[told[last].end :])
    return name[0].isupper() and not name.isupper() and (not begins or bool(stands_apart))


def _stands_alone(text: str, told: Sequence[Word], street: Street) -> bool:
    """Say whether a street's name without a house is one: announced, known, and no ordinary word."""
    if street.is_sure:
        return True
    is_known = street.match is not None and street.match.proof is Proof.SAID
    return is_known and is_said(text, told, street.first, street.last)


def _announced_end(text: str, told: Sequence[Word], index: int) -> int | None:
    """Return the last word of the unknown name behind "улица" at `index`; None for "на улице темно"."""
    last = _name_end(text, told, index + 1, told[index].folded in BRIEF)
    if last is None or told[index].folded in BRIEF or text[told[index + 1].start].isupper():
        return last
    return last if house_at(text, told, last + 1)[0] and STREET_ENDING.search(told[last].folded) else None


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
