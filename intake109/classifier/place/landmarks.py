"""Finds what people tell instead of an address: a numbered school, a named shop, a known place, at last an entrance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake109.catalogue.text import Word
from intake109.classifier.place.names import UNKNOWN, Known, NameIndex, Proof
from intake109.classifier.place.words import AT, ENTRANCE, LANDMARKS, NUMBERED, ORDINAL, QUOTED
from intake109.model import Span


@dataclass(frozen=True, slots=True)
class Landmark:
    """A landmark and where it stands, characters `start` ≤ i < `end`."""

    name: str
    start: int
    end: int
    known: Known = UNKNOWN


def known_landmark(text: str, told: Sequence[Word], known: NameIndex, taken: Sequence[Span]) -> Landmark | None:
    """Return the first landmark of the gazetteer outside what is `taken`; None if there is none.

    To be asked before streets are looked for: in "парк Победы" there is no street.
    """
    for index, word in enumerate(told):
        match = None if _overlaps(word.start, word.end, taken) else known.at(told, index)
        if match is None:
            continue
        end = told[index + match.size - 1].end
        is_said = text[word.start].isupper() or (index > 0 and told[index - 1].folded in AT)
        if match.proof is Proof.NONE or is_said:
            return Landmark(match.known.name, word.start, end, match.known)
    return None


def other_landmark(text: str, told: Sequence[Word], taken: Sequence[Span]) -> Landmark | None:
    """Return the surest landmark that no list knows, outside what is `taken`; None if there is none."""
    return _numbered(text, told, taken) or _quoted(text, told) or _entrance(text, told, taken)


def _numbered(text: str, told: Sequence[Word], taken: Sequence[Span]) -> Landmark | None:
    for index, word in enumerate(told):
        name = next((name for name, pattern in LANDMARKS if pattern.match(word.folded)), "")
        near = _number_beside(text, told, index) if name else None
        if near is not None and not _overlaps(near[1], near[2], taken):
            return Landmark(f"{name} {near[0]}", near[1], near[2])
    return None


def _quoted(text: str, told: Sequence[Word]) -> Landmark | None:
    quoted = QUOTED.search(text)
    if quoted and any(word.folded in AT for word in told if word.end <= quoted.start()):
        return Landmark(quoted.group(1).strip(), quoted.start(), quoted.end())
    return None


def _entrance(text: str, told: Sequence[Word], taken: Sequence[Span]) -> Landmark | None:
    for index, word in enumerate(told):
        near = _number_beside(text, told, index) if ENTRANCE.match(word.folded) else None
        if near is not None and not _overlaps(near[1], near[2], taken):
            return Landmark(f"{near[0]} подъезд", near[1], near[2])
    return None


def _overlaps(start: int, end: int, spans: Sequence[Span]) -> bool:
    return any(start < span.end and span.start < end for span in spans)


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
