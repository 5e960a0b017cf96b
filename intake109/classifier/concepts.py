"""Says which idea a word tells, whatever its language: what is learnt of «свет жоқ» then holds for "нет света" too.

The ideas are in `data/concepts.yaml`; a catalogue has too few phrases to learn by itself which words mean the same.
"""

from __future__ import annotations

from functools import lru_cache

from intake109.catalogue.text import fold
from intake109.classifier.word_lists import word_list


def concepts(prepared: str) -> list[str]:
    """Return the ideas of a prepared text in the order of its words; words that tell none are passed over."""
    found = map(concept, prepared.split())
    return [idea for idea in found if idea]


@lru_cache(maxsize=65_536)
def concept(word: str) -> str:
    """Return the idea of one folded word, empty if none is listed: of the whole word, else of its longest beginning."""
    whole, beginnings = _listed()
    if word in whole:
        return whole[word]
    known = (beginnings.get(word[:length]) for length in range(len(word), 1, -1))
    return next(filter(None, known), "")


@lru_cache(maxsize=1)
def _listed() -> tuple[dict[str, str], dict[str, str]]:
    whole: dict[str, str] = {}
    beginnings: dict[str, str] = {}
    for idea, line in word_list("concepts").items():
        for word in line.split():
            (whole if word.endswith("=") else beginnings)[fold(word.rstrip("="))] = idea
    return whole, beginnings
