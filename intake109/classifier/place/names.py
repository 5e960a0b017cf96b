"""Recognises known names in folded words: with any ending, in either script, and with a typo where a place is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from rapidfuzz import process
from rapidfuzz.distance import OSA

from intake109.catalogue.text import Word
from intake109.classifier.place.words import ADJECTIVE, NO_NAME, ORDINARY, bare_name, stem

_LEAST_FOR_TYPO, _LONG = 5, 8
_FIRST_LETTERS = str.maketrans("ое", "аи")
"""Unstressed vowels are written by ear even at the beginning: Олиханова, Ирубаева."""


class Proof(Enum):
    """What a name needs beside itself to be taken for a place."""

    NONE = 0
    SAID = 1
    """It is a word of the language too ("школьная", "мира"): a capital, a preposition, a house or the word "улица"."""
    HOUSE = 2
    """It is a date too ("8 Марта"): a house or the word "улица"."""


@dataclass(frozen=True, slots=True)
class Known:
    """A name that is known: of the centre's gazetteer, or one of many cities.

    Attributes:
        name: the canonical one; empty if what was said is kept as it is.
        key: in which all names of the place meet; empty if it is made of what was said.
        way: what sort of street it is, where that tells it from another: `lane`, `drive` …
    """

    name: str = ""
    key: str = ""
    way: str = ""
    district: str = ""
    point: tuple[float, float] | None = None


UNKNOWN = Known()
"""What a name is known as that no gazetteer has."""


@dataclass(frozen=True, slots=True)
class Match:
    """A known name found: how many words it has, and what it needs beside itself."""

    known: Known
    size: int
    proof: Proof
    is_exact: bool
    """Spelt as the name is, not only with the same beginning."""


@dataclass(frozen=True, slots=True)
class _Spelling:
    folded: tuple[str, ...]
    stems: tuple[str, ...]
    known: Known
    proof: Proof


class NameIndex:
    """An index over names; built once, safe to share between threads."""

    def __init__(self, names: Iterable[tuple[str, Known]]) -> None:
        self._by_stem: dict[str, list[_Spelling]] = {}
        for name, known in names:
            spelling = _spelled(name, known)
            if spelling is not None:
                self._by_stem.setdefault(spelling.stems[0], []).append(spelling)
        for spellings in self._by_stem.values():
            spellings.sort(key=lambda one: -len(one.stems))
        self._by_letter: dict[str, list[str]] = {}
        for first in self._by_stem:
            self._by_letter.setdefault(first[0].translate(_FIRST_LETTERS), []).append(first)

    def at(self, told: Sequence[Word], start: int, way: str = "") -> Match | None:
        """Return the longest known name that stands at `start`; of several, the one spelt so, or of this `way`."""
        if start >= len(told):
            return None
        return _choose(self._by_stem.get(stem(told[start].folded), ()), told, start, way)

    def near(self, told: Sequence[Word], start: int, way: str = "") -> Match | None:
        """Return the only known name that is one slip from what stands at `start` (two, if it is long).

        To be asked only where the words around tell a place: "Алеханова 12" is a street, "дорога" no "Дорожная".
        """
        word = told[start].folded if start < len(told) else ""
        said = stem(word)
        if len(said) < _LEAST_FOR_TYPO or said[0].isdigit() or NO_NAME.match(word):
            return None
        allowed = 1 if len(said) < _LONG else 2
        alike = self._by_letter.get(said[0].translate(_FIRST_LETTERS), ())
        found = process.extract(said, alike, scorer=OSA.distance, score_cutoff=allowed, limit=3)
        if not found or (len(found) > 1 and found[0][1] == found[1][1]):
            return None
        return _choose(self._by_stem[found[0][0]], told, start, way, is_first_known=True)


def _choose(
    spellings: Sequence[_Spelling], told: Sequence[Word], start: int, way: str, *, is_first_known: bool = False
) -> Match | None:
    best: _Spelling | None = None
    for one in spellings:
        if best is not None and len(one.stems) < len(best.stems):
            break
        here = told[start : start + len(one.stems)]
        first = 1 if is_first_known else 0
        if len(here) < len(one.stems) or any(
            stem(word.folded) != part for word, part in zip(here[first:], one.stems[first:], strict=True)
        ):
            continue
        if best is None or _fit(one, here, way) > _fit(best, here, way):
            best = one
    if best is None:
        return None
    here = told[start : start + len(best.stems)]
    return Match(best.known, len(best.stems), best.proof, best.folded == tuple(word.folded for word in here))


def _fit(one: _Spelling, here: Sequence[Word], way: str) -> tuple[bool, bool]:
    return one.known.way == way, one.folded == tuple(word.folded for word in here)


def _spelled(name: str, known: Known) -> _Spelling | None:
    folded = tuple(bare_name(name))
    if not folded:
        return None
    is_adjective = len(folded) == 1 and ADJECTIVE.search(folded[0]) is not None
    proof = Proof.SAID if is_adjective or (len(folded) == 1 and stem(folded[0]) in ORDINARY) else Proof.NONE
    if folded[0][0].isdigit():
        proof = Proof.HOUSE
    return _Spelling(folded, tuple(map(stem, folded)), known, proof)
