"""Finding the mention that a text repeats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake109.store import mentions

WINDOW = timedelta(hours=72)
"""How far back an equal text counts as the same message."""


@dataclass(frozen=True, slots=True)
class Original:
    """The earlier mention and why: `same_author` sent it again, `forward` is a forwarded copy, `copy` is a repost."""

    mention_id: int
    why: str


def find_original(
    session: Session, text_hash: str, conversation_id: int | None, mentioned_at: datetime, *, is_forward: bool
) -> Original | None:
    """Return the earliest mention with the same words within the window, the citizen's own before others'."""
    if not text_hash:
        return None
    since = mentioned_at - WINDOW
    if conversation_id is not None:
        for row in mentions.own_with_text_hash(session, conversation_id, text_hash, since):
            if row.id is not None:
                return Original(row.id, "same_author")
    for row in mentions.with_text_hash(session, text_hash, since, limit=1):
        if row.id is not None:
            return Original(row.original_id or row.id, "forward" if is_forward else "copy")
    return None
