"""What the classifier saw in a text, marked for the eye. Pure; the pieces are escaped by the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from intake109.model import Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `mark` is `incident`, `place` or empty; `is_why` if it spoke for the first suggestion."""

    text: str
    mark: str = ""
    is_why: bool = False


def pieces(own: str, parent: str, verdict: dict[str, Any], why: Sequence[Span] = ()) -> tuple[list[Piece], list[Piece]]:
    """Return the citizen's words and the parent's, cut where a mark begins or ends.

    The verdict's spans and those of `why` count characters of what was classified: own words, a line break, the
    parent's. If the text has changed since, nothing is marked: a wrong mark is worse than none.
    """
    own, parent = own.strip(), parent.strip()
    seen = str(verdict.get("text", ""))
    if not own and seen == parent:
        return [], _cut(parent, 0, verdict, why)
    own_is_same = seen[: len(own)] == own and bool(own)
    parent_is_same = own_is_same and bool(parent) and seen[len(own) :] == f"\n{parent}"
    return (
        _cut(own, 0, verdict if own_is_same else {}, why if own_is_same else ()),
        _cut(parent, len(own) + 1, verdict if parent_is_same else {}, why if parent_is_same else ()),
    )


def _cut(text: str, offset: int, verdict: dict[str, Any], why: Sequence[Span]) -> list[Piece]:
    if not text:
        return []
    marks = [("", False)] * len(text)
    for name, spans in (
        ("place", verdict.get("place", {}).get("spans", [])),
        ("incident", verdict.get("incident", {}).get("reasons", [])),
    ):
        for span in spans:
            for index in range(max(0, int(span["start"]) - offset), min(len(text), int(span["end"]) - offset)):
                marks[index] = (name, False)
    for span in why:
        for index in range(max(0, span.start - offset), min(len(text), span.end - offset)):
            marks[index] = (marks[index][0], True)
    found: list[Piece] = []
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or marks[index] != marks[start]:
            found.append(Piece(text[start:index], *marks[start]))
            start = index
    return found
