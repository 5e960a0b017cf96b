"""The floor under the incident model: rules a person can read, in `data/dangers.yaml`, forgiving of spelling.

The model may raise an alarm the rules did not; nothing lowers one they raised. A missed manhole costs a life, a false
alarm ten seconds, so a rule needs its words near each other and nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from intake109.catalogue.text import Word, fold, words
from intake109.classifier.word_lists import word_list
from intake109.model import Span

_GAP = 2
_LEAST_FOR_A_TYPO = 7
_THANKS = (
    "спасибо|благодар|рахмет|рақмет|алғыс|молодц|жарайсың|ризашыл|thanks|thank|спс=|дай бог здоров|золотые рук|"
    "низкий поклон|респект|бәрекелді|еңбектеріңіз жансын|енбектериниз|разымыз|ризамыз|приятно удивл"
)
_DONE = (
    "закрыли|закрыл|убрали|устранили|починили|отремонт|спилили|потушили|заделали|сбили|срезали|заменили|осушили|"
    "поставили|сделали|приехал|спасли|исправили|огородили|восстанов|жапты|жауып|жөнде|кесіп|алып кет|тазала|қосты|"
    "өшірді|шешіл|келіп|тексерді|больше не|больше нет|жоқ енді|енді жоқ|аман қал|fixed|closed|repaired|removed"
)
_STILL = ("опять|снова|всё ещё|все еще|до сих пор|тағы|қайта|әлі=|не закры|не убра|не сдела|не устран|никто не|но=|"
          "однако|единственн|бірақ|still|again")  # fmt: skip
_POLITE = ("спасиб", "спс", "рахм", "тханк", "молодц")
_DATIVE = ("ге", "га", "ке", "ка", "не", "на")
_ASKED = ("бери", "берс", "кетин", "кетс", "коин", "таста", "бересиз")
_BREAK = re.compile(r"[.!?…\n]")
_LAUGHTER = re.compile(r"\){2,}|[😂🤣😅😆😄]|(?:а?[хx]а){2,}|\blo+l\b|\bлол\b|(?:ha){2,}", re.IGNORECASE)


_Sign = tuple[int, ...]
"""Numbers of the parts that must follow each other."""


@dataclass(frozen=True, slots=True)
class Danger:
    """A rule: every one of `signs` must occur within `window` words of the others, and none of `unless`.

    `firsts` are the parts with which each of `signs` can begin: most rules are ruled out by a glance at them.
    `is_figure` says that people also joke in these words ("killed by the price"), and so not where they laugh.
    """

    name: str
    window: int
    signs: tuple[tuple[_Sign, ...], ...]
    unless: tuple[_Sign, ...]
    firsts: tuple[frozenset[int], ...]
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Reading:
    """The words of a stretch, and which parts of rules each may be."""

    words: Sequence[Word]
    parts: Sequence[frozenset[int]]
    all: frozenset[int]


class Rules:
    """All rules, ready to read texts; safe to share between threads."""

    def __init__(self) -> None:
        told = word_list("dangers")
        self._whole: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._dangers = tuple(self._danger(name, rule) for name, rule in told.items())
        self._grave = tuple(danger for danger in self._dangers if not danger.is_figure)
        self._thanks, self._done, self._still = self._signs(_THANKS), self._signs(_DONE), self._signs(_STILL)
        self._long: dict[str, list[str]] = {}
        for stem in self._stems:
            if len(stem) >= _LEAST_FOR_A_TYPO:
                self._long.setdefault(stem[0], []).append(stem)
        self._parts_of = lru_cache(maxsize=65_536)(self._find_parts)

    def signs_of_danger(self, text: str) -> tuple[Span, ...]:
        """Return the words of `text` that speak of danger to life, each with its rule's name; empty if none do."""
        told = words(text)
        if not told:
            return ()
        spans: dict[tuple[int, int], Span] = {}
        reading = self._read(told)
        dangers = self._grave if _LAUGHTER.search(text) else self._dangers
        for stretch in self._alive(text, reading):
            for danger in dangers:
                for found in self._see(danger, stretch):
                    first, last = stretch.words[found.first], stretch.words[found.last]
                    spans.setdefault((first.start, last.end), Span(first.start, last.end, danger.name))
        return tuple(sorted(spans.values(), key=lambda span: (span.start, span.end)))

    def _read(self, told: Sequence[Word]) -> _Reading:
        parts = [self._parts_of(word.folded) for word in told]
        return _Reading(told, parts, frozenset().union(*parts))

    def _alive(self, text: str, reading: _Reading) -> list[_Reading]:
        """Return the stretches to read: all, less the sentences that give thanks for what has been mended."""
        if not _any(self._thanks, reading):
            return [reading]
        stretches: list[_Reading] = []
        told, start = reading.words, 0
        for position in range(1, len(told) + 1):
            is_last = position == len(told)
            if not is_last and not _BREAK.search(text, told[position - 1].end, told[position].start):
                continue
            sentence = self._read(told[start:position])
            is_over = self._is_done(sentence) or self._is_praise(sentence)
            if not is_over or _any(self._still, sentence):
                stretches.append(sentence)
            start = position
        return stretches

    def _is_praise(self, sentence: _Reading) -> bool:
        """Say whether a sentence gives thanks: "…, спасибо" at its end is only polite, "кімге рахмет" is praise."""
        thanks = [sign for sign in self._thanks if sign[0] in sentence.all]
        hits = [hit.last for sign in thanks for hit in _occurrences(sign, sentence)]
        told = [word.folded for word in sentence.words]
        polite = [hit for hit in hits if hit >= len(told) - 2 and told[hit].startswith(_POLITE)]
        is_to_somebody = any(told[hit].startswith("ра") and told[hit - 1].endswith(_DATIVE) for hit in polite if hit)
        return len(polite) < len(hits) or is_to_somebody

    def _is_done(self, sentence: _Reading) -> bool:
        """Say whether a sentence tells of work done: "жауып беріңіздер" only asks for it."""
        told = sentence.words
        done = [sign for sign in self._done if sign[0] in sentence.all]
        ends = [hit.last + 1 for sign in done for hit in _occurrences(sign, sentence)]
        return any(end == len(told) or not told[end].folded.startswith(_ASKED) for end in ends)

    def _see(self, danger: Danger, reading: _Reading) -> list[_Found]:
        if any(firsts.isdisjoint(reading.all) for firsts in danger.firsts):
            return []
        found: list[list[_Found]] = []
        for signs in danger.signs:
            here = [
                hit
                for sign in signs
                if sign[0] in reading.all
                for hit in _occurrences(sign, reading)
                if not _is_denied(hit, reading.words)
            ]
            if not here:
                return []
            found.append(here)
        if _any(danger.unless, reading):
            return []
        return _together(found, danger.window)

    def _danger(self, name: str, rule: dict[str, object]) -> Danger:
        window, signs, unless = rule.get("window"), rule.get("signs"), rule.get("unless", [])
        assert isinstance(window, str)
        assert isinstance(signs, list)
        assert isinstance(unless, list)
        told = tuple(self._signs(line) for line in signs)
        firsts = tuple(frozenset(sign[0] for sign in line) for line in told)
        return Danger(name, int(window), told, self._signs("|".join(unless)), firsts, rule.get("figure") == "yes")

    def _signs(self, line: str) -> tuple[_Sign, ...]:
        options = [option.split() for option in line.split("|")]
        # "с автомат" must not be seen in "свет, автомат": short words within a sign are meant as they stand.
        signs = [
            tuple(self._part(f"{word}=" if len(option) > 1 and len(word) < 3 else word) for word in option)
            for option in options
        ]
        return tuple(dict.fromkeys(sign for sign in signs if sign))

    def _part(self, word: str) -> int:
        """Number a beginning, or with `=` a whole word; even and odd numbers keep the two apart."""
        folded = fold(word.rstrip("="))
        if word.endswith("="):
            return self._whole.setdefault(folded, 2 * len(self._whole))
        return self._stems.setdefault(folded, 2 * len(self._stems) + 1)

    def _find_parts(self, word: str) -> frozenset[int]:
        found = {self._whole[word]} if word in self._whole else set()
        for length in range(1, len(word) + 1):
            if (number := self._stems.get(word[:length])) is not None:
                found.add(number)
        if len(word) >= _LEAST_FOR_A_TYPO:
            found.update(self._stems[stem] for stem in self._long.get(word[0], ()) if _is_typo(stem, word))
        return frozenset(found)


