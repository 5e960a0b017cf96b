"""Copies of a message as somebody in a hurry would have typed it: words left out, letters missing or swapped.

The model of danger learns from them that no single word makes a danger: of dangers told in words it had never met it
keeps more, at the same precision.
"""

from __future__ import annotations

import random

_LEFT_OUT = 0.2
_SLIPPED = 0.05
_FEWEST_LETTERS = 5


class Haste:
    """A source of such copies that tells the same ones for the same seed."""

    def __init__(self, seed: int = 109) -> None:
        self._random = random.Random(seed)  # noqa: S311 - no secret depends on it

    def of(self, text: str) -> str:
        """Return the text with a fifth of its words left out, some misspelt; as it is if less than two would stay."""
        told = [self._typed(word) for word in text.split() if self._random.random() >= _LEFT_OUT]
        return " ".join(told) if len(told) > 1 else text

    def _typed(self, word: str) -> str:
        if len(word) < _FEWEST_LETTERS or self._random.random() >= _SLIPPED:
            return word
        place = self._random.randrange(1, len(word) - 1)
        swapped = word[place + 1] + word[place] if self._random.random() < 0.5 else word[place + 1]
        return word[:place] + swapped + word[place + 2 :]
