"""Whether two messages are the same one, retold by hand or by a program. Pure; the guard is stricter than the eye.

No measure of likeness separates a typo from another address. So likeness only finds what may be the same, and every
word that differs is looked at: certain is only what differs by slips of the finger, or by words left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, LCSseq

from intake109.dedup.wording import Wording, is_marker, is_number, turns_round

NEAR_SCORE = 70.0
"""From here (0…100) two messages are worth showing beside each other."""
_MOST_LEFT_OUT = 1 / 3
"""How much of the first message a cut copy may lack, by letters."""
_PREFIXES = ("не", "ни", "ви", "в", "от", "под", "за", "при", "у", "с", "без", "из", "про", "пере", "до", "раз", "рас")
_NOT_KK = re.compile(r"(?:м|б|п)[ае]и?")


class Difference(StrEnum):
    """What keeps two messages from being the same; `NONE`: they are."""

    NONE = ""
    UNLIKE = "unlike"
    NUMBERS = "numbers"
    """Another house, entrance, flat, time: the most dangerous, for everything else is alike."""
    WORDS = "words"
    TURNED = "turned"
    ADDED = "added"
    """The later one says something more."""
    CUT = "cut"
    """Too much is missing in the later one, or the number is."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two messages are, 0…100, and what keeps them apart."""

    score: float
    difference: Difference

    @property
    def is_same(self) -> bool:
        return self.difference is Difference.NONE

    @property
    def is_near(self) -> bool:
        return self.difference is not Difference.UNLIKE


def compare(later: Wording, first: Wording, same_place: frozenset[str] = frozenset()) -> Likeness:
    """Say whether `later` repeats `first`.

    Args:
        same_place: folded words that are known to name the same place in both, however they are spelt.
    """
    score = fuzz.ratio(later.line, first.line, score_cutoff=NEAR_SCORE)
    if score < NEAR_SCORE:
        return Likeness(score, Difference.UNLIKE)
    if later.words == first.words:
        return Likeness(100.0, Difference.NONE)
    added, left_out = _differing(_as_in(first, later, same_place), first.words)
    return Likeness(score, _difference(added, left_out, first))


def _difference(added: Sequence[str], left_out: Sequence[str], first: Wording) -> Difference:
    differing = (*added, *left_out)
    one_sided = Difference.ADDED if added else Difference.CUT
    if any(is_number(word) for word in differing):
        return Difference.NUMBERS if added and left_out else one_sided
    if any(turns_round(word) for word in differing):
        return Difference.TURNED
    if added:
        return Difference.WORDS if left_out else one_sided
    is_address_missing = any(is_marker(word) or word in first.exact for word in left_out)
    is_much_missing = sum(map(len, left_out)) > _MOST_LEFT_OUT * sum(map(len, first.words))
    return Difference.CUT if is_address_missing or is_much_missing else Difference.NONE


def _differing(later: Sequence[str], first: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the words only the later one has, and those only the first one has, in order."""
    added: list[str] = []
    left_out: list[str] = []
    for step in LCSseq.opcodes(first, later):
        if step.tag != "equal":
            left_out += first[step.src_start : step.src_end]
            added += later[step.dest_start : step.dest_end]
    return added, left_out


def _as_in(first: Wording, later: Wording, same_place: frozenset[str]) -> list[str]:
    """Return the later one's words with slips put right as the first one has them; what must be equal is left alone."""
    known = set(first.words)
    unmatched = [word for word in dict.fromkeys(first.words) if word not in set(later.words)]
    put_right: dict[str, str] = {}
    for word in dict.fromkeys(later.words):
        if word in known:
            continue
        is_cut = word == later.words[-1]
        other = next(
            (
                one
                for one in unmatched
                if (is_cut and _is_cut(word, one)) or _is_slip(word, one, first, later, same_place)
            ),
            None,
        )
        if other is not None:
            unmatched.remove(other)
            put_right[word] = other
    return [put_right.get(word, word) for word in later.words]


def _is_cut(word: str, other: str) -> bool:
    """Say whether a message that broke off was breaking off in this word."""
    return other.startswith(word) and not (is_number(word) or is_number(other) or turns_round(other))


def _is_slip(word: str, other: str, first: Wording, later: Wording, same_place: frozenset[str]) -> bool:
    if is_number(word) or is_number(other) or turns_round(word) or turns_round(other):
        return False
    is_name = word in later.exact or other in first.exact
    if is_name and not (word in same_place and other in same_place):
        return False
    longest = max(len(word), len(other))
    allowed = 0 if longest < 4 else 1 if longest < 8 else 2
    return OSA.distance(word, other, score_cutoff=allowed) <= allowed and not _is_turned(word, other)


def _is_turned(word: str, other: str) -> bool:
    """Say whether two words differ by what turns them round: работает and неработает, включили and выключили."""
    if _bare(word) & _bare(other):
        return True
    longer, shorter = sorted((word, other), key=len, reverse=True)
    return any(
        OSA.distance(longer[: match.start()] + longer[match.end() :], shorter) <= 1
        for match in _NOT_KK.finditer(longer, 2)
        if len(longer) > len(shorter)
    )


def _bare(word: str) -> set[str]:
    stripped = {word.removeprefix(prefix) for prefix in _PREFIXES}
    return {one for one in stripped | {word} if len(one) >= 4}
