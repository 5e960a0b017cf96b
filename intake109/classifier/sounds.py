"""How a word sounds, for words typed as they are heard: "гасом" for "газом", "аткрыт" for "открыт".

Unstressed vowels and voiced consonants are what people confuse; a word that no text of the training has, but that
sounds like one it has, is read as that one. So a slip costs neither the sphere nor the alarm.
"""

from __future__ import annotations

from collections.abc import Iterable

_SHORTEST = 4
_SHORTEST_BY_VOWELS = 5
_BEGINNING = 4
_LETTERS_PER_SLIP = 4
_FIRST = str.maketrans("ое", "аи")
_VOWELS = _FIRST
_SOUNDS = str.maketrans("оебвгджзшщ", "аипфктшссс")


class Sounds:
    """The known words by their sound; of several that sound alike the first given is meant."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known: set[str] = set()
        self._beginnings: set[str] = set()
        self._by_vowels: dict[str, str] = {}
        self._by_sound: dict[str, str] = {}
        for word in known:
            self._known.add(word)
            self._beginnings.add(word[:_BEGINNING])
            self._by_vowels.setdefault(word.translate(_VOWELS), word)
            self._by_sound.setdefault(_sound(word), word)

    def meant(self, word: str) -> str:
        """Return the known word that sounds like this folded one; the word itself if it is known or none does.

        Where a word begins like a known one only a vowel may differ: "крыса" is not to become "крыша".
        """
        if word in self._known or len(word) < _SHORTEST:
            return word
        if len(word) >= _SHORTEST_BY_VOWELS and (meant := self._by_vowels.get(word.translate(_VOWELS))):
            return meant
        if word[:_BEGINNING] in self._beginnings:
            return word
        meant = self._by_sound.get(_sound(word), word)
        wrong = sum(typed != right for typed, right in zip(word, meant, strict=True))
        return meant if wrong <= len(word) // _LETTERS_PER_SLIP else word


def _sound(word: str) -> str:
    """Return how a folded word sounds; its first letter is heard well, but for a vowel."""
    return word[:1].translate(_FIRST) + word[1:].translate(_SOUNDS)
