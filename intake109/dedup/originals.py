"""Finding the mention that a message repeats, and saying whether that is certain.

Certain means that nobody has to look: the same forwarded post, or the same words about the same house. Without a place
of their own even equal words may be about two houses ("В подъезде нет света"), so they are only suggested.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from intake109.catalogue.text import fold
from intake109.dedup.fingerprint import normalise
from intake109.dedup.likeness import Likeness, compare
from intake109.dedup.marks import marks
from intake109.dedup.wording import wording
from intake109.store import marks as stored
from intake109.store import mentions
from intake109.store.tables import MentionRow

WINDOW = timedelta(hours=72)
"""How far back an equal text counts as the same message."""
_POST = re.compile(r"-?\d+:\d+")
"""A forward's origin that names one post (Telegram's chat:message), and not only who wrote it."""
_SAME_SPOT_M, _OTHER_SPOT_M = 50.0, 150.0
_MOST_COMPARED, _MOST_READ = 10, 3
_EQUAL = frozenset({"same_author", "forward", "copy"})


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody has just said, as far as it tells a repeat. `place` is the verdict's, as it is stored."""

    text: str
    text_hash: str
    channel: str
    mentioned_at: datetime
    conversation_id: int | None = None
    origin: str = ""
    place: Mapping[str, Any] | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """The earlier mention and why.

    `same_author` sent it again, `forward` is a forwarded copy, `copy` has the same words, `near` almost the same ones,
    `picture` the same photo (jobs find that later, when it is fetched). If `is_certain` nobody has to look at it.
    """

    mention_id: int
    why: str
    is_certain: bool = False


def find_original(session: Session, said: Said) -> Original | None:
    """Return the mention that is repeated, the surest first: the citizen's own, the same post, words, almost them."""
    since = said.mentioned_at - WINDOW
    equal = mentions.with_text_hash(session, said.text_hash, since) if said.text_hash else []
    if equal and said.conversation_id is not None:
        for row in mentions.own_with_text_hash(session, said.conversation_id, said.text_hash, since):
            if row.id is not None:
                return Original(row.id, "same_author")
    return _same_post(session, said, since) or _same_words(said, equal) or _near(session, said, since)


def _same_post(session: Session, said: Said, since: datetime) -> Original | None:
    if not _POST.fullmatch(said.origin):
        return None
    for row in mentions.of_post(session, said.channel, said.origin, since):
        if row.id is not None and normalise(row.text) == normalise(said.text):
            return Original(_first(row), "forward", is_certain=not _is_elsewhere(said, row))
    return None


def _same_words(said: Said, rows: list[MentionRow]) -> Original | None:
    why = "forward" if said.origin else "copy"
    for row in rows:
        if _is_about_the_same(said, row):
            return Original(_first(row), why, is_certain=True)
    return Original(_first(rows[0]), why) if rows else None


def _near(session: Session, said: Said, since: datetime) -> Original | None:
    own = wording(said.text)
    found = stored.meeting(session, marks(own), _MOST_COMPARED)
    likenesses = {one: compare(own, wording(text)) for one, text in mentions.texts(session, found).items()}
    best = sorted((one for one in found if likenesses[one].is_near), key=lambda one: -likenesses[one].score)
    rows = mentions.by_ids(session, best[:_MOST_READ]) if best else {}
    suggested = None
    for row in (rows[one] for one in best[:_MOST_READ]):
        if row.mentioned_at < since or row.conversation_id == said.conversation_id or row.id is None:
            continue
        if _is_about_the_same(said, row) and _likeness(said, row, row.text).is_same:
            return Original(row.id, "near", is_certain=True)
        suggested = suggested or Original(row.id, "near")
    return suggested


def is_near(later: Said, first: MentionRow) -> bool:
    """Say whether a message is still worth showing beside another one, after it was reworded or gone on with.

    What has no words to compare (the same photo, the same post) stays as it was.
    """
    if not normalise(later.text):
        return True
    return later.text_hash == first.text_hash != "" or compare(wording(later.text), wording(first.text)).is_near


def is_still_same(later: Said, first: MentionRow, wordings: list[str]) -> bool:
    """Say whether a message still certainly repeats another one, after either was reworded or gone on with.

    Args:
        wordings: the first one's messages as they read now, beside all of them together.
    """
    if _is_elsewhere(later, first):
        return False
    if any(_likeness(later, first, text).is_same for text in (first.text, *wordings)):
        return True
    return normalise(later.text) in {normalise(text) for text in (first.text, *wordings)}


def said_by(row: MentionRow) -> Said:
    """Return what a stored mention says."""
    return Said(
        row.text,
        row.text_hash,
        row.channel,
        row.mentioned_at,
        row.conversation_id,
        row.origin,
        row.verdict.get("place"),
        row.latitude,
        row.longitude,
    )


def _first(row: MentionRow) -> int:
    """Return the first mention with a row's words; what is only near it has words of its own."""
    assert row.id is not None
    return row.original_id if row.original_id is not None and row.original_why in _EQUAL else row.id


def _is_about_the_same(said: Said, row: MentionRow) -> bool:
    """Say whether both certainly mean the same house or spot."""
    if _is_elsewhere(said, row):
        return False
    distance = _distance_m(said, row)
    if distance is not None and distance <= _SAME_SPOT_M:
        return True
    place, other = said.place or {}, row.verdict.get("place") or {}
    key = str(place.get("key", ""))
    if not key or key != str(other.get("key", "")):
        return False
    return _is_own(place, said.text) and _is_own(other, row.text)


def _is_elsewhere(said: Said, row: MentionRow) -> bool:
    distance = _distance_m(said, row)
    return distance is not None and distance > _OTHER_SPOT_M


def _is_own(place: Mapping[str, Any], text: str) -> bool:
    """Say whether a place was told in the message itself, and not in the post it stands under."""
    return set(fold(str(place.get("text", ""))).split()) <= set(fold(text).split())


def _likeness(said: Said, row: MentionRow, text: str) -> Likeness:
    """Compare with one wording of a mention; the words by which both name one house may be spelt in any way."""
    own, other = wording(said.text), wording(text)
    place, theirs = said.place or {}, row.verdict.get("place") or {}
    if not place.get("key") or place.get("key") != theirs.get("key"):
        return compare(own, other)
    told = {*fold(str(place.get("text", ""))).split(), *fold(str(theirs.get("text", ""))).split()}
    return compare(own, other, frozenset(told))


def _distance_m(said: Said, row: MentionRow) -> float | None:
    """Return how far apart two points are in metres, None unless both have one; exact enough within a city."""
    if said.latitude is None or said.longitude is None or row.latitude is None or row.longitude is None:
        return None
    north = (said.latitude - row.latitude) * 111_320
    east = (said.longitude - row.longitude) * 111_320 * math.cos(math.radians(said.latitude))
    return math.hypot(north, east)
