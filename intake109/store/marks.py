"""Marks of texts and pictures: what shares one with something new may be the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.rows import insert_new
from intake109.store.tables import MentionMarkRow, PictureMarkRow

_OF_ONE_MARK = 16
"""How many are read of one mark, the newest: in a storm of one wording with a thousand addresses the price stays."""
_SWEPT_AT_ONCE = 2_000


def put(session: Session, mention_id: int, marks: Sequence[int], at: datetime) -> None:
    """Mark a mention's text; marks of an earlier wording are gone."""
    session.execute(
        delete(MentionMarkRow)
        .where(col(MentionMarkRow.mention_id) == mention_id)
        .execution_options(synchronize_session=False)
    )
    add(session, mention_id, marks, at)


def add(session: Session, mention_id: int, marks: Sequence[int], at: datetime) -> None:
    """Mark the text of a mention that has no marks yet."""
    values = [{"mark": mark, "mention_id": mention_id, "at": at} for mark in dict.fromkeys(marks)]
    insert_new(session, MentionMarkRow, values)


def meeting(session: Session, marks: Sequence[int], most: int) -> list[int]:
    """Return the mentions that share marks, those that share most first, of equal ones the earliest."""
    if not marks:
        return []
    chosen = tuple(dict.fromkeys(marks))
    # Said in SQL: twelve small questions in one, each answered from the index and cut off there.
    asked = " UNION ALL ".join(
        f"SELECT * FROM (SELECT mention_id FROM mention_marks WHERE mark = :m{at} "  # noqa: S608 - numbers we count
        f"ORDER BY mention_id DESC LIMIT {_OF_ONE_MARK}) AS t{at}"
        for at in range(len(chosen))
    )
    rows = session.execute(text(asked), {f"m{at}": mark for at, mark in enumerate(chosen)})
    shared = Counter(mention_id for (mention_id,) in rows)
    return sorted(shared, key=lambda mention_id: (-shared[mention_id], mention_id))[:most]


def put_picture(
    session: Session, attachment_id: int, mention_id: int, picture: int, marks: Sequence[int], at: datetime
) -> None:
    """Mark a stored picture; one that is marked already is left alone."""
    values = [
        {"mark": mark, "attachment_id": attachment_id, "mention_id": mention_id, "picture": picture, "at": at}
        for mark in dict.fromkeys(marks)
    ]
    insert_new(session, PictureMarkRow, values)


def meeting_pictures(
    session: Session, marks: Sequence[int], but_mention_id: int, since: datetime
) -> dict[int, list[int]]:
    """Return the pictures of other mentions since a moment that share a mark, as mention and hashes; earliest first."""
    statement = (
        select(col(PictureMarkRow.mention_id), col(PictureMarkRow.picture))
        .where(
            col(PictureMarkRow.mark).in_(marks),
            col(PictureMarkRow.mention_id) != but_mention_id,
            col(PictureMarkRow.at) >= since,
        )
        .order_by(col(PictureMarkRow.mention_id))
        .distinct()
    )
    found: dict[int, list[int]] = {}
    for mention_id, picture in session.execute(statement):
        found.setdefault(mention_id, []).append(picture)
    return found


def sweep(session: Session, texts_before: datetime, pictures_before: datetime) -> int:
    """Forget the oldest marks that are older than these moments and return how many; a part of them at a time."""
    removed = 0
    for row, before in ((MentionMarkRow, texts_before), (PictureMarkRow, pictures_before)):
        oldest = select(col(row.mention_id)).order_by(col(row.mention_id)).limit(_SWEPT_AT_ONCE).subquery()
        statement = (
            delete(row)
            .where(col(row.mention_id).in_(select(oldest.c.mention_id)), col(row.at) < before)
            .execution_options(synchronize_session=False)
        )
        removed += session.execute(statement).rowcount  # type: ignore[attr-defined]
    return removed
