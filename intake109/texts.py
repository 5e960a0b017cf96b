"""Texts that people read, in the languages of the city, from one YAML file a language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language, called like `texts("queue.title")`."""

    language: str
    texts: dict[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """Return a text with its values put in.

        Raises:
            KeyError: there is no such text; nobody ever reads a bare key.
        """
        text = self.texts[key]
        return text.format(**values) if values else text


def read_texts(folder: Path, language: str) -> dict[str, str]:
    """Return all texts of a language by their keys, those of the levels above joined by dots."""
    raw = yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8"))
    return dict(_flat(raw, ""))


def _flat(value: Any, prefix: str) -> list[tuple[str, str]]:
    if not isinstance(value, dict):
        return [(prefix, str(value))]
    found = []
    for key, inner in value.items():
        found += _flat(inner, f"{prefix}.{key}" if prefix else str(key))
    return found
