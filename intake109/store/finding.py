"""Finding a task again by what somebody remembers of it: a number, a name, some words."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import AppealRow, ConversationRow, MentionRow, TaskRow

_MOST_WORDS = 6


def find(
    session: Session, query: str, limit: int = 20, *, place_key: str = ""
) -> list[tuple[TaskRow, ConversationRow, AppealRow | None]]:
    """Return the newest tasks in which every word of a query occurs: in text, citizen's name, or appeal's number.

    `place_key` is the house that the query tells: what waits or is registered there is found, however it is told.
    """
    asked = query.split()[:_MOST_WORDS]
    if not asked:
        return []
    wanted = and_(*(_holds(word) for word in asked))
    if place_key:
        wanted = or_(wanted, col(AppealRow.place_key) == place_key, _waits_at(place_key))
    statement = (
        select(TaskRow, ConversationRow, AppealRow)
        .join(MentionRow, col(MentionRow.id) == col(TaskRow.mention_id))
        .join(ConversationRow, col(ConversationRow.id) == col(MentionRow.conversation_id))
        .outerjoin(AppealRow, col(AppealRow.id) == col(TaskRow.appeal_id))
        .where(wanted)
        .order_by(col(TaskRow.id).desc())
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(statement)]


def ways_of_writing(text: str) -> list[str]:
    """Return the usual ways of writing a text: SQLite's LIKE knows no Cyrillic capitals, so each is asked for."""
    return list(dict.fromkeys((text, text.lower(), text.capitalize(), text.title(), text.upper())))


def _waits_at(place_key: str) -> ColumnElement[bool]:
    """Only open tasks are looked into, whose verdicts are few: what is decided has the place in its appeal."""
    found = col(MentionRow.verdict)["place"]["key"].as_string() == place_key
    return and_(col(TaskRow.decided_at).is_(None), found)


def _holds(word: str) -> ColumnElement[bool]:
    places = (MentionRow.text, ConversationRow.name, ConversationRow.username, ConversationRow.phone, AppealRow.number)
    return or_(*(col(place).contains(way, autoescape=True) for place in places for way in ways_of_writing(word)))
