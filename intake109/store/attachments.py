"""Files of mentions: owed to us by the platforms, fetched by a job of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.model import Attachment, Channel
from intake109.store.rows import insert_new
from intake109.store.tables import AttachmentRow


def add(
    session: Session,
    mention_id: int,
    channel: Channel,
    attachments: Sequence[Attachment],
    now: datetime,
    *,
    message_key: str = "",
    is_parents: bool = False,
) -> int:
    """Note files to be fetched and return how many are new; a file already noted for the mention is not repeated."""
    values = [
        {
            "mention_id": mention_id,
            "message_key": message_key,
            "is_parents": is_parents,
            "channel": channel.value,
            "kind": item.kind.value,
            "reference": item.reference,
            "reference_hash": hashlib.sha256(item.reference.encode()).hexdigest()[:32],
            "mime": item.mime,
            "file_name": item.file_name,
            "size_bytes": item.size_bytes,
            "expected_sha256": item.sha256,
            "state": "waiting",
            "reason": "",
            "sha256": "",
            "has_thumbnail": False,
            "attempts": 0,
            "next_attempt_at": now,
        }
        for item in attachments
    ]
    return insert_new(session, AttachmentRow, values)


def of_mention(session: Session, mention_id: int) -> list[AttachmentRow]:
    """Return a mention's files, the citizen's own before the parent's."""
    statement = (
        select(AttachmentRow)
        .where(col(AttachmentRow.mention_id) == mention_id)
        .order_by(col(AttachmentRow.is_parents), col(AttachmentRow.id))
    )
    return list(session.execute(statement).scalars())


def of_mentions(session: Session, mention_ids: Sequence[int]) -> dict[int, list[AttachmentRow]]:
    """Return the files of many mentions in one query."""
    statement = (
        select(AttachmentRow)
        .where(col(AttachmentRow.mention_id).in_(mention_ids))
        .order_by(col(AttachmentRow.is_parents), col(AttachmentRow.id))
    )
    found: dict[int, list[AttachmentRow]] = {}
    for row in session.execute(statement).scalars():
        found.setdefault(row.mention_id, []).append(row)
    return found


def with_hash(session: Session, sha256: str) -> AttachmentRow | None:
    """Return a stored file by its content; of equal ones any, preferring one with a small picture."""
    statement = (
        select(AttachmentRow)
        .where(col(AttachmentRow.sha256) == sha256, col(AttachmentRow.state) == "stored")
        .order_by(col(AttachmentRow.has_thumbnail).desc())
        .limit(1)
    )
    return session.execute(statement).scalar() if sha256 else None
