"""The report's texts in the three languages, and how numbers are written in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from intake109.errors import RefusedError
from intake109.texts import Texts, read_texts

LANGUAGES = ("ru", "kk", "en")
_FOLDER = Path(__file__).parent / "locale"
_NARROW = "\N{NO-BREAK SPACE}"
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Words(Texts):
    """The texts of one language, and how it writes numbers."""

    def named(self, group: str, code: str) -> str:
        """Return the name of a code; an unknown one stands for itself."""
        return self.texts.get(f"{group}.{code}", code) if code else self.texts["unknown"]

    def count(self, number: int) -> str:
        """Return a number with its thousands apart."""
        return f"{number:,}".replace(",", _NARROW).replace("-", "−")

    def decimal(self, number: float, places: int = 2) -> str:
        """Return a number with a comma where the language writes one."""
        text = f"{number:.{places}f}".replace("-", "−")
        return text if self.language == "en" else text.replace(".", ",")

    def share(self, number: float) -> str:
        """Return 0…1 as per cent; one that is not the whole never reads 100."""
        shown = min(number * 100, 99.9) if number < 1 else 100.0
        return f"{self.decimal(shown, 1)}{'' if self.language == 'en' else _NARROW}%"

    def day(self, day: str) -> str:
        """Return a day as people write it, from `2026-11-22`."""
        return date.fromisoformat(day).strftime("%d.%m.%Y")


@cache
def words(language: str) -> Words:
    """Return the texts of a language.

    Raises:
        RefusedError: it is none of ours.
    """
    if language not in LANGUAGES:
        raise RefusedError("language", f"no report in the language {language}; write one of {', '.join(LANGUAGES)}")
    return Words(language, read_texts(_FOLDER, language))
