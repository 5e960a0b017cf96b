"""Moments as Instagram writes them in webhooks: seconds in entries, milliseconds in messages, and not always so."""

from __future__ import annotations

from datetime import datetime, timedelta

from intake109.collectors.payload import id_of, moment_of

_LEAST_MILLISECONDS_DIGITS = 12
"""Seconds have 10 digits until the year 2286, milliseconds 13 since 2001."""


def told_at(value: object) -> datetime:
    """Return the moment of epoch seconds or milliseconds.

    Raises:
        PayloadError: it is neither.
    """
    digits = id_of(value)
    if len(digits) < _LEAST_MILLISECONDS_DIGITS or not (digits.isascii() and digits.isdigit()):
        return moment_of(value)
    return moment_of(digits[:-3]) + timedelta(milliseconds=int(digits[-3:]))
