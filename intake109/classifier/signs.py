"""Signs of the rules that a person can read: words in order, forgiving of spelling, found among the words of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from intake109.catalogue.text import Word, fold, words

_GAP = 2
_LEAST_FOR_A_TYPO = 7
_NOT = ("не", "ни")
_PARTICIPLE = ("ган", "ген", "кан", "кен")
_BREAK = re.compile(r"[.!?…\n]")

Sign = tuple[int, ...]
"""Numbers of the parts that must follow each other."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a sign stands: the numbers of its first and last word."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a stretch, and which parts of signs each may be."""

    words: Sequence[Word]
    parts: Sequence[frozenset[int]]
    all: frozenset[int]


class Signs:
    """Numbers the parts of all signs and says which of them a word may be; complete before the first text is read."""

    def __init__(self) -> None:
        self._whole: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._long: dict[str, list[str]] = {}
        self._parts_of = lru_cache(maxsize=65_536)(self._find_parts)

    def told(self, line: str) -> tuple[Sign, ...]:
        """Return the signs of a line: beginnings of words, `=` ends a whole one, `|` stands between two signs."""
        options = [option.split() for option in line.split("|")]
        # "с автомат" must not be seen in "свет, автомат": short words within a sign are meant as they stand.
        signs = [
            tuple(self._part(f"{word}=" if len(option) > 1 and len(word) < 3 else word) for word in option)
            for option in options
        ]
        return tuple(dict.fromkeys(sign for sign in signs if sign))

    def read(self, told: Sequence[Word]) -> Reading:
        """Return the words with the parts each may be."""
        parts = [self._parts_of(word.folded) for word in told]
        return Reading(told, parts, frozenset().union(*parts))

    def text(self, text: str) -> Reading:
        """Return the reading of a whole text."""
        return self.read(words(text))

    def sentences(self, text: str, told: Sequence[Word]) -> Iterator[Reading]:
        """Yield the readings of the sentences that `told`, the words of `text`, make."""
        start = 0
        for position in range(1, len(told) + 1):
            if position < len(told) and not _BREAK.search(text, told[position - 1].end, told[position].start):
                continue
            yield self.read(told[start:position])
            start = position

    def holds(self, signs: tuple[Sign, ...], reading: Reading) -> bool:
        """Say whether one of the signs stands there and is not denied: "не вытащили" is no "вытащили".

        Where a sign begins with a denial its words stand side by side: "если не едете, горит щиток" is no "не горит".
        """
        denials = {self._whole.get(word) for word in _NOT}
        for sign in signs:
            if sign[0] not in reading.all:
                continue
            for hit in occurrences(sign, reading):
                if sign[0] in denials:
                    is_meant = hit.last - hit.first == len(sign) - 1
                else:
                    within = reading.words[hit.first + 1 : hit.last]
                    is_split = denials.isdisjoint(sign) and any(word.folded in _NOT for word in within)
                    is_meant = not (is_split or is_denied(hit, reading.words))
                if is_meant:
                    return True
        return False

    def _part(self, word: str) -> int:
        """Number a beginning, or with `=` a whole word; even and odd numbers keep the two apart."""
        folded = fold(word.rstrip("="))
        if word.endswith("="):
            return self._whole.setdefault(folded, 2 * len(self._whole))
        if folded not in self._stems and len(folded) >= _LEAST_FOR_A_TYPO:
            self._long.setdefault(folded[0], []).append(folded)
        return self._stems.setdefault(folded, 2 * len(self._stems) + 1)

    def _find_parts(self, word: str) -> frozenset[int]:
        found = {self._whole[word]} if word in self._whole else set()
        for length in range(1, len(word) + 1):
            if (number := self._stems.get(word[:length])) is not None:
                found.add(number)
        if len(word) >= _LEAST_FOR_A_TYPO:
            found.update(self._stems[stem] for stem in self._long.get(word[0], ()) if _is_typo(stem, word))
        return frozenset(found)


def occurrences(sign: Sign, reading: Reading) -> Iterable[Found]:
    """Yield where the words of a sign stand in order, with at most two others between each."""
    parts = reading.parts
    for start, here in enumerate(parts):
        if sign[0] not in here:
            continue
        last: int | None = start
        for part in sign[1:]:
            assert last is not None
            reach = range(last + 1, min(last + 2 + _GAP, len(parts)))
            last = next((position for position in reach if part in parts[position]), None)
            if last is None:
                break
        if last is not None:
            yield Found(start, last)


def is_denied(hit: Found, told: Sequence[Word]) -> bool:
    """Say whether "не" stands right before, "емес" right after, or "жоқ" after a participle.

    So "не открыт", "ашық емес", "құлаған жоқ", "шығарып алған жоқ".
    """
    if hit.first and told[hit.first - 1].folded in _NOT:
        return True
    after = [word.folded for word in told[hit.last : hit.last + 3]]
    return "емес" in after[1:2] or any(
        first.endswith(_PARTICIPLE) and second == "жок" for first, second in pairwise(after)
    )


def _is_typo(stem: str, word: str) -> bool:
    """Say whether `word`, of the same first letter, begins like `stem` with one letter wrong, missing or swapped."""
    if word[1] not in stem[1:3] and word[2] not in stem[1:3]:
        return False  # one mistake leaves one of the two next letters in reach; said before the dear comparison
    lengths = (len(stem), len(stem) - 1, len(stem) + 1)
    return any(OSA.distance(stem, word[:length], score_cutoff=1) <= 1 for length in lengths)
