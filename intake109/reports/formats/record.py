"""JSON: the figures under the names that docs/reports.md explains; what is sealed is exactly this."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache

from pydantic import TypeAdapter

from intake109.reports.composing import Sealed
from intake109.reports.figures import Figures

FORMAT = "intake109.report"
VERSION = 1
"""Grows when a name changes its meaning or goes; names that are added leave it."""


def canonical(figures: Figures) -> str:
    """Return the one way in which these figures are written: names in order, no blanks, nothing but UTF-8."""
    return json.dumps(asdict(figures), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def figures_of(content: str) -> Figures:
    """Return the figures that were written down."""
    return _reader().validate_json(content)


def record(figures: Figures, chain: Sequence[Sealed]) -> bytes:
    """Return the file: what it is, the figures, and the links that seal them."""
    links = [
        {"revision": one.revision, "digest": one.digest, "at": one.at.isoformat(), "reason": one.reason}
        for one in chain
    ]
    whole = {"format": FORMAT, "version": VERSION, "figures": asdict(figures), "seal": links}
    return (json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


@cache
def _reader() -> TypeAdapter[Figures]:
    return TypeAdapter(Figures)
