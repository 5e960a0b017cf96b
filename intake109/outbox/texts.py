"""Every text a citizen or an executor reads from us, in three languages. Placeholders are filled when it is sent for.

The texts are in `data/`, one file a subject; a new one is added there, in all three languages, and is found by itself.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from sqlalchemy.orm import Session

from intake109.model import Language

_FOLDER = Path(__file__).parent / "data"
_TO_COMPLETE = ("answer", "question", "not_ours")


@cache
def shipped() -> dict[str, dict[str, str]]:
    """Return every text as it comes with the product, by name and language."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted(_FOLDER.glob("*.yaml")):
        found |= yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def spoken(language: str) -> str:
    """Return the language we answer in: Kazakh to Kazakh and to mixed speech, English to English, else Russian."""
    return {"kk": "kk", "mixed": "kk", Language.KK.value: "kk", "en": "en"}.get(language, "ru")


def template(name: str, language: str) -> str:
    """Return a text with its placeholders.

    Raises:
        KeyError: there is no such text.
    """
    return shipped()[name][spoken(language)]


def read(session: Session, name: str, language: str) -> str:
    """Return a text as the city has it now.

    Raises:
        KeyError: there is no such text.
    """
    return template(name, language)


def state(session: Session, status: str, language: str) -> str:
    """Return how an appeal of this status stands, in words; an unknown one is at least registered."""
    name = f"state_{status}"
    return read(session, name if name in shipped() else "state_registered", language)


def is_unfinished(text: str) -> bool:
    """Say whether a text is one of the beginnings an inspector has to complete, with nothing added to it."""
    return text.strip() in _beginnings()


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(text.replace("{what}", "").strip() for name in _TO_COMPLETE for text in shipped()[name].values())


def names() -> tuple[str, ...]:
    """Return the names of all texts."""
    return tuple(shipped())
