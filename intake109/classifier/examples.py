"""What people decided, as the classifier learns from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from intake109.catalogue.text import words

NEWEST = 20_000
"""Only so many decisions are learnt, the newest: more would take training past its three minutes and teach little."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text and what a person decided it is.

    Attributes:
        kind: `appeal`, `thanks`, `spam` or `chat`.
        service: code of the chosen service; empty if none was chosen.
        sphere: the service's, or what is known where no service is.
        is_incident: whether it was taken for a danger to life; None where nobody was asked (a centre's history).
    """

    text: str
    kind: str
    service: str = ""
    sphere: str = ""
    is_incident: bool | None = None
    decided_at: datetime | None = None


def told_once(examples: Iterable[Example]) -> list[Example]:
    """Return the newest examples of which no text says the same as another; of copies the last word counts.

    `examples` come oldest first, and so does the answer. A text without words teaches nothing and is left out.
    """
    last: dict[str, Example] = {}
    for example in examples:
        key = key_of(example.text)
        if key:
            last.pop(key, None)
            last[key] = example
    return list(last.values())[-NEWEST:]


def key_of(text: str) -> str:
    """Return by what copies of a text are recognised: its words as the models read them."""
    return " ".join(word.folded for word in words(text))
