"""Changing what a member of the staff may do. Never leaves the house without an administrator."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.errors import NotFoundError, RefusedError
from intake109.store import audit, people
from intake109.store.tables import UserRow

_NAME_LIMIT = 100


def member(session: Session, user_id: int) -> UserRow:
    """Return a member of the staff.

    Raises:
        NotFoundError: there is none with this id.
    """
    row = session.get(UserRow, user_id)
    if row is None:
        raise NotFoundError(f"there is no account {user_id}")
    return row


def change(session: Session, user_id: int, name: str, role: str, now: datetime, *, by: int) -> None:
    """Change name and role. A new role ends the logins: what stays open on a screen must not outlive the right to it.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: the role is unknown, the name empty, or the last administrator would be gone.
    """
    row = member(session, user_id)
    if role not in people.ROLES:
        raise RefusedError("role", f"unknown role; write one of {', '.join(people.ROLES)}")
    if not name.strip() or len(name) > _NAME_LIMIT:
        raise RefusedError("name", f"a name has 1 to {_NAME_LIMIT} characters")
    if role != row.role:
        _keep_one_administrator(session, row, by)
        people.log_out_everywhere(session, user_id)
        audit.note(session, now, by, "role changed", "user", user_id, before=row.role, after=role)
    if name.strip() != row.name:
        audit.note(session, now, by, "renamed", "user", user_id)
    row.name, row.role = name.strip(), role


def link_telegram(session: Session, user_id: int, telegram_id: str, now: datetime, *, by: int | None) -> None:
    """Say who somebody is on Telegram, by the number the bot tells; empty: nobody any more.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: it is no number, or it stands on another account.
    """
    row = member(session, user_id)
    wanted = telegram_id.strip()
    if wanted and not (wanted.isascii() and wanted.isdecimal()):
        raise RefusedError("telegram_id", "a Telegram id is a number; the bot tells it to who presses its button")
    holder = session.execute(select(UserRow).where(col(UserRow.telegram_id) == wanted)).scalar() if wanted else None
    if holder is not None and holder.id != user_id:
        raise RefusedError("telegram_id", f"this Telegram belongs to {holder.login} already")
    if (row.telegram_id or "") != wanted:
        audit.note(session, now, by, "telegram linked" if wanted else "telegram unlinked", "user", user_id)
    row.telegram_id = wanted or None


def switch(session: Session, user_id: int, is_active: bool, now: datetime, *, by: int) -> None:
    """Close or open somebody's access; closing ends every login. Accounts are never deleted: the audit names them.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: it is one's own, or the last administrator's.
    """
    row = member(session, user_id)
    if row.is_active == is_active:
        return
    if not is_active:
        _keep_one_administrator(session, row, by)
        people.log_out_everywhere(session, user_id)
    row.is_active = is_active
    audit.note(session, now, by, "switched on" if is_active else "switched off", "user", user_id)


def end_logins(session: Session, user_id: int, now: datetime, *, by: int) -> None:
    """End every login of somebody (a lost phone, a forgotten computer).

    Raises:
        NotFoundError: there is no such account.
    """
    member(session, user_id)
    people.log_out_everywhere(session, user_id)
    audit.note(session, now, by, "logins ended", "user", user_id)


def _keep_one_administrator(session: Session, row: UserRow, by: int) -> None:
    if row.id == by:
        raise RefusedError("self", "ask another administrator to change your own access")
    others = [
        one for one in people.all_of(session) if one.role == "administrator" and one.is_active and one.id != row.id
    ]
    if row.role == "administrator" and row.is_active and not others:
        raise RefusedError("self", "this is the last administrator; name another one first")
