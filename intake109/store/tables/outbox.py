"""What is owed to the outside, written in the transaction that decided it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import document, long_text, maybe_moment, moment

_OWED = sql("state = 'owed'")


class OutboxRow(SQLModel, table=True):
    """One message owed. States: owed → sent, failed, unknown, cancelled, or by_hand (a person does it).

    An attempt is counted when the row is leased, so that a crash while sending is counted too.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_owed", "not_before", "id", sqlite_where=_OWED, postgresql_where=_OWED),
        Index("ix_outbox_external", "channel", "external_id"),
        Index("ix_outbox_task", "task_id"),
        Index("ix_outbox_state", "state", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    idempotency_key: str = Field(unique=True)
    purpose: str
    channel: str
    conversation_id: int | None = Field(default=None, foreign_key="conversations.id", index=True)
    mention_id: int | None = Field(default=None, foreign_key="mentions.id")
    task_id: int | None = Field(default=None, foreign_key="tasks.id")
    appeal_id: int | None = Field(default=None, foreign_key="appeals.id")
    address: str = long_text()
    text: str = long_text()
    language: str
    is_public: bool = False
    details: dict[str, Any] = document()
    state: str = "owed"
    not_before: datetime = moment()
    lease_until: datetime | None = maybe_moment()
    attempts: int = 0
    last_error: str = long_text()
    external_id: str = ""
    delivery: str = ""
    created_at: datetime = moment()
    settled_at: datetime | None = maybe_moment()


class EarlyStatusRow(SQLModel, table=True):
    """A delivery status that came before its message was settled; taken when it is, swept after a day."""

    __tablename__ = "early_statuses"
    __table_args__ = (Index("ix_early_statuses_message", "channel", "external_id"),)

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    external_id: str
    state: str
    code: str = ""
    reason: str = long_text()
    at: datetime = moment()
    kept_at: datetime = moment()
