"""Webhook deliveries of one Meta product: at least once, not in order, several changes in one POST.

Source: https://developers.facebook.com/docs/graph-api/webhooks/getting-started (signature, retries),
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks (batches of up to 1,000).
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from intake109.demo.standin.asked import Json
from intake109.demo.standin.ground import Ground

_GIVE_UP = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to tell: an element of `entry`, and the lines of the ledger it tells of."""

    entry: Json
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One POST: the very bytes that are signed, kept for every repetition."""

    number: int
    body: bytes
    seqs: tuple[int, ...]
    made_at: datetime
    due_at: datetime
    attempt: int = 0
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where deliveries go. It holds only after the handshake."""

    url: str
    verify_token: str


def encode(payload: Json) -> bytes:
    """Write JSON the way Meta does: everything beyond ASCII escaped in lower case, slashes too.

    Whoever checks the signature over re-dumped JSON instead of the raw bytes fails on the first Cyrillic letter.
    """
    return json.dumps(payload, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signature(secret: str, body: bytes) -> str:
    """Sign a body for `X-Hub-Signature-256`."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Mailbox:
    """What one product has to tell its webhook.

    Before there is a subscription things wait, though Meta would not tell them at all: a demo may start its parts
    in any order. Callers hold the ground's lock.
    """

    def __init__(self, ground: Ground, product: str) -> None:
        self.product = product
        self.subscription: Subscription | None = None
        self.held = False
        self.failures: list[str] = []
        self._ground = ground
        self._waiting: list[Item] = []
        self._parcels: list[Parcel] = []

    def tell(self, entry: Json, *seqs: int) -> None:
        """Add something to tell."""
        self._waiting.append(Item(entry, seqs))

    def __len__(self) -> int:
        """Say how much is not yet confirmed."""
        return len(self._waiting) + len(self._parcels)

    def next(self, now: datetime) -> Parcel | None:
        """Take what is due, packing what waits; None if there is nothing, nobody to tell, or it is held back."""
        if self.subscription is None:
            return None
        if not self.held:
            self._pack(now)
        due = [parcel for parcel in self._parcels if parcel.due_at <= now]
        if not due:
            return None
        chosen = min(due, key=lambda parcel: (parcel.due_at, parcel.number))
        self._parcels.remove(chosen)
        for seq in chosen.seqs:
            self._ground.ledger.delivered(seq, now)
        return chosen

    def wait(self, now: datetime) -> float | None:
        """Say in how many seconds something comes due; None if not before something new happens."""
        if self.subscription is None or not self._parcels:
            return None
        return max(0.0, min((parcel.due_at - now).total_seconds() for parcel in self._parcels))

    def settle(self, parcel: Parcel, problem: str, now: datetime) -> None:
        """Note how a delivery went; an empty problem means 200. A failed one is repeated after a longer pause."""
        settings = self._ground.settings
        if problem:
            self.failures.append(problem)
            pause = settings.pauses[min(parcel.attempt, len(settings.pauses) - 1)]
            again = replace(parcel, attempt=parcel.attempt + 1, due_at=now + timedelta(seconds=pause))
            if again.due_at - parcel.made_at < _GIVE_UP:
                self._parcels.append(again)
                return
            for seq in parcel.seqs:
                self._ground.ledger.expired(seq, now)
            return
        for seq in parcel.seqs:
            self._ground.ledger.confirmed(seq, now)
        if parcel.repeats > 0:
            self._parcels.append(replace(parcel, repeats=parcel.repeats - 1, due_at=now))

    def _pack(self, now: datetime) -> None:
        settings = self._ground.settings
        items = list(reversed(self._waiting)) if settings.shuffle else self._waiting
        size = max(1, settings.batch)
        for start in range(0, len(items), size):
            some = items[start : start + size]
            body = encode({"object": self.product, "entry": _together([item.entry for item in some])})
            seqs = tuple(seq for item in some for seq in item.seqs)
            number = self._ground.next("parcel")
            self._parcels.append(Parcel(number, body, seqs, now, now, repeats=settings.duplicates))
        self._waiting = []


def _together(entries: Sequence[Json]) -> list[Json]:
    """Put things into as few entries as Meta does: neighbours of one account share an entry, alternately.

    Every second one keeps an entry of its own, so that a batch has several entries and several changes.
    """
    merged: list[Json] = []
    for place, entry in enumerate(entries):
        last = merged[-1] if merged else None
        if place % 2 and last is not None and last["id"] == entry["id"] and "changes" in last and "changes" in entry:
            merged[-1] = {**last, "changes": [*_list(last["changes"]), *_list(entry["changes"])]}
        else:
            merged.append(entry)
    return merged


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
