"""Finding a photo that came before, recompressed or cut down: only ever a suggestion, for one yard looks like another.

Two hashes of 64 bits that differ in at most seven have a quarter that differs in at most one. So each picture is
marked by its four quarters, and looked for by each quarter and its sixteen neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake109.store import marks
from intake109.store.tables import MentionRow

WINDOW = timedelta(days=14)
"""How far back the same photo is worth showing."""
MOST_DIFFERENT = 7
_QUARTERS, _BITS = 4, 16


def note(session: Session, attachment_id: int, mention_id: int, picture: int, now: datetime) -> bool:
    """Mark a picture that was stored for a mention, and suggest the mention that showed it first.

    Return whether one is suggested now. A mention that repeats another one by its words stays as it is.
    """
    mention = session.get_one(MentionRow, mention_id)
    first = _first(session, mention, picture, now)
    marks.put_picture(session, attachment_id, mention_id, picture, list(_quarters(picture)), now)
    if first is None or mention.original_id is not None:
        return False
    mention.original_id, mention.original_why = first, "picture"
    return True


def distance(one: int, other: int) -> int:
    """Return in how many bits two hashes differ."""
    return ((one ^ other) & 0xFFFF_FFFF_FFFF_FFFF).bit_count()


def _first(session: Session, mention: MentionRow, picture: int, now: datetime) -> int | None:
    """Return the earliest mention of somebody else with the picture; taggers of one post share its photo anyway."""
    assert mention.id is not None
    near = marks.meeting_pictures(session, list(_neighbours(picture)), mention.id, now - WINDOW)
    for mention_id, pictures in near.items():
        if mention_id > mention.id or min(distance(picture, other) for other in pictures) > MOST_DIFFERENT:
            continue
        other = session.get_one(MentionRow, mention_id)
        shares_post = mention.parent_key != "" and mention.parent_key == other.parent_key
        if other.conversation_id != mention.conversation_id and not shares_post:
            return mention_id
    return None


def _quarters(picture: int) -> Iterator[int]:
    for at in range(_QUARTERS):
        yield at << _BITS | (picture >> at * _BITS) & 0xFFFF


def _neighbours(picture: int) -> Iterator[int]:
    for quarter in _quarters(picture):
        yield quarter
        yield from (quarter ^ 1 << bit for bit in range(_BITS))
