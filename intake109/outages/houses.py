"""Houses of a street as announcements tell them: single ones, ranges, one side of the street.

A list of houses is kept as short texts: `110`, `24а`, `7/2`, `10-24`, `10-24 even`, `odd`. An empty list is all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

EVEN, ODD = "even", "odd"
_NUMBER = r"\d{1,4}(?:\s?/\s?\d{1,4})?(?:\s?[а-дa](?![^\W\d_]))?"
_NOT_A_HOUSE = (
    r"(?![:.]\d\d|\d|[^\W\d_]*\s*%|\s*-?\s*(?:[йя]|ый|ой|ші|шы)?\s*(?:мкр|микр|ықшам|мөлтек|подъезд|кіреберіс|кв\b|пәтер)"
    r"|\s+(?:марта|мая|наурыз|апреля|ноября|октября|лет|годовщин))"
)
_HOUSE = re.compile(_NUMBER + _NOT_A_HOUSE, re.IGNORECASE)
_RANGE = re.compile(
    rf"(?:(?:с|от)\s+)?(\d{{1,4}})[а-дa]?\s*(?:-|по|до|бен|мен)\s*(\d{{1,4}})([а-дa]?)(?![^\W_]){_NOT_A_HOUSE}",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"[\s,(]*(?:по\s+)?(?P<odd>неч[её]?т?\w*|нч\b|тақ\w*|odd)?(?P<even>ч[её]тн?\w*|чет\b|жұп\w*|even)?"
    r"(?(odd)|(?(even)|(?!)))\.?(?:\s*(?:сторон\w*|стор\.|номер\w*|дома|жағ\w*|жақ\w*|нөмір\w*|үйлер\w*|side))*\)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"(?:[\s,:№#(]|\.(?=\s*,?\s*(?:дом|үй|№))|\bи\b|және|\bдома?(?:ов)?\b|\bд\.|\bдд\.|\bүй(?:лер)?\w*|\bномер\w*|\bно\.)*",
    re.IGNORECASE,
)
_KEPT = re.compile(r"(\d+)-(\d+)(?: (even|odd))?|(even|odd)")


def read(text: str, start: int = 0) -> tuple[tuple[str, ...], int]:
    """Return the houses told from `start` on, and where they end; none, and `start`, if there are none."""
    found: list[str] = []
    end = start
    while True:
        at = _between(text, end, is_first=not found)
        house, after = _one(text, at)
        if not house:
            return tuple(dict.fromkeys(found)), end
        found.append(house)
        end = after


def covers(houses: Sequence[str], house: str) -> bool:
    """Say whether a house is among those kept; a letter or a corner's second number belongs to a range's house."""
    wanted = normalised(house)
    leading = re.match(r"\d+", wanted)
    number = int(leading[0]) if leading else 0
    return not houses or any(_holds(one, wanted, number) for one in houses)


def normalised(house: str) -> str:
    """Return how a house is kept: `24 А` and `24a` (Latin) are `24а`."""
    return re.sub(r"\s+", "", house.lower()).replace("a", "а")


def written(houses: Sequence[str], even: str, odd: str) -> str:
    """Return houses as people read them; `even` and `odd` are those words in their language."""
    words = {EVEN: even, ODD: odd}
    return ", ".join(" ".join(words.get(part, part.replace("-", "–")) for part in one.split()) for one in houses)


def _between(text: str, at: int, *, is_first: bool) -> int:
    match = _BETWEEN.match(text, at)
    end = match.end() if match else at
    return end if is_first or end > at else at


def _one(text: str, at: int) -> tuple[str, int]:
    side = _SIDE.match(text, at)
    if side:
        return (ODD if side["odd"] else EVEN), side.end()
    span = _RANGE.match(text, at)
    if span and int(span[1]) < int(span[2]):
        side = _SIDE.match(text, span.end())
        name = f"{int(span[1])}-{int(span[2])}"
        return (f"{name} {ODD if side['odd'] else EVEN}", side.end()) if side else (name, span.end())
    house = _HOUSE.match(text, at)
    return (normalised(house[0]), house.end()) if house else ("", at)


def _holds(kept: str, wanted: str, number: int) -> bool:
    match = _KEPT.fullmatch(kept)
    if match is None:
        return kept == wanted
    side = match[3] or match[4]
    is_on_side = not side or number % 2 == (side == ODD)
    return is_on_side and (match[1] is None or int(match[1]) <= number <= int(match[2]))
