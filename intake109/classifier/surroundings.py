"""Puts greetings, addresses and complaints around the catalogue's phrases, as real messages have them."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from intake109.classifier.word_lists import word_list

_ASIDE_SHARE = 0.4
_KAZAKH = re.compile(r"[әғқңөұүһі]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Words:
    heads: tuple[str, ...]
    places: tuple[str, ...]
    tails: tuple[str, ...]


class Surroundings:
    """A source of such texts that tells the same ones for the same seed; `asides` are texts about nothing of it."""

    def __init__(self, asides: Sequence[str] = (), seed: int = 109) -> None:
        self._asides = tuple(asides)
        self._words = {
            language: _Words(*(tuple(parts[key]) for key in ("heads", "places", "tails")))
            for language, parts in word_list("surroundings").items()
        }
        self._random = random.Random(seed)  # noqa: S311 - no secret depends on it

    def somewhere(self, text: str) -> str:
        """Return a text that is no appeal with a greeting and a place, which make it none."""
        words = self._words["kk" if _KAZAKH.search(text) else "ru"]
        return f"{self._random.choice(words.heads)} {text} {self._random.choice(words.places)}"

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

    def beside(self, text: str) -> str:
        """Return the text, by chance with an aside before or after it."""
        chance = self._random
        if not self._asides or chance.random() >= _ASIDE_SHARE:
            return text
        aside = chance.choice(self._asides)
        return f"{text}. {aside}" if chance.random() < 0.5 else f"{aside}. {text}"

    def with_another(self, text: str, others: Sequence[str]) -> str:
        """Return the text with one of the others, by chance, before or after it as a sentence of its own."""
        other = self._random.choice(others) if others else ""
        return ". ".join(filter(None, (text, other) if self._random.random() < 0.5 else (other, text)))
