"""Contexts in which words of danger tell of none now: over, told of elsewhere, asked in general, advertised.

Only the rules are silent there. What a text says beside such a sentence is read as ever, and the model reads all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake109.classifier.signs import Reading, Sign, Signs
from intake109.classifier.word_lists import word_list

_OF_A_REQUEST = (
    "заявк | заявлен | приложени | портал | обращени | пересчит | пересчёт | перерасч | компенсац | өтінім | өтініш | "
    "ticket | request"
)
"""Sentences about the request itself: what is "still" and "not yet" in them is paper, not danger."""


@dataclass(frozen=True, slots=True)
class _Context:
    """Seen where every one of `signs` stands and none of `unless`."""

    signs: tuple[tuple[Sign, ...], ...]
    unless: tuple[Sign, ...]
    is_of_text: bool


class Contexts:
    """All contexts of `data/calm_contexts.yaml`, ready to be looked for; safe to share between threads."""

    def __init__(self, signs: Signs) -> None:
        self._signs = signs
        self._request = signs.told(_OF_A_REQUEST)
        self._contexts = tuple(self._context(rule) for rule in word_list("calm_contexts").values())

    def left(self, whole: Reading, sentences: Sequence[Reading]) -> list[Reading]:
        """Return the stretches that may tell of danger now: the whole as it is, the sentences left of it, or none."""
        alive = [sentence for sentence in sentences if not self._signs.holds(self._request, sentence)]
        for context in self._contexts:
            if context.is_of_text and self._is_seen(context, [whole], alive):
                return []
        left = [sentence for sentence in sentences if not self._is_calm(sentence)]
        return [whole] if len(left) == len(sentences) else left

    def _is_calm(self, sentence: Reading) -> bool:
        return any(
            self._is_seen(context, [sentence], [sentence]) for context in self._contexts if not context.is_of_text
        )

    def _is_seen(self, context: _Context, where: Sequence[Reading], alive: Sequence[Reading]) -> bool:
        holds = self._signs.holds
        if not all(any(holds(line, reading) for reading in where) for line in context.signs):
            return False
        return not any(holds(context.unless, reading) for reading in alive)

    def _context(self, rule: dict[str, object]) -> _Context:
        scope, lines, unless = rule.get("scope"), rule.get("signs"), rule.get("unless", [])
        assert scope in ("text", "sentence")
        assert isinstance(lines, list)
        assert isinstance(unless, list)
        told = tuple(self._signs.told(line) for line in lines)
        return _Context(told, self._signs.told("|".join(unless)), scope == "text")
