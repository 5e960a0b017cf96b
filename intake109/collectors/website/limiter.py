"""How often one address may try the form. Counts live in the process: a flood meets the limit in each of them."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import threading
from collections import deque
from datetime import datetime, timedelta


def address_key(secret: str, address: str) -> str:
    """Return a key for a caller's address that tells nobody the address.

    An IPv6 caller owns a whole /64 and is one caller.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        known = address
    else:
        mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
        known = str(mapped or parsed)
        if isinstance(parsed, ipaddress.IPv6Address) and mapped is None:
            known = str(ipaddress.ip_network((parsed, 64), strict=False))
    return hmac.new(secret.encode(), f"address:{known}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


class SlidingWindow:
    """At most `limit` in any `window` per key; safe between threads, bounded in memory."""

    def __init__(self, limit: int, window: timedelta, *, most_keys: int = 20_000) -> None:
        self._limit, self._window, self._most_keys = limit, window, most_keys
        self._taken: dict[str, deque[datetime]] = {}
        self._lock = threading.Lock()

    def take(self, key: str, now: datetime) -> timedelta:
        """Count one and return zero; or count nothing and return how long to wait."""
        with self._lock:
            moments = self._taken.pop(key, None) or deque()
            while moments and moments[0] <= now - self._window:
                moments.popleft()
            self._taken[key] = moments
            if len(moments) >= self._limit:
                return moments[0] + self._window - now
            moments.append(now)
            if len(self._taken) > self._most_keys:
                del self._taken[next(iter(self._taken))]
            return timedelta(0)
