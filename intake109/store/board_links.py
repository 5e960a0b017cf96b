"""Links that open the board without an account: made, recognised by the hash of their key, revoked."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import BoardLinkRow

_SEEN_EVERY = timedelta(minutes=1)


def by_token(session: Session, token_hash: str) -> BoardLinkRow | None:
    """Return the link of a key; None if there is none, or it was revoked."""
    is_live = col(BoardLinkRow.revoked_at).is_(None)
    return session.execute(
        select(BoardLinkRow).where(col(BoardLinkRow.token_hash) == token_hash, is_live)
    ).scalar_one_or_none()


def all_of(session: Session) -> list[BoardLinkRow]:
    """Return all links, those that open something first, then the newest."""
    order = (col(BoardLinkRow.revoked_at).is_not(None), col(BoardLinkRow.id).desc())
    return list(session.execute(select(BoardLinkRow).order_by(*order)).scalars())


def revoke(session: Session, link_id: int, now: datetime) -> bool:
    """Let a link open nothing any more; False if it was revoked already or there is none."""
    statement = (
        update(BoardLinkRow)
        .where(col(BoardLinkRow.id) == link_id, col(BoardLinkRow.revoked_at).is_(None))
        .values(revoked_at=now)
        .returning(col(BoardLinkRow.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).first() is not None


def is_seen_due(row: BoardLinkRow, now: datetime) -> bool:
    """Say whether it is time to note that a screen looks; not at every look, for each is a write."""
    return row.seen_at is None or now - row.seen_at >= _SEEN_EVERY


def seen(session: Session, link_id: int, now: datetime) -> None:
    """Note that the screen of a link has looked."""
    before = or_(col(BoardLinkRow.seen_at).is_(None), col(BoardLinkRow.seen_at) < now)
    session.execute(
        update(BoardLinkRow)
        .where(col(BoardLinkRow.id) == link_id, before)
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )
