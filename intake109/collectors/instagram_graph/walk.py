"""Going through the tagged posts from the newest until enough are known; what is known is kept in the cursor.

Tags come without a time: a new one may stand deep in the list, under an old post. So a poll stops at many known posts
in a row, and from time to time one goes deeper. Used by the Graph API's poller and by instaloader's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from intake109.collectors.instagram_graph.keys import version_of
from intake109.collectors.payload import dict_of, text_of

REMEMBERED = 500
FIRST_TAKEN = 25
FIRST_AGE = timedelta(days=7)
_FIRST, _DEEP = "first", "deep"


class Sight(Enum):
    """What a post is to us."""

    NEW = auto()
    EDITED = auto()
    KNOWN = auto()
    OLD = auto()
    """From before the channel was switched on: remembered, not taken."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a poll goes.

    Attributes:
        known_in_row: so many known posts one after the other end an ordinary poll.
        first_posts: how many are gone through in the first poll of all.
        deep_posts: how many in a deep one, known or not; fewer than `first_posts`, or old ones would slide into reach.
        deep_every: pause between deep ones; None for never.
    """

    known_in_row: int
    first_posts: int
    deep_posts: int
    deep_every: timedelta | None


@dataclass(frozen=True, slots=True)
class Met:
    """A post that was met: what it is to us, and the version of its caption."""

    sight: Sight
    version: str


class Walk:
    """One way through the list.

    In the very first one the newest 25 are taken whatever their age, older ones back to 7 days; the rest is history.
    """

    def __init__(self, cursor: str | None, now: datetime, reach: Reach) -> None:
        self._now = now
        self._reach = reach
        stored = _read(cursor)
        self._known, self._deep_at, self._owed = stored.known, stored.deep_at, stored.owed
        self._is_first = self._owed == _FIRST
        is_due = reach.deep_every is not None and (self._deep_at is None or now - self._deep_at >= reach.deep_every)
        self._is_deep = not self._is_first and (is_due or self._owed == _DEEP)
        self._met: dict[str, str] = {}
        self._in_row = 0

    @property
    def is_enough(self) -> bool:
        """Say whether the poll may end here."""
        if self._is_first:
            return len(self._met) >= self._reach.first_posts
        if self._is_deep:
            return len(self._met) >= self._reach.deep_posts
        return self._in_row >= self._reach.known_in_row

    @property
    def met_count(self) -> int:
        """Return how many different posts were met."""
        return len(self._met)

    def look(self, key: str, caption: str, posted_at: datetime | None) -> Sight:
        """Say what a post is without remembering it, where something must still be asked that may fail."""
        return self._judge(key, caption, posted_at)[1]

    def meet(self, key: str, caption: str, posted_at: datetime | None) -> Met:
        """Say what a post is and remember it, from the newest on. The list may shift: a second look is KNOWN."""
        stored, sight = self._judge(key, caption, posted_at)
        self._in_row = self._in_row + 1 if sight in {Sight.KNOWN, Sight.EDITED} else 0
        self._met[key] = stored
        return Met(sight, stored.rpartition("|")[2])

    def _judge(self, key: str, caption: str, posted_at: datetime | None) -> tuple[str, Sight]:
        """Return what to keep of the caption, and what the post is.

        An edit's version hangs on the one before it, so it alone would not recognise the same words next time: the
        words' own version is kept beside it, as `words|edit`.
        """
        earlier = self._met.get(key) or self._known.get(key, "")
        plain = version_of(caption)
        if not earlier:
            is_history = self._is_first and len(self._met) >= FIRST_TAKEN and self._is_old(posted_at)
            return plain, Sight.OLD if is_history else Sight.NEW
        was_plain, _, was_whole = earlier.partition("|")
        if plain == was_plain:
            return earlier, Sight.KNOWN
        return f"{plain}|{version_of(caption, was_whole or was_plain)}", Sight.EDITED

    def _is_old(self, posted_at: datetime | None) -> bool:
        return posted_at is not None and self._now - posted_at > FIRST_AGE

    def cursor(self, *, is_whole: bool = True) -> str:
        """Return what is known now, to be stored with the events.

        After a walk that broke off the next one owes the rest: it is a first one again, or else a deep one.
        """
        known = {key: version for key, version in self._known.items() if key not in self._met}
        known |= dict(reversed(self._met.items()))
        was_far = is_whole and (self._is_first or self._is_deep)
        deep_at = self._now if was_far else self._deep_at
        owed = "" if is_whole else _FIRST if self._is_first else _DEEP
        stored = {
            "known": dict(list(known.items())[-REMEMBERED:]),
            "deep_at": deep_at.isoformat() if deep_at else "",
            "owed": owed,
        }
        return json.dumps(stored, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _Stored:
    """What a cursor holds: versions by key, the newest last; when the last deep walk was; which kind is owed."""

    known: dict[str, str]
    deep_at: datetime | None
    owed: str


def _read(cursor: str | None) -> _Stored:
    """Read the cursor; one that nobody can read counts as none (events already stored are recognised as repeats)."""
    try:
        stored = dict_of(json.loads(cursor or "null"))
    except (ValueError, RecursionError):
        stored = {}
    known = {key: version for key, version in dict_of(stored.get("known")).items() if isinstance(version, str)}
    owed = text_of(stored.get("owed")) if isinstance(stored.get("known"), dict) else _FIRST
    return _Stored(known, _moment(text_of(stored.get("deep_at"))), owed)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
