"""Fetching citizens' files from Meta's file servers, the same for WhatsApp and Instagram."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from intake109.collectors.graph_errors import Rule, error_of
from intake109.errors import Backoff, MediaError

EXPIRED = frozenset({401, 403, 404, 410})
"""A link answered so has expired, or never was good: it is asked for anew, once."""


def check(response: httpx.Response, rules: Mapping[int, Rule]) -> None:
    """Let a success pass.

    Raises:
        MediaError: permanent when the file is gone or will never be given; else the link failed twice.
        ChannelError: the platform could not be asked just now.
    """
    status = response.status_code
    if response.is_success:
        return
    if status in EXPIRED:
        raise MediaError(f"the link to the file was refused twice (HTTP {status})", permanent=status in {404, 410})
    error = error_of(status, None, response.headers, rules)
    if error.backoff in {Backoff.RATE_LIMITED, Backoff.TRANSIENT} and not error.permanent:
        raise error
    raise MediaError(f"the file could not be fetched (HTTP {status})", permanent=error.permanent)


def size_of(*told: str) -> int | None:
    """Return the first of these that is a number of bytes."""
    return next((int(one) for one in told if one.isascii() and one.isdigit() and len(one) < 16), None)
