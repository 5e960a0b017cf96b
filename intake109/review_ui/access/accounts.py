"""The staff's accounts: added and changed by the administrator's page and by the command line alike."""

from __future__ import annotations

from datetime import datetime

from pwdlib import PasswordHash
from sqlalchemy.orm import Session

from intake109.errors import NotFoundError, RefusedError
from intake109.store import audit, people
from intake109.store.tables import UserRow

LEAST_PASSWORD = 8
MOST_PASSWORD = 200


def add_account(
    session: Session,
    passwords: PasswordHash,
    login: str,
    name: str,
    role: str,
    password: str,
    now: datetime,
    *,
    by: int | None = None,
) -> UserRow:
    """Add an account and return it.

    Raises:
        RefusedError: the login is taken or empty, the role unknown, or the password too short.
    """
    login = login.strip().lower()
    if not login or len(login) > 60 or any(letter.isspace() for letter in login):
        raise RefusedError("login", "a login is one word of at most 60 characters")
    if role not in people.ROLES:
        raise RefusedError("role", f"unknown role; write one of {', '.join(people.ROLES)}")
    if people.by_login(session, login) is not None:
        raise RefusedError("login", f"there is an account {login} already")
    _check(password)
    row = UserRow(
        login=login, name=name.strip() or login, password_hash=passwords.hash(password), role=role, created_at=now
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    audit.note(session, now, by, "added", "user", row.id, role=role)
    return row


def change_password(
    session: Session, passwords: PasswordHash, login: str, password: str, now: datetime, *, by: int | None = None
) -> None:
    """Set a new password and end the account's logins.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: the password is too short.
    """
    row = people.by_login(session, login)
    if row is None or row.id is None:
        raise NotFoundError(f"there is no account {login}")
    _check(password)
    row.password_hash = passwords.hash(password)
    people.log_out_everywhere(session, row.id)
    audit.note(session, now, by, "password changed", "user", row.id)


def _check(password: str) -> None:
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise RefusedError("password", f"a password has {LEAST_PASSWORD} to {MOST_PASSWORD} characters")
