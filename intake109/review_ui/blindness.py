"""Which channels are blind: nothing that citizens write there reaches us now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from intake109.errors import Backoff
from intake109.store.tables import HealthRow

_ERRORS = 3
_NEEDS_PERSON = frozenset({Backoff.AUTH_LOST.value, Backoff.BLOCKED.value, Backoff.CONFLICT.value})


def blind(rows: Iterable[HealthRow], now: datetime) -> list[HealthRow]:
    """Return the collectors that do not work: several errors in a row, credentials gone, or a person is wanted.

    One failed poll is no alarm: it would cry wolf with every hiccup of a network.
    """
    return [row for row in rows if _is_blind(row, now)]


def _is_blind(row: HealthRow, now: datetime) -> bool:
    if row.credentials_expire_at is not None and row.credentials_expire_at <= now:
        return True
    return row.errors_in_row >= _ERRORS or (row.errors_in_row > 0 and row.backoff in _NEEDS_PERSON)
