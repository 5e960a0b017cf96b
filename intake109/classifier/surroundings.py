"""Puts greetings, addresses and complaints around the catalogue's phrases, as real messages have them."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from intake109.classifier.word_lists import word_list

_KAZAKH = re.compile(r"[әғқңөұүһі]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Words:
    heads: tuple[str, ...]
    places: tuple[str, ...]
    tails: tuple[str, ...]


class Surroundings:
    """A source of such texts that tells the same ones for the same seed."""

    def __init__(self, seed: int = 109) -> None:
        self._words = {
            language: _Words(*(tuple(parts[key]) for key in ("heads", "places", "tails")))
            for language, parts in word_list("surroundings").items()
        }
        self._random = random.Random(seed)  # noqa: S311 - no secret depends on it

    def around(self, phrase: str) -> str:
        """Return the phrase with a place and, by chance, a greeting before and a complaint after it."""
        chance = self._random
        words = self._words["kk" if _KAZAKH.search(phrase) else "ru"]
        place = chance.choice(words.places)
        parts = [place, phrase] if chance.random() < 0.5 else [phrase, place]
        if chance.random() < 0.5:
            parts.insert(0, chance.choice(words.heads))
        if chance.random() < 0.6:
            parts.append(chance.choice(words.tails))
        return " ".join(parts)
