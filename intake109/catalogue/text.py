"""One form for all the ways a word is typed, shared by searching and classifying.

People of one city write the same word in Kazakh letters, without them (жарық, жарык), in Latin letters (jaryq,
zharyk), with a stretched vowel (жаарыық), with ё or е, with or without the soft sign. `fold` brings them together. It
also merges sounds that only spelling keeps apart (ы/и/і/й, щ/ш, э/е, doubled letters): the few words that collide
cost less than the many that would be missed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f]|['’ʼ`](?=[^\W\d_]))*")
_LATIN = re.compile(r"[a-zßäöüūúýáóéíğǵñńşşçıžšč]")
_CYRILLIC = re.compile(r"[а-яёәғқңөұүһі]")
_DIGRAPH = re.compile(r"shch|sch|zh|kh|gh|ch|sh|ts|ck|y[aueo]|[a-z]")
_DIGRAPHS = {"shch": "ш", "sch": "ш", "zh": "ж", "kh": "х", "gh": "г", "ch": "ч", "sh": "ш", "ts": "ц", "ck": "к"}
_DIGRAPHS |= {"ya": "я", "yu": "ю", "yo": "е", "ye": "е"}
_LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", "абцдефгхижклмнопкрстувухиз", strict=True))
_ACCENTS = str.maketrans("äáöóüūúýğǵñńşçıíéžšč", "aaoouuuuggnnшчiieжшч")
_LOOKALIKE = str.maketrans("aeopcxykmthbiëöñğé", "аеорсхукмтнвиеонге")
_DIGIT_LETTERS = str.maketrans("46", "чш")
_FOLDED = str.maketrans("ёэәғқңөұүһіыйщ", "ееагкноуухиииш", "ъь'’ʼ`" + "".join(map(chr, range(0x300, 0x370))))
_DOUBLED = re.compile(r"([^\W\d_])\1+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text in its folded form; `start` ≤ i < `end` are its characters in the original."""

    folded: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return the words of a text in their folded form, one blank between them; marks and emoji are gone."""
    return " ".join(word.folded for word in words(text))


@lru_cache(maxsize=64)
def words(text: str) -> tuple[Word, ...]:
    """Return the words and numbers of a text in order, folded, with their places in the original.

    The last few texts are remembered: every reader of a message (rules, places, models) asks for its words.
    """
    found = []
    for match in _WORD.finditer(text):
        folded = fold_word(match.group())
        if folded:
            found.append(Word(folded, match.start(), match.end()))
    return tuple(found)


@lru_cache(maxsize=65_536)
def fold_word(word: str) -> str:
    """Return the folded form of one word: Cyrillic lower-case letters without Kazakh ones, й, ы, ь, ъ and doubles.

    A Latin word is read as Russian or Kazakh in Latin letters; English words become stable nonsense, which serves
    searching and classifying as well as their own letters would.
    """
    lower = unicodedata.normalize("NFC", word).lower()
    if lower.isdigit():
        return lower
    if _LATIN.search(lower):
        lower = transliterate(lower.translate(_LOOKALIKE) if _CYRILLIC.search(lower) else lower)
    return _DOUBLED.sub(r"\1", lower.translate(_FOLDED))


def transliterate(word: str) -> str:
    """Return a lower-case Latin word in Cyrillic letters, as people of Kazakhstan type it (`zh`, `j`, `4` for ч)."""
    plain = word.translate(_ACCENTS)
    if plain.startswith("4to") or not (plain[0].isdigit() or plain[-1].isdigit()):
        plain = plain.translate(_DIGIT_LETTERS)
    return _DIGRAPH.sub(lambda match: _DIGRAPHS.get(match.group()) or _LETTERS[match.group()], plain)
