"""Looks over a catalogue for what is allowed but harmful: near-duplicates, missing phrases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process

from intake109.catalogue.contents import LANGUAGES, Kind, in_use
from intake109.catalogue.services import SPHERES, TO_BE_CLARIFIED, Catalogue, Danger, Service
from intake109.catalogue.text import fold

_ALIKE = 92.0
_NAMES_ALIKE = 95.0
_BLOCK = 512


class Severity(StrEnum):
    """An `ERROR` makes the classifier or an inspector guess; a `WARNING` should be looked at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the service `code` (empty for the catalogue as a whole)."""

    severity: Severity
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.code or 'catalogue'}: {self.message}"


@dataclass(frozen=True, slots=True)
class Likeness:
    """A phrase that is the same as another one or much like it, and the service that has the other one."""

    phrase: str
    other: str
    code: str
    is_same: bool


class Neighbours:
    """Finds what a phrase is much like, by the rules of `check`; fast enough to be asked at every pause in typing."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._said = [
            (service.code, phrase) for service in catalogue.services.values() for phrase in service.phrases.all
        ]
        self._folded = [fold(phrase) for _, phrase in self._said]

    def of(self, code: str, phrases: Sequence[str]) -> list[Likeness]:
        """Return the likenesses of phrases of the service `code` to those of others and to each other."""
        folded = [fold(phrase) for phrase in phrases]
        found = []
        scores = process.cdist(folded, self._folded, scorer=fuzz.ratio, score_cutoff=_ALIKE, workers=1)
        for i, j in zip(*scores.nonzero(), strict=True):
            owner, other = self._said[int(j)]
            if owner != code and folded[int(i)]:
                is_same = folded[int(i)] == self._folded[int(j)]
                found.append(Likeness(phrases[int(i)], other, owner, is_same))
        for i, j in _alike(folded, _ALIKE, or_same=True):
            first, second = sorted((i, j))
            found.append(Likeness(phrases[second], phrases[first], code, folded[i] == folded[j]))
        return found


def check(catalogue: Catalogue) -> list[Problem]:
    """Return what should be mended, errors first."""
    problems = _whole(catalogue)
    for service in catalogue.services.values():
        problems += _phrases_missing(service)
    problems += _same_phrases(catalogue) + _alike_phrases(catalogue) + _alike_names(catalogue)
    problems += _same_words(catalogue, Kind.ASK) + _same_words(catalogue, Kind.SPHERE)
    return sorted(problems, key=lambda problem: (problem.severity is Severity.WARNING, problem.code))


def _whole(catalogue: Catalogue) -> list[Problem]:
    problems = []
    if catalogue.get(TO_BE_CLARIFIED) is None:
        problems.append(
            Problem(Severity.ERROR, TO_BE_CLARIFIED, "is missing: unclear appeals are registered under it; add it")
        )
    used = {service.sphere for service in catalogue.services.values()}
    for sphere in SPHERES:
        if sphere not in used:
            problems.append(Problem(Severity.WARNING, "", f"the sphere `{sphere}` has no service"))
    return problems


def _phrases_missing(service: Service) -> list[Problem]:
    is_life = service.danger is Danger.LIFE
    wanted = (("ru", service.phrases.ru, 6 if is_life else 4), ("kk", service.phrases.kk, 5 if is_life else 3))
    return [
        Problem(Severity.WARNING, service.code, f"has {len(phrases)} phrases in {language}: write at least {least}")
        for language, phrases, least in wanted
        if len(phrases) < least and service.code != TO_BE_CLARIFIED
    ]


def _same_phrases(catalogue: Catalogue) -> list[Problem]:
    where: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for service in catalogue.services.values():
        for phrase in service.phrases.all:
            where[fold(phrase)].append((service.code, phrase))
    problems = []
    for said in where.values():
        codes = sorted({code for code, _ in said})
        if len(codes) > 1:
            message = f"«{said[0][1]}» is also a phrase of {', '.join(codes[1:])}: keep it in one"
            problems.append(Problem(Severity.ERROR, codes[0], message))
        elif len(said) > 1:
            problems.append(Problem(Severity.WARNING, codes[0], f"«{said[0][1]}» stands there twice: reword one"))
    return problems


def _alike_phrases(catalogue: Catalogue) -> list[Problem]:
    said = [
        (service.code, phrase, fold(phrase))
        for service in catalogue.services.values()
        for phrase in service.phrases.all
    ]
    return [
        Problem(Severity.ERROR, said[i][0], f"«{said[i][1]}» is much like «{said[j][1]}» of {said[j][0]}: reword one")
        for i, j in _alike([folded for _, _, folded in said], _ALIKE)
    ]


def _alike_names(catalogue: Catalogue) -> list[Problem]:
    services = list(catalogue.services.values())
    problems = []
    for language in LANGUAGES:
        names = [service.names.of(language) for service in services]
        for i, j in _alike([fold(name) for name in names], _NAMES_ALIKE, or_same=True):
            message = f"the name «{names[i]}» is much like «{names[j]}» of {services[j].code}: tell them apart"
            problems.append(Problem(Severity.ERROR, services[i].code, message))
    return problems


def _same_words(catalogue: Catalogue, kind: Kind) -> list[Problem]:
    """Return which questions or spheres nobody could tell apart on a screen."""
    problems = []
    for language in LANGUAGES:
        seen: dict[str, str] = {}
        for code, words in in_use(catalogue, kind).items():
            first = seen.setdefault(fold(words.of(language)), code)
            if first != code:
                message = f"the {kind} has the name «{words.of(language)}» of {first}: tell them apart"
                problems.append(Problem(Severity.ERROR, code, message))
    return problems


def _alike(texts: list[str], least: float, or_same: bool = False) -> list[tuple[int, int]]:
    """Return the pairs of places whose texts are at least `least` alike, 0…100; the very same only if `or_same`."""
    pairs = []
    # Sorted by length: a text can only be alike to one of nearly its own length, which spares nine tenths of the work.
    order = sorted((i for i, text in enumerate(texts) if text), key=lambda i: len(texts[i]))
    ordered = [texts[i] for i in order]
    longest = (200 - least) / least
    for start in range(0, len(ordered), _BLOCK):
        block = ordered[start : start + _BLOCK]
        end = start + len(block)
        while end < len(ordered) and len(ordered[end]) <= len(block[-1]) * longest:
            end += 1
        scores = process.cdist(block, ordered[start:end], scorer=fuzz.ratio, score_cutoff=least, workers=1)
        for i, j in zip(*scores.nonzero(), strict=True):
            if int(j) > int(i) and (or_same or block[int(i)] != ordered[start + int(j)]):
                pairs.append((order[start + int(i)], order[start + int(j)]))
    return pairs
