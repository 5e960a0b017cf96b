"""What executors write back to our letters, as it came: by mail or in their Telegram chat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import document, long_text, maybe_moment, moment


class ReplyRow(SQLModel, table=True):
    """One letter or message that came back. States: waiting (its files are being fetched) → settled or open.

    What is open or failed (its files could not be fetched) waits for a person: `why` is the code of what keeps it from
    being an answer by itself (appeals/work/replies.py). `answer_id` is the answer it became. `files` holds name, mime
    and sha256, and while waiting the platform's reference; `left_out` names what was not kept. `key` (a Message-ID, a
    message of Telegram's) makes one that comes twice one.
    """

    __tablename__ = "executor_replies"
    __table_args__ = (Index("ix_executor_replies_state", "state", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    via: str
    at: datetime = moment()
    sender: str = ""
    subject: str = long_text()
    text: str = long_text()
    organisation: str = ""
    appeal_id: int | None = Field(default=None, foreign_key="appeals.id", index=True)
    answer_id: int | None = Field(default=None, foreign_key="answers.id")
    files: list[dict[str, Any]] = document(list)
    left_out: list[str] = document(list)
    why: str = ""
    state: str = "waiting"
    reason: str = long_text()
    attempts: int = 0
    next_attempt_at: datetime = moment()
    lease_until: datetime | None = maybe_moment()
    settled_at: datetime | None = maybe_moment()
    settled_by: int | None = Field(default=None, foreign_key="users.id")
