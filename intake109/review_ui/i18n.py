"""Every text on the screens, from one catalogue in three languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale

from intake109.texts import Texts, read_texts

LANGUAGES = ("kk", "ru", "en")
FOLDER = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Words(Texts):
    """The texts of one language, with those that are counted."""

    def count(self, key: str, n: int) -> str:
        """Return the form of a counted text that suits `n`: `key.one`, `key.few`, `key.many` or `key.other`."""
        form = Locale.parse(self.language).plural_form(n)
        text = self.texts.get(f"{key}.{form}") or self.texts[f"{key}.other"]
        return text.format(n=n)

    def under(self, prefix: str) -> dict[str, str]:
        """Return all texts below a prefix, without it; what a script needs is handed to it so."""
        start = f"{prefix}."
        return {key.removeprefix(start): text for key, text in self.texts.items() if key.startswith(start)}


@cache
def words(language: str) -> Words:
    """Return the texts of a language; an unknown one gets Russian."""
    known = language if language in LANGUAGES else "ru"
    return Words(known, read_texts(FOLDER, known))


def preferred(accept_language: str) -> str:
    """Return the first of our languages a browser asks for, Russian if it asks for none."""
    for part in accept_language.split(","):
        code = part.split(";")[0].strip().split("-")[0].lower()
        if code in LANGUAGES:
            return code
    return "ru"
