"""Buttons under letters to citizens, on channels that have them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from intake109.model import Channel
from intake109.outbox.texts import read
from intake109.store.tables import AppealRow, MentionRow

_CHANNELS = frozenset({Channel.TELEGRAM.value, Channel.WHATSAPP.value})
_LONGEST_TEXT = 1000
"""Above buttons WhatsApp takes 1,024 characters; a longer text goes without."""


def has_room(mention: MentionRow, text: str) -> bool:
    """Say whether buttons can stand under a text to this citizen."""
    return mention.channel in _CHANNELS and len(text) <= _LONGEST_TEXT


def of_appeal(
    session: Session, mention: MentionRow, appeal_id: int | None, text: str, language: str
) -> list[list[str]]:
    """Return how an appeal stands, to add to it, and another language, as label and data; none before everybody."""
    appeal = session.get(AppealRow, appeal_id) if appeal_id is not None else None
    if appeal is None or mention.is_public or not has_room(mention, text):
        return []
    names = {"status": f"status:{appeal.number}", "add": f"add:{appeal.number}", "language": "language"}
    return [[read(session, f"button_{name}", language), data] for name, data in names.items()]
