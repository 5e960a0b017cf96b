"""The ledger of blind minutes: when which way in could not be read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.rows import insert_new, insert_one
from intake109.store.tables import BlindSpellRow

# Built once: it is asked for every mention.
_HIDING = (
    select(col(BlindSpellRow.id))
    .where(
        col(BlindSpellRow.channel) == bindparam("channel"),
        col(BlindSpellRow.began_at) <= bindparam("mentioned_at"),
        col(BlindSpellRow.ended_at) > bindparam("mentioned_at"),
        col(BlindSpellRow.ended_at) <= bindparam("received_at"),
    )
    .order_by(col(BlindSpellRow.began_at))
    .limit(1)
)


def begin(session: Session, name: str, channel: str, began_at: datetime, reason: str) -> bool:
    """Open a spell; False if one is going on under this name already: it keeps its beginning and its reason."""
    values = {"name": name, "channel": channel, "began_at": began_at, "ended_at": None, "reason": reason}
    return insert_new(session, BlindSpellRow, [values]) > 0


def end(session: Session, name: str, now: datetime) -> bool:
    """Close the spell that goes on under this name; False if there is none."""
    statement = (
        update(BlindSpellRow)
        .where(col(BlindSpellRow.name) == name, col(BlindSpellRow.ended_at).is_(None))
        .values(ended_at=now)
        .returning(col(BlindSpellRow.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).first() is not None


def note(session: Session, name: str, channel: str, began_at: datetime, ended_at: datetime, reason: str) -> None:
    """Write down a spell that was noticed only when it was over."""
    values = {"name": name, "channel": channel, "began_at": began_at, "ended_at": ended_at, "reason": reason}
    insert_one(session, BlindSpellRow, values)


def going_on(session: Session) -> list[BlindSpellRow]:
    """Return the spells that nobody knows the end of yet, by name."""
    statement = select(BlindSpellRow).where(col(BlindSpellRow.ended_at).is_(None)).order_by(col(BlindSpellRow.name))
    return list(session.execute(statement).scalars())


def last_end(session: Session, names: Collection[str]) -> datetime | None:
    """Return when the last spell under one of these names ended, None if none has."""
    statement = (
        select(col(BlindSpellRow.ended_at))
        .where(col(BlindSpellRow.name).in_(names), col(BlindSpellRow.ended_at).is_not(None))
        .order_by(col(BlindSpellRow.ended_at).desc())
        .limit(1)
    )
    return session.execute(statement).scalar()


def since(session: Session, moment: datetime) -> list[BlindSpellRow]:
    """Return the spells that reach beyond a moment, oldest first."""
    statement = (
        select(BlindSpellRow)
        .where(or_(col(BlindSpellRow.ended_at).is_(None), col(BlindSpellRow.ended_at) > moment))
        .order_by(col(BlindSpellRow.began_at), col(BlindSpellRow.id))
    )
    return list(session.execute(statement).scalars())


def hiding(session: Session, channel: str, mentioned_at: datetime, received_at: datetime) -> int | None:
    """Return the id of the spell of a channel in which something was said that reached us only after it.

    The spell's beginning belongs to it (we had seen everything until then), its end does not. Of several the longest
    standing is named.
    """
    asked = {"channel": channel, "mentioned_at": mentioned_at, "received_at": received_at}
    return session.execute(_HIDING, asked).scalar()


def by_ids(session: Session, ids: Collection[int]) -> dict[int, BlindSpellRow]:
    """Return spells by their ids."""
    if not ids:
        return {}
    found = session.execute(select(BlindSpellRow).where(col(BlindSpellRow.id).in_(ids))).scalars()
    return {row.id: row for row in found if row.id is not None}