def _is_typo(stem: str, word: str) -> bool:
    """Say whether `word`, of the same first letter, begins like `stem` with one letter wrong, missing or swapped."""
    if word[1] not in stem[1:3] and word[2] not in stem[1:3]:
        return False  # one mistake leaves one of the two next letters in reach; said before the dear comparison
    lengths = (len(stem), len(stem) - 1, len(stem) + 1)
    return any(OSA.distance(stem, word[:length], score_cutoff=1) <= 1 for length in lengths)


def _any(signs: tuple[_Sign, ...], reading: _Reading) -> bool:
    return any(True for sign in signs if sign[0] in reading.all for _ in _occurrences(sign, reading))


def _occurrences(sign: _Sign, reading: _Reading) -> Iterable[_Found]:
    """Yield where the words of a sign stand in order, with at most two others between each."""
    parts = reading.parts
    for start, here in enumerate(parts):
        if sign[0] not in here:
            continue
        last: int | None = start
        for part in sign[1:]:
            assert last is not None
            reach = range(last + 1, min(last + 2 + _GAP, len(parts)))
            last = next((position for position in reach if part in parts[position]), None)
            if last is None:
                break
        if last is not None:
            yield _Found(start, last)


def _is_denied(hit: _Found, told: Sequence[Word]) -> bool:
    """Say whether "не" stands right before, or "емес" right after: "не открыт", "ашық емес"."""
    if hit.first and told[hit.first - 1].folded in ("не", "ни"):
        return True
    return hit.last + 1 < len(told) and told[hit.last + 1].folded == "емес"


def _together(found: list[list[_Found]], window: int) -> list[_Found]:
    """Return the hits of one rule if one of each sign stands within the window: the nearest such group."""
    best: tuple[int, list[_Found]] | None = None
    for anchor in found[0]:
        group = [anchor]
        for options in found[1:]:
            group.append(min(options, key=lambda hit: _distance(anchor, hit)))
        width = max(hit.last for hit in group) - min(hit.first for hit in group)
        if width <= window and (best is None or width < best[0]):
            best = (width, group)
    return best[1] if best else []


def _distance(anchor: _Found, hit: _Found) -> int:
    return max(hit.first - anchor.last, anchor.first - hit.last, 0)
