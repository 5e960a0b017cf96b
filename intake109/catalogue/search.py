"""Finds services as one types: by words of names and phrases in any of the languages, or by code.

Every word of the query is matched against the vocabulary of the catalogue, exactly, as the beginning of a word, with
another ending or with a typo; a service scores by how rare its matched words are and where they stand.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from intake109.catalogue.services import Catalogue, Service
from intake109.catalogue.text import fold, words

_NAME, _OTHER_NAME, _SPHERE, _PHRASE = 1.0, 0.9, 0.5, 0.45
_AGAIN, _MOST_PHRASES = 0.06, 0.8
_PREFIX, _ENDING, _TYPO, _OTHER_WORD = 0.9, 0.75, 0.6, 0.4
_MOST_PREFIXED = 400
_TOGETHER = 0.65
"""How much it counts that one wording holds all that was asked: "утечка газа" is no sprinkler that leaks on a lawn."""
_WEIGHED = 30
_INFLECTION = re.compile(
    r"[аеиоуюя]?|[аеоия][мх]|[ая]ми|[аоеи][виюяе]|[оеи]го|[ое]му|[иу]ми|[иоуа]?[тл][аиось]?|[еиауюя]т|[дт][аеиу]н?|"
    r"[днт]инг?|[лдт][ае]р\w{0,3}|[гк][ае]|с?[иу]|[мб]ен"
)
"""Case, person or number in Russian or Kazakh, folded; "он" in "газон" is none."""
_LANGUAGES = ("ru", "kk", "en")


@dataclass(frozen=True, slots=True)
class Hit:
    """A service found. `score` is 0…1, 1 for a code or a name told whole; `why` is the wording that matched best."""

    code: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class _Wording:
    """A name or phrase: its words, folded."""

    text: str
    words: frozenset[str]
    language: str
    weight: float


@dataclass(frozen=True, slots=True)
class _Asked:
    """A word of the query: what it may mean, how well it fits each service, and how much it decides."""

    matches: dict[str, float]
    services: dict[int, float]
    weight: float

    def fit(self, wording: _Wording) -> float:
        """Return how surely a wording holds the word, 0…1."""
        held = wording.words & self.matches.keys()
        return max(map(self.matches.__getitem__, held)) if held else 0.0


class CatalogueSearch:
    """An index over one catalogue; safe to share between threads, built anew when the catalogue changes.

    `before` is the index of the catalogue as it was: what has not changed since is taken from there.
    """

    def __init__(self, catalogue: Catalogue, before: CatalogueSearch | None = None) -> None:
        self._codes = tuple(catalogue.services)
        self._catalogue = catalogue
        self._by_service = {
            code: (before and before._kept(service, catalogue)) or _wordings(service, catalogue)
            for code, service in catalogue.services.items()
        }
        self._wordings = list(self._by_service.values())
        postings: dict[str, dict[int, dict[str, float]]] = defaultdict(dict)
        for index, wordings in enumerate(self._wordings):
            for wording in wordings:
                for word in wording.words:
                    fields = postings[word].setdefault(index, {})
                    so_far = fields.get(wording.language, 0.0)
                    # Each further phrase with the word adds a little, but phrases never outweigh the name.
                    again = so_far + _AGAIN if wording.weight == _PHRASE and so_far else 0.0
                    fields[wording.language] = max(so_far, wording.weight, min(again, _MOST_PHRASES))
        self._postings = dict(postings)
        self._vocabulary = sorted(self._postings)
        self._shortest = [
            max(1, min(len(wording.words) for wording in wordings if wording.weight == _NAME))
            for wordings in self._wordings
        ]
        self._matches = lru_cache(maxsize=4096)(self._find_matches)

    def search(self, query: str, language: str, limit: int = 12) -> list[Hit]:
        """Return the services that fit what has been typed so far, best first; names in `language` count most."""
        by_code = self._by_code(query)
        asked = self._asked(query, language)
        if not asked:
            return by_code[:limit]
        scores = self._scores(asked)
        ranked = sorted(scores, key=lambda index: (-scores[index], self._codes[index]))
        known = {hit.code for hit in by_code}
        hits = [
            Hit(self._codes[index], min(scores[index], 1.0), self._why(index, asked, language))
            for index in ranked[:limit]
            if self._codes[index] not in known
        ]
        return (by_code + hits)[:limit]

    def _kept(self, service: Service, catalogue: Catalogue) -> list[_Wording] | None:
        """Return the wordings of a service if neither it nor the names above it have changed."""
        was = self._catalogue
        is_same = (
            was.services.get(service.code) is service
            and was.spheres.get(service.sphere) == catalogue.spheres.get(service.sphere)
            and was.groups.get(service.group) == catalogue.groups.get(service.group)
        )
        return self._by_service[service.code] if is_same else None

    def _by_code(self, query: str) -> list[Hit]:
        wanted = query.strip().upper()
        if len(wanted) < 2:
            return []
        return [
            Hit(code, 1.0 if code == wanted else 0.9, code) for code in sorted(self._codes) if code.startswith(wanted)
        ]

    def _asked(self, query: str, language: str) -> list[_Asked]:
        told = [word.folded for word in words(query)]
        found = []
        for position, word in enumerate(told):
            matches = self._matches(word, position == len(told) - 1)
            services: dict[int, float] = {}
            for match, quality in matches.items():
                for index, fields in self._postings[match].items():
                    services[index] = max(quality * _field(fields, language), services.get(index, 0.0))
            # Rare words decide, and the endings of one word count as one; a word that nothing knows costs most, or
            # "люк абракадабра" would be as sure as "люк".
            weight = math.log(1 + len(self._codes) / (len(services) + 0.5)) * (0.3 if len(word) < 3 else 1.0)
            found.append(_Asked(matches, services, weight))
        return found

    def _scores(self, asked: list[_Asked]) -> dict[int, float]:
        total = sum(word.weight for word in asked)
        sums: dict[int, float] = defaultdict(float)
        for word in asked:
            for index, value in word.services.items():
                sums[index] += word.weight * value
        scores = {index: self._with_length(index, value / total, len(asked)) for index, value in sums.items()}
        if len(asked) > 1:
            for index in sorted(scores, key=lambda index: -scores[index])[:_WEIGHED]:
                covered = max(_covered(wording, asked) for wording in self._wordings[index])
                scores[index] *= 1 - _TOGETHER * (1 - covered / total)
        return scores

    def _with_length(self, index: int, score: float, asked: int) -> float:
        """Prefer, among equals, the service whose name says little else than what was asked."""
        return score * (0.85 + 0.15 * min(asked / self._shortest[index], 1.0))

    def _why(self, index: int, asked: list[_Asked], language: str) -> str:
        def fit(wording: _Wording) -> tuple[float, float, int]:
            covered = sum(word.fit(wording) for word in asked)
            return covered, wording.weight + (wording.language == language), -len(wording.words)

        return max(self._wordings[index], key=fit).text

    def _find_matches(self, word: str, is_last: bool) -> dict[str, float]:
        """Return words of the vocabulary that `word` may mean, each with how surely (0…1)."""
        found = {word: 1.0} if word in self._postings else {}
        prefixed = [known for known in self._beginning(word) if known != word]
        if is_last or len(word) >= 3:
            prefixed.sort(key=lambda known: -len(self._postings[known]))
            for known in prefixed[:_MOST_PREFIXED]:
                found[known] = _PREFIX if is_last or len(known) - len(word) <= 3 else _ENDING
        if len(word) >= 3 and not word.isdigit():
            self._add_endings(word, found)
        if len(word) >= 4 and not word.isdigit():
            self._add_typos(word, found)
        return found

    def _beginning(self, prefix: str) -> list[str]:
        """Return the words of the vocabulary that begin so."""
        start = bisect_left(self._vocabulary, prefix)
        return self._vocabulary[start : bisect_left(self._vocabulary, prefix + chr(0x10FFFF), start)]

    def _add_endings(self, word: str, found: dict[str, float]) -> None:
        least = max(2, len(word) - 2)
        longest = 1 if len(word) == 3 else 3
        for known in self._beginning(word[:least]):
            if known in found:
                continue
            common = next((i for i, (a, b) in enumerate(zip(word, known, strict=False)) if a != b), len(known))
            if len(known) - common <= longest:
                is_inflected = _INFLECTION.fullmatch(known[common:]) and _INFLECTION.fullmatch(word[common:])
                found[known] = _ENDING if is_inflected else _OTHER_WORD

    def _add_typos(self, word: str, found: dict[str, float]) -> None:
        allowed = 1 if len(word) < 7 else 2
        # The first letter is hardly ever mistyped, and looking at one letter's words alone is ten times quicker.
        alike = self._beginning(word[0])
        near = process.extract(word, alike, scorer=OSA.distance, score_cutoff=allowed, limit=40)
        if not near and not found:
            near = process.extract(word, self._vocabulary, scorer=OSA.distance, score_cutoff=allowed, limit=40)
        for known, distance, _ in near:
            found.setdefault(known, _TYPO if distance == 1 else _TYPO - 0.1)
        if found:
            return
        beginnings = [known[: len(word)] for known in alike]
        for _, _, position in process.extract(word, beginnings, scorer=OSA.distance, score_cutoff=1, limit=40):
            found[alike[position]] = _TYPO - 0.1


def _wordings(service: Service, catalogue: Catalogue) -> list[_Wording]:
    told = [_Wording(name, _bag(name), language, _NAME) for language, name in _names(service)]
    sphere, group = catalogue.spheres.get(service.sphere), catalogue.groups.get(service.group)
    for words_of in filter(None, (sphere, group)):
        told += [_Wording(words_of.of(key), _bag(words_of.of(key)), key, _SPHERE) for key in _LANGUAGES]
    for language, phrases in (("ru", service.phrases.ru), ("kk", service.phrases.kk), ("", service.phrases.other)):
        told += [_Wording(phrase, _bag(phrase), language, _PHRASE) for phrase in phrases]
    return told


def _covered(wording: _Wording, asked: list[_Asked]) -> float:
    return sum(word.weight * word.fit(wording) for word in asked)


def _names(service: Service) -> Iterable[tuple[str, str]]:
    return ((language, service.names.of(language)) for language in _LANGUAGES)


def _bag(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


def _field(fields: dict[str, float], language: str) -> float:
    """Return the weight of the best field a word stands in; a name in another language counts a little less."""
    return max(
        weight * (_OTHER_NAME if weight == _NAME and where != language else 1.0) for where, weight in fields.items()
    )
