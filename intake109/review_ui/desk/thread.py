"""The conversation with a citizen: what was said, in its earlier wordings too, and what became of our letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.store import mentions, outbox
from intake109.store.tables import MentionRow, MessageRow, OutboxRow


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier wording and until when it stood."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One message. `state` of ours: owed, sent, delivered, read, failed, unknown, by_hand."""

    text: str
    at: datetime
    is_ours: bool
    is_this: bool = False
    purpose: str = ""
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    versions: list[Version] = field(default_factory=list)
    state: str = ""
    reason: str = ""


def lines(session: Session, mention: MentionRow) -> list[Line]:
    """Return the conversation around a mention, oldest first; a mention of one plain message is not repeated in it."""
    return threads(session, [mention])[mention.id or 0]


def threads(session: Session, about: Sequence[MentionRow]) -> dict[int, list[Line]]:
    """Return the conversations around mentions by the mention's id; as many queries for eighty as for one."""
    talks = {one.conversation_id for one in about}
    said, told = mentions.threads_of(session, talks), outbox.of_conversations(session, talks)
    return {
        one.id or 0: _around(one, said.get(one.conversation_id, []), told.get(one.conversation_id, [])) for one in about
    }


def _around(mention: MentionRow, messages: list[MessageRow], letters: list[OutboxRow]) -> list[Line]:
    said = [_said(row, mention) for row in messages if not row.is_ours]
    told = [_told(row, mention) for row in letters]
    this = [line for line in said if line.is_this]
    if len(this) == 1 and not this[0].versions and this[0].deleted_at is None:
        said.remove(this[0])  # it stands in large letters above already
    return sorted([*said, *told], key=lambda line: line.at)


def _said(row: MessageRow, mention: MentionRow) -> Line:
    return Line(
        text=row.text,
        at=row.at,
        is_ours=False,
        is_this=row.mention_id == mention.id,
        purpose=row.role,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
        versions=[Version(one["text"], datetime.fromisoformat(one["at"])) for one in row.versions],
    )


def _told(row: OutboxRow, mention: MentionRow) -> Line:
    state = row.delivery if row.state == "sent" and row.delivery else row.state
    return Line(
        text=row.text,
        at=row.settled_at or row.not_before,
        is_ours=True,
        is_this=row.mention_id == mention.id,
        purpose=row.purpose,
        state=state,
        reason=row.last_error if row.state != "sent" else "",
    )
