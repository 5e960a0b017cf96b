"""Slowing down whoever guesses passwords."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

_WINDOW = timedelta(minutes=15)
_PER_LOGIN = 6
_PER_ADDRESS = 40
_MOST_KEPT = 10_000


class Throttle:
    """Counts wrong passwords per login at an address, and per address. Kept in this process only.

    A login is never locked for everybody: somebody else's guessing from another address must not keep an inspector out.
    """

    def __init__(self) -> None:
        self._failures: dict[str, list[datetime]] = {}
        self._lock = threading.Lock()

    def wait(self, login: str, address: str, now: datetime) -> int:
        """Return the seconds until the next attempt is allowed, 0 if it is allowed now."""
        with self._lock:
            waits = [
                self._left(key, most, now)
                for key, most in ((f"{address}/{login}", _PER_LOGIN), (address, _PER_ADDRESS))
            ]
        return max(waits)

    def failed(self, login: str, address: str, now: datetime) -> None:
        """Count a wrong password."""
        with self._lock:
            if len(self._failures) > _MOST_KEPT:
                self._failures.clear()
            for key in (f"{address}/{login}", address):
                self._failures.setdefault(key, []).append(now)

    def succeeded(self, login: str, address: str) -> None:
        """Forget the failures of a login that got in."""
        with self._lock:
            self._failures.pop(f"{address}/{login}", None)

    def _left(self, key: str, most: int, now: datetime) -> int:
        recent = [moment for moment in self._failures.get(key, []) if now - moment < _WINDOW]
        self._failures[key] = recent
        if not recent:
            del self._failures[key]
        if len(recent) < most:
            return 0
        return max(1, round((recent[-most] + _WINDOW - now).total_seconds()))
