"""Reads the house and the flat behind a street's or district's name, and knows numbers that count something else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake109.catalogue.text import Word
from intake109.classifier.place.words import AMOUNTS, FLAT, HOUSE, HOUSE_WORD, NEAR, NUMBERED, UNITS

_FLAT_WITHIN = 4


def house_at(text: str, told: Sequence[Word], index: int, is_sure: bool = False) -> tuple[str, int]:
    """Return the house told at `index` and where it ends; an empty one if there is none.

    Behind a name that is surely a street, only times and amounts make a number no house.
    """
    gap = text[told[index - 1].end : told[index].start] if 0 < index < len(told) else ""
    if re.search(r"[.!?\n;:(]\s|[+−%]|\s-$", gap):  # the next sentence, a temperature, a discount
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


def flat_after(text: str, told: Sequence[Word], end: int) -> tuple[str, int]:
    """Return the flat told soon behind the house that ends at `end`, and where it ends; empty if there is none."""
    behind = [index for index, word in enumerate(told) if word.start >= end][:_FLAT_WITHIN]
    for index in behind:
        if not FLAT.match(told[index].folded):
            continue
        for beside in (index + 1, index - 1):
            if beside < behind[0] or beside >= len(told):
                continue
            number = NUMBERED.match(told[beside].folded)
            first, last = sorted((index, beside))
            if number and not text[told[first].end : told[last].start].strip(" .№-"):
                return number.group(1), told[last].end
    return "", 0
