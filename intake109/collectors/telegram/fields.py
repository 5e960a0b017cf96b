"""Checks of the values an update is made of: the library keeps whatever JSON held, a number where a text belongs."""

from __future__ import annotations

from datetime import datetime

REPLACEMENT = "\ufffd"


def words(value: object) -> str:
    """Return a text; empty if it is missing.

    Raises:
        TypeError: it is something else.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError("a text is no text")
    return value


def whole(value: object) -> int:
    """Return a whole number that fits 64 bits.

    Raises:
        TypeError: it is something else, or missing.
        ValueError: it is too large for any id of the platform.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("an id is no whole number")
    if abs(value) >= 2**63:
        raise ValueError("an id is too large")
    return value


def moment(value: object) -> datetime:
    """Return a moment of the platform's.

    Raises:
        TypeError: it is missing.
    """
    if not isinstance(value, datetime):
        raise TypeError("a date is missing")
    return value


def cleaned(value: object) -> object:
    """Return JSON data with what no database stores replaced in its texts: NUL and halves of surrogate pairs.

    One for one, so that the offsets of entities (in UTF-16 units) stay right.
    """
    if isinstance(value, str):
        return "".join(REPLACEMENT if letter == "\0" or "\ud800" <= letter <= "\udfff" else letter for letter in value)
    if isinstance(value, dict):
        return {cleaned(key): cleaned(part) for key, part in value.items()}
    if isinstance(value, list):
        return [cleaned(part) for part in value]
    return value
