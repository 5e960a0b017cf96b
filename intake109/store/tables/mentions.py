"""What citizens said, and to whom we answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import document, long_text, maybe_moment, moment

_FORWARDED = sql("origin <> ''")


class ConversationRow(SQLModel, table=True):
    """All mentions and messages with one citizen in one thread of a channel."""

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("channel", "author_id", "thread"),)

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    author_id: str
    thread: str
    name: str = ""
    username: str = ""
    phone: str = ""
    language: str = ""
    language_is_chosen: bool = False
    reply_to: str = long_text()
    is_public: bool = False
    can_be_written_to: bool = True
    created_at: datetime = moment()
    last_incoming_at: datetime = moment()


class MentionRow(SQLModel, table=True):
    """What one citizen said. `text` is the join of its messages as they read now; `parent` is what it stands under.

    `original_id` points at the mention this one repeats, certainly or only likely, `original_why` says by what
    (dedup/originals.py); `verdict` is the classifier's latest word.
    """

    __tablename__ = "mentions"
    __table_args__ = (
        UniqueConstraint("channel", "key"),
        Index("ix_mentions_text_hash", "text_hash", "mentioned_at"),
        Index("ix_mentions_conversation", "conversation_id", "mentioned_at"),
        Index("ix_mentions_album", "channel", "album"),
        Index("ix_mentions_parent", "channel", "parent_key"),
        Index("ix_mentions_origin", "channel", "origin", sqlite_where=_FORWARDED, postgresql_where=_FORWARDED),
    )

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="events.id")
    conversation_id: int = Field(foreign_key="conversations.id")
    channel: str
    key: str
    text: str = long_text()
    text_hash: str = ""
    parent: dict[str, Any] = document()
    parent_key: str = ""
    permalink: str = long_text()
    album: str = ""
    origin: str = ""
    latitude: float | None = None
    longitude: float | None = None
    point_name: str = ""
    reply_to: str = long_text()
    is_public: bool = False
    mentioned_at: datetime = moment()
    received_at: datetime = moment()
    edited_at: datetime | None = maybe_moment()
    deleted_at: datetime | None = maybe_moment()
    original_id: int | None = Field(default=None, foreign_key="mentions.id", index=True)
    original_why: str = ""
    kind: str = "appeal"
    language: str = ""
    verdict: dict[str, Any] = document()


class MessageRow(SQLModel, table=True):
    """One message of a conversation, in either direction. Earlier wordings stay in `versions`."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("channel", "key"),
        Index("ix_messages_conversation", "conversation_id", "at"),
        Index("ix_messages_mention", "mention_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversations.id")
    mention_id: int | None = Field(default=None, foreign_key="mentions.id")
    channel: str
    key: str
    is_ours: bool = False
    role: str
    text: str = long_text()
    at: datetime = moment()
    edited_at: datetime | None = maybe_moment()
    deleted_at: datetime | None = maybe_moment()
    versions: list[dict[str, Any]] = document(list)


class AttachmentRow(SQLModel, table=True):
    """A file of a mention: waiting, stored (then `sha256` finds it), or failed with the reason."""

    __tablename__ = "attachments"
    __table_args__ = (
        UniqueConstraint("mention_id", "reference_hash"),
        Index("ix_attachments_state", "state", "next_attempt_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    mention_id: int = Field(foreign_key="mentions.id")
    message_key: str = ""
    is_parents: bool = False
    channel: str
    kind: str
    reference: str = long_text()
    reference_hash: str
    mime: str = ""
    file_name: str = ""
    size_bytes: int | None = None
    expected_sha256: str = ""
    state: str = "waiting"
    reason: str = long_text()
    sha256: str = Field(default="", index=True)
    width: int | None = None
    height: int | None = None
    has_thumbnail: bool = False
    attempts: int = 0
    next_attempt_at: datetime = moment()
    lease_until: datetime | None = maybe_moment()
