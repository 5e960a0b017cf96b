"""Slowing down whoever guesses passwords, counted by all web processes together."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from intake109.store import attempts
from intake109.store.database import Database

_WINDOW = timedelta(minutes=15)
_PER_LOGIN = 6
_PER_ADDRESS = 40


class Throttle:
    """Counts wrong passwords per login at an address, and per address.

    A login is never locked for everybody: somebody else's guessing from another address must not keep an inspector out.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def wait(self, login: str, address: str, now: datetime) -> int:
        """Return the seconds until the next attempt is allowed, 0 if it is allowed now."""
        limits = ((_key(address, login), _PER_LOGIN), (_key(address), _PER_ADDRESS))
        with self._database.read() as session:
            left = max(attempts.wait_for(session, key, most, _WINDOW, now) for key, most in limits)
        return max(1, round(left.total_seconds())) if left else 0

    def failed(self, login: str, address: str, now: datetime) -> None:
        """Count a wrong password."""
        with self._database.write() as session:
            for key in (_key(address, login), _key(address)):
                attempts.add(session, key, now)

    def succeeded(self, login: str, address: str) -> None:
        """Forget the failures of a login that got in."""
        key = _key(address, login)
        with self._database.read() as session:
            if not attempts.is_known(session, key):
                return
        with self._database.write() as session:
            attempts.forget(session, key)


def _key(address: str, login: str = "") -> str:
    return hashlib.sha256(f"login:{address}/{login}".encode("utf-8", "replace")).hexdigest()[:32]
