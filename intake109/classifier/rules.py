"""The floor under the incident model: rules a person can read, in `data/dangers.yaml`, forgiving of spelling.

The model may raise an alarm the rules did not; nothing lowers one that sure words raised where no doubt stands beside
them (`data/doubts.yaml`). Wide words, which are heard in calm company as well, lower the bar for the model and are its
reasons (docs/adr/0027). A missed manhole costs a life, a false alarm ten seconds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intake109.classifier.contexts import Contexts
from intake109.classifier.signs import Found, Reading, Sign, Signs, is_denied, occurrences
from intake109.classifier.word_lists import word_list
from intake109.model import Span

_LONG = 25
"""Texts of more words than this are letters: what is doubted in one sentence says nothing of another."""
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
_LAUGHTER = re.compile(r"\){2,}|[😂🤣😅😆😄😁😹🤪😜]|(?:а?[хx]а){2,}|\blo+l\b|\bлол\b|(?:ha){2,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Danger:
    """A rule: every one of `signs` must occur within `window` words of the others, and none of `unless`.

    `firsts` are the parts with which each of `signs` can begin: most rules are ruled out by a glance at them.
    `is_figure` says that people also joke in these words ("killed by the price"), and so not where they laugh.
    """

    name: str
    window: int
    signs: tuple[tuple[Sign, ...], ...]
    unless: tuple[Sign, ...]
    firsts: tuple[frozenset[int], ...]
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What the rules hear: the words that speak of danger, and whether they flag whatever the model says."""

    spans: tuple[Span, ...] = ()
    is_sure: bool = False


class Rules:
    """All rules, ready to read texts; safe to share between threads."""

    def __init__(self) -> None:
        self._signs = Signs()
        told = word_list("dangers").items()
        self._dangers = tuple(self._danger(name, rule) for name, rule in told)
        self._sure = tuple(self._danger(name, _without_wide(rule)) for name, rule in told if rule.get("alone") != "no")
        self._thanks, self._done, self._still = map(self._signs.told, (_THANKS, _DONE, _STILL))
        self._doubts = self._signs.told("|".join(word_list("doubts").values()))
        self._contexts = Contexts(self._signs)

    def hear(self, text: str) -> Heard:
        """Return the words of `text` that speak of danger to life, and whether they are enough by themselves."""
        whole = self._signs.text(text)
        is_joke = _LAUGHTER.search(text) is not None
        has_thanks = self._signs.holds(self._thanks, whole)
        if not has_thanks and not self._spans(self._dangers, [whole], is_joke):
            return Heard()  # most texts end here; only beside thanks may a sentence tell of more than the whole
        sentences = list(self._signs.sentences(text, whole.words))
        left = self._contexts.left(whole, sentences)
        if has_thanks and len(left) == 1 and left[0] is whole:
            left = sentences
        left = [stretch for stretch in left if stretch is whole or not self._is_over(stretch)]
        spans = self._spans(self._dangers, left, is_joke)
        near = sentences if len(whole.words) > _LONG else [whole]
        plain = [stretch for stretch in near if not self._signs.holds(self._doubts, stretch)]
        is_sure = bool(spans and self._spans(self._sure, plain, is_joke) and self._spans(self._sure, left, is_joke))
        return Heard(spans, is_sure)

    def _spans(self, dangers: Sequence[Danger], stretches: Sequence[Reading], is_joke: bool) -> tuple[Span, ...]:
        spans: dict[tuple[int, int], Span] = {}
        for stretch in stretches:
            for danger in dangers:
                for found in () if is_joke and danger.is_figure else self._see(danger, stretch):
                    first, last = stretch.words[found.first], stretch.words[found.last]
                    spans.setdefault((first.start, last.end), Span(first.start, last.end, danger.name))
        return tuple(sorted(spans.values(), key=lambda span: (span.start, span.end)))

    def _is_over(self, sentence: Reading) -> bool:
        """Say whether a sentence gives thanks for what has been mended."""
        if not self._signs.holds(self._thanks, sentence):
            return False
        return (self._is_done(sentence) or self._is_praise(sentence)) and not self._signs.holds(self._still, sentence)

    def _is_praise(self, sentence: Reading) -> bool:
        """Say whether a sentence gives thanks: "…, спасибо" at its end is only polite, "кімге рахмет" is praise."""
        thanks = [sign for sign in self._thanks if sign[0] in sentence.all]
        hits = [hit.last for sign in thanks for hit in occurrences(sign, sentence)]
        told = [word.folded for word in sentence.words]
        polite = [hit for hit in hits if hit >= len(told) - 2 and told[hit].startswith(_POLITE)]
        is_to_somebody = any(told[hit].startswith("ра") and told[hit - 1].endswith(_DATIVE) for hit in polite if hit)
        return len(polite) < len(hits) or is_to_somebody

    def _is_done(self, sentence: Reading) -> bool:
        """Say whether a sentence tells of work done: "жауып беріңіздер" only asks for it."""
        told = sentence.words
        done = [sign for sign in self._done if sign[0] in sentence.all]
        ends = [hit.last + 1 for sign in done for hit in occurrences(sign, sentence)]
        return any(end == len(told) or not told[end].folded.startswith(_ASKED) for end in ends)

    def _see(self, danger: Danger, reading: Reading) -> list[Found]:
        if any(firsts.isdisjoint(reading.all) for firsts in danger.firsts):
            return []
        found: list[list[Found]] = []
        for signs in danger.signs:
            here = [
                hit
                for sign in signs
                if sign[0] in reading.all
                for hit in occurrences(sign, reading)
                if not is_denied(hit, reading.words)
            ]
            if not here:
                return []
            found.append(here)
        if self._signs.holds(danger.unless, reading):
            return []
        return _together(found, danger.window)

    def _danger(self, name: str, rule: dict[str, object]) -> Danger:
        window, signs, unless = rule.get("window"), rule.get("signs"), rule.get("unless", [])
        assert isinstance(window, str)
        assert isinstance(signs, list)
        assert isinstance(unless, list)
        told = tuple(self._signs.told(line) for line in signs)
        firsts = tuple(frozenset(sign[0] for sign in line) for line in told)
        return Danger(name, int(window), told, self._signs.told("|".join(unless)), firsts, rule.get("figure") == "yes")


def _without_wide(rule: dict[str, object]) -> dict[str, object]:
    """Return the rule with its sure signs alone: those that do not begin with "~"."""
    lines = rule.get("signs")
    assert isinstance(lines, list)
    sure = [[option for option in line.split("|") if not option.strip().startswith("~")] for line in lines]
    return {**rule, "signs": ["|".join(options) for options in sure]}


def _together(found: list[list[Found]], window: int) -> list[Found]:
    """Return the hits of one rule if one of each sign stands within the window: the nearest such group."""
    best: tuple[int, list[Found]] | None = None
    for anchor in found[0]:
        group = [anchor]
        for options in found[1:]:
            group.append(min(options, key=lambda hit: _distance(anchor, hit)))
        width = max(hit.last for hit in group) - min(hit.first for hit in group)
        if width <= window and (best is None or width < best[0]):
            best = (width, group)
    return best[1] if best else []


def _distance(anchor: Found, hit: Found) -> int:
    return max(hit.first - anchor.last, anchor.first - hit.last, 0)
