"""The same text, whoever sent it and however it was decorated."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_ADDRESSES = re.compile(r"https?://\S+|@[\w.]+")
_NO_WORD = re.compile(r"[^\w]+|_+")
_INVISIBLE = {"Mn", "Me", "Cf"}
"""Stress marks, joiners, soft hyphens: they stand inside words without being seen, and must not cut them in two."""
LEAST_LETTERS = 12
"""Shorter texts ("яма", "когда?") are equal by chance and say nothing about being a repeat."""


def normalise(text: str) -> str:
    """Return the words of a text: no case, accents of writing, punctuation, emoji, links or mentions of accounts."""
    folded = unicodedata.normalize("NFKC", text.casefold())
    plain = unicodedata.normalize("NFKC", folded.casefold()).replace("ё", "е")
    plain = "".join(letter for letter in plain if unicodedata.category(letter) not in _INVISIBLE)
    return " ".join(_NO_WORD.sub(" ", _ADDRESSES.sub(" ", plain)).split())


def text_hash(text: str) -> str:
    """Return a fingerprint by which equal texts meet; empty when the text is too short to mean anything."""
    words = normalise(text)
    if len(words.replace(" ", "")) < LEAST_LETTERS:
        return ""
    return hashlib.sha256(words.encode()).hexdigest()[:32]
