"""The people at the desk, what they did, and what changed for the screens that look on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import document, maybe_moment, moment


class UserRow(SQLModel, table=True):
    """A member of the staff. Roles: inspector, supervisor, quality, executor, administrator.

    `telegram_id` is who the person is on Telegram, by which a press in the staff's chat is theirs. `organisation` is
    whom an executor's account works for: it sees nobody else's appeals.
    """

    __tablename__ = "users"
    __table_args__ = (Index("ix_users_telegram_id", "telegram_id", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    name: str
    password_hash: str
    role: str
    language: str = "ru"
    theme: str = "auto"
    is_active: bool = True
    created_at: datetime = moment()
    last_seen_at: datetime | None = maybe_moment()
    telegram_id: str | None = None
    organisation: str = ""


class SessionRow(SQLModel, table=True):
    """A login. Only the hash of the cookie is stored."""

    __tablename__ = "web_sessions"

    token_hash: str = Field(primary_key=True)
    user_id: int = Field(foreign_key="users.id", index=True)
    csrf: str
    created_at: datetime = moment()
    expires_at: datetime = moment()


class AuditRow(SQLModel, table=True):
    """Who did what to which thing. `actor_id` empty: the system."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "subject", "subject_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = moment()
    actor_id: int | None = Field(default=None, foreign_key="users.id")
    action: str
    subject: str
    subject_id: int
    detail: dict[str, Any] = document()


class ChangeRow(SQLModel, table=True):
    """A hint to open screens, read by every web process: something of `topic` changed. Swept after an hour."""

    __tablename__ = "changes"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = moment()
    topic: str
    subject_id: int = 0
