"""The staff and their logins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import SessionRow, UserRow

ROLES = ("inspector", "supervisor", "quality", "executor", "administrator")


def by_login(session: Session, login: str) -> UserRow | None:
    return session.execute(select(UserRow).where(col(UserRow.login) == login.strip().lower())).scalar()


def all_of(session: Session) -> list[UserRow]:
    """Return everybody, active or not, by name."""
    return list(session.execute(select(UserRow).order_by(col(UserRow.name))).scalars())


def names(session: Session) -> dict[int, str]:
    """Return the names of the staff by id."""
    rows = session.execute(select(col(UserRow.id), col(UserRow.name)))
    return {row[0]: row[1] for row in rows if row[0] is not None}


def count(session: Session) -> int:
    return session.execute(select(func.count()).select_from(UserRow)).scalar_one()


def login_session(session: Session, token_hash: str, now: datetime) -> tuple[SessionRow, UserRow] | None:
    """Return a live login and its user; None if it is unknown, expired, or the user was switched off."""
    row = session.get(SessionRow, token_hash)
    if row is None or row.expires_at <= now:
        return None
    user = session.get(UserRow, row.user_id)
    return (row, user) if user is not None and user.is_active else None


def is_logged_in(session: Session, user_id: int, now: datetime) -> bool:
    """Say whether somebody has a live login anywhere."""
    statement = select(col(SessionRow.user_id)).where(
        col(SessionRow.user_id) == user_id, col(SessionRow.expires_at) > now
    )
    return session.execute(statement.limit(1)).first() is not None


def log_out(session: Session, token_hash: str) -> None:
    session.execute(delete(SessionRow).where(col(SessionRow.token_hash) == token_hash))


def log_out_everywhere(session: Session, user_id: int) -> None:
    session.execute(delete(SessionRow).where(col(SessionRow.user_id) == user_id))


def sweep_sessions(session: Session, now: datetime) -> None:
    """Forget expired logins."""
    session.execute(delete(SessionRow).where(col(SessionRow.expires_at) <= now))


def by_telegram(session: Session, telegram_id: str) -> UserRow | None:
    """Return the active member of the staff who is this person on Telegram."""
    statement = select(UserRow).where(col(UserRow.telegram_id) == telegram_id, col(UserRow.is_active))
    return session.execute(statement).scalar()


def seen(session: Session, user_id: int, now: datetime) -> None:
    """Note that somebody is at work."""
    session.execute(update(UserRow).where(col(UserRow.id) == user_id).values(last_seen_at=now))


def prefer(session: Session, user_id: int, **choice: str) -> None:
    """Remember a choice of `language` or `theme`."""
    session.execute(update(UserRow).where(col(UserRow.id) == user_id).values(**choice))
