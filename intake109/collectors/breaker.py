"""When to ask a platform again. Pure; the result is stored as the collector's health."""

from __future__ import annotations

from datetime import datetime, timedelta

from intake109.errors import Backoff, ChannelError

_BASE = {
    Backoff.TRANSIENT: timedelta(seconds=1),
    Backoff.RATE_LIMITED: timedelta(seconds=30),
    Backoff.CONFLICT: timedelta(seconds=5),
    Backoff.BLOCKED: timedelta(minutes=5),
    Backoff.AUTH_LOST: timedelta(minutes=1),
}
_MOST = {
    Backoff.TRANSIENT: timedelta(seconds=60),
    Backoff.RATE_LIMITED: timedelta(minutes=15),
    Backoff.CONFLICT: timedelta(seconds=60),
    Backoff.BLOCKED: timedelta(minutes=60),
    Backoff.AUTH_LOST: timedelta(minutes=15),
}
OPEN_AFTER = 5
"""So many failures in a row open the breaker: from then on only single trial calls are made."""


def retry_at(error: ChannelError, errors_in_row: int, now: datetime) -> datetime:
    """Return when to try again after the `errors_in_row`-th failure in a row (1 is the first).

    What the platform asks for is a least pause; otherwise it doubles from the class's base up to its most.
    """
    grown: timedelta = min(_BASE[error.backoff] * int(2 ** min(errors_in_row - 1, 12)), _MOST[error.backoff])
    return now + max(grown, error.retry_after or timedelta(0))


def patient_retry_at(error: ChannelError, attempts: int, longest: timedelta, now: datetime) -> datetime:
    """Return when to try one thing again: its attempts are few and must outlive an outage, so the pauses grow on."""
    return max(retry_at(error, attempts, now), now + min(timedelta(seconds=2 ** min(attempts, 12)), longest))


def state(errors_in_row: int, retry_at: datetime | None, now: datetime) -> str:
    """Return `closed` (all well), `waiting` (a pause after a few failures), `open`, or `trial` (open, may try now)."""
    if errors_in_row == 0:
        return "closed"
    if errors_in_row < OPEN_AFTER:
        return "waiting"
    return "open" if retry_at is not None and retry_at > now else "trial"
