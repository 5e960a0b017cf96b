"""Says in which language a text is written: Kazakh, Russian, both in one text, or English.

A word speaks for a language by its letters, by the pieces it shares with the catalogue's phrases of that language and
by small words that only one of them has. Loan words (подъезд, лифт, свет) stand in the Kazakh phrases too and so speak
for neither. Kazakh borrows Russian nouns as they are, but not Russian adjectives, verbs and adverbs: those make a
Kazakh text mixed. One Kazakh word makes a Russian text mixed, unless it is the name of a place.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from intake109.catalogue.text import fold_word
from intake109.classifier.word_lists import word_list
from intake109.model import Language

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_KAZAKH_LETTER = re.compile(r"[әғқңөұүһі]", re.IGNORECASE)
_LATIN = re.compile(r"^[a-zäöüūúýáóéíğǵñńşçıžšč'’]+$", re.IGNORECASE)
_NOISE = re.compile(r"https?://\S+|@[\w.]+")
_RUSSIAN_FORM = re.compile(
    r"[а-яё]{2}(?:[ыио]й|[ая]я|[ое]е|[ыи][ехм]|[ое]го|[ое]му|[ую]ю|[ыи]ми"  # adjectives
    r"|т[ьи]|т?ся|ться|сь|[еи]шь|ит|[юуя]т|[аиы]ла?|ела?|[аиые]ли|о|ски)$",  # verbs, adverbs
    re.IGNORECASE,
)
_BEFORE_PLACE = re.compile(
    r"\b(?:на|по|во?|у|из|со?|от|до|к|возле|около|напротив|ул|улиц[аеы]|пр|проспекте?|мкр|микрорайоне?|пос[её]л(?:ок|ке)"
    r"|сел[оае]|город[ае]?|район[ае]?|жк|школ[аеы]|рын(?:ок|ке))\.?\s+[\"«]?$",
    re.IGNORECASE,
)
_LONGEST_BEFORE = 20
_BEFORE_HOUSE = re.compile(r"[\s,.\-»\"]*(?:д\.?|дом|үй)?\s*\d", re.IGNORECASE)
_SIZES = (1, 2, 3, 4, 5)
_SURE = 1.0
_RUSSIAN_IN_KAZAKH = -4.0
_RUSSIAN_FORM_IN_KAZAKH = -2.0
_KAZAKH_IN_RUSSIAN = 4.0
_HAS_KAZAKH_LETTER = 6.0
_MANY = 2
_FEW_SHARE = 0.1
_SMOOTHING = 0.5


@dataclass(frozen=True, slots=True)
class Pieces:
    """How often pieces of words stand in Kazakh and in Russian phrases."""

    kazakh: dict[str, int]
    russian: dict[str, int]

    @classmethod
    def count(cls, kazakh: Iterable[str], russian: Iterable[str]) -> Pieces:
        """Count the pieces of the phrases of each language; pieces met once are left out."""
        return cls(_count(kazakh), _count(russian))


class Languages:
    """Tells languages apart by word; safe to share between threads."""

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces
        told = word_list("languages")
        self._russian, self._kazakh = (frozenset(map(fold_word, told[key].split())) for key in ("russian", "kazakh"))
        self._english = frozenset(told["english"].split())
        self._totals = [_totals(pieces.kazakh), _totals(pieces.russian)]
        self._says: dict[str, float] = {}
        self._lean = lru_cache(maxsize=65_536)(self._find_lean)

    def of(self, text: str) -> Language:
        """Return the language of a text; one without words is taken for Russian."""
        told = _WORD.findall(_NOISE.sub(" ", text))
        if not told:
            return Language.RU
        latin = [word for word in told if _LATIN.match(word)]
        if self._is_english(told, latin):
            return Language.EN
        common = _without_places(text) or told
        return _decide([(word, self._lean(word)) for word in common])

    def _is_english(self, told: list[str], latin: list[str]) -> bool:
        if len(latin) < 2 or len(latin) < 0.7 * len(told):
            return False
        known = sum(1 for word in latin if word.lower() in self._english)
        return known >= max(2, 0.25 * len(latin))

    def _find_lean(self, word: str) -> float:
        """Return how much a word speaks for Kazakh (above 0) or Russian (below 0), in natural logarithms."""
        folded = fold_word(word)
        if _KAZAKH_LETTER.search(word) and not word.isascii():
            return _HAS_KAZAKH_LETTER
        if folded in self._kazakh and folded not in self._russian:
            return 4.0
        if folded in self._russian and folded not in self._kazakh:
            return -4.0
        if len(folded) < 2:
            return 0.0
        return max(-5.0, min(5.0, self._by_pieces(folded)))

    def _by_pieces(self, folded: str) -> float:
        told = list(_pieces(folded))
        total = sum(self._says.get(piece) or self._say(piece) for piece in told)
        return 2.2 * total / max(sum(map(len, told)), 1)

    def _say(self, piece: str) -> float:
        """Return how much a piece speaks for Kazakh, times its length; what is listed is remembered."""
        size = len(piece)
        kazakh = (self.pieces.kazakh.get(piece, 0) + _SMOOTHING) / (self._totals[0][size] + 1)
        russian = (self.pieces.russian.get(piece, 0) + _SMOOTHING) / (self._totals[1][size] + 1)
        says = size * math.log(kazakh / russian)
        if piece in self.pieces.kazakh or piece in self.pieces.russian:
            self._says[piece] = says  # no more of them than are listed: what citizens write cannot fill the memory
        return says


def _decide(leans: list[tuple[str, float]]) -> Language:
    sure = [lean for _, lean in leans if abs(lean) >= _SURE]
    if not sure:
        return Language.KK if sum(lean for _, lean in leans) > 0 else Language.RU
    kazakh = sum(1 for lean in sure if lean > 0)
    if 2 * kazakh < len(sure):
        foreign = [lean for lean in sure if lean >= _KAZAKH_IN_RUSSIAN]
        is_mixed = max(foreign, default=0.0) >= _HAS_KAZAKH_LETTER or _tells(len(foreign), len(sure) - kazakh)
        return Language.MIXED if is_mixed else Language.RU
    return Language.MIXED if _tells(sum(map(_is_russian, leans)), kazakh) else Language.KK


def _tells(foreign: int, main: int) -> bool:
    """Whether so many foreign words make a text mixed; one alone may be misread in a long text."""
    return foreign >= _MANY or (foreign > 0 and foreign / (foreign + main) >= _FEW_SHARE)


def _is_russian(told: tuple[str, float]) -> bool:
    """Whether a word in a Kazakh text is Russian and no loan word."""
    word, lean = told
    is_form = _RUSSIAN_FORM.search(word) is not None
    return lean <= (_RUSSIAN_FORM_IN_KAZAKH if is_form else _RUSSIAN_IN_KAZAKH)


def _without_places(text: str) -> list[str]:
    """Return the words but for names of places: a street's name says nothing of the language.

    A name has a capital, and a word such as "улица" or "на" before it or a number behind it. A capital alone is none:
    wishes and greetings begin with one within a sentence too.
    """
    plain = _NOISE.sub(" ", text)
    told = []
    for match in _WORD.finditer(plain):
        word = match.group()
        start, end = match.span()
        is_name = word[0].isupper() and (len(word) == 1 or not word.isupper())
        is_before = _BEFORE_PLACE.search(plain, max(0, start - _LONGEST_BEFORE), start)
        if not (is_name and (is_before or _BEFORE_HOUSE.match(plain, end))):
            told.append(word)
    return told


def _pieces(folded: str) -> Iterable[str]:
    framed = f"<{folded}>"
    for size in _SIZES:
        for start in range(len(framed) - size + 1):
            yield framed[start : start + size]


def _count(phrases: Iterable[str]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for phrase in phrases:
        for word in _WORD.findall(phrase):
            counts.update(_pieces(fold_word(word)))
    return {piece: count for piece, count in counts.items() if count > 1}


def _totals(counts: dict[str, int]) -> dict[int, int]:
    totals = dict.fromkeys(_SIZES, 0)
    for piece, count in counts.items():
        totals[len(piece)] += count
    return totals
