"""Reading everything the product kept, and what the citizens got."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from intake109.demo.standin.ledger import Entry
from intake109.demo.standin.world import World
from intake109.store import checks
from intake109.store.database import Database
from intake109.store.tables import (
    AppealRow,
    AttachmentRow,
    AuditRow,
    ConversationRow,
    EventRow,
    ExampleRow,
    LookupRow,
    MentionRow,
    MessageRow,
    NumberRow,
    OutboxRow,
    ReporterRow,
    TaskRow,
)
from tests.crash.desk import to_be_checked

Row = TypeVar("Row", bound=SQLModel)
_SENT_BY = frozenset({"sendMessage", "text", "interactive", "messages", "private_reply", "replies", "mentions"})
"""Acts in the ledger by which a letter of the centre arrives."""
_MOST_LISTED = 10_000


@dataclass(frozen=True, slots=True)
class Kept:
    """All rows that matter, and the ids of the tasks that are shown as registered by the machine and unchecked."""

    events: list[EventRow]
    messages: list[MessageRow]
    mentions: list[MentionRow]
    tasks: list[TaskRow]
    appeals: list[AppealRow]
    reporters: list[ReporterRow]
    outbox: list[OutboxRow]
    attachments: list[AttachmentRow]
    examples: list[ExampleRow]
    conversations: list[ConversationRow]
    numbers: list[NumberRow]
    lookups: list[LookupRow]
    audit: list[AuditRow]
    unchecked: list[int]


@contextlib.contextmanager
def opened(url: str) -> Iterator[Session]:
    """Open the database for one look."""
    database = Database(url)
    try:
        with database.read() as session:
            yield session
    finally:
        database.close()


def read_all(session: Session) -> Kept:
    """Read every row of every table that matters."""

    def every(table: type[Row]) -> list[Row]:
        return list(session.execute(select(table)).scalars())

    return Kept(
        every(EventRow),
        every(MessageRow),
        every(MentionRow),
        every(TaskRow),
        every(AppealRow),
        every(ReporterRow),
        every(OutboxRow),
        every(AttachmentRow),
        every(ExampleRow),
        every(ConversationRow),
        every(NumberRow),
        every(LookupRow),
        every(AuditRow),
        [one.id or 0 for one in checks.unchecked(session, limit=_MOST_LISTED)],
    )


def got(world: World) -> list[Entry]:
    """Return every letter that reached a citizen."""
    return [one for one in world.ground.ledger if one.direction == "to_citizen" and one.act in _SENT_BY]


def count_doubtful(url: str, world: World) -> int:
    """Return how many messages the city got more than are noted as sent."""
    with opened(url) as session:
        if not inspect(session.connection()).has_table("outbox"):
            return len(got(world))
        statement = select(func.count()).select_from(OutboxRow).where(col(OutboxRow.state) == "sent")
        return len(got(world)) - session.execute(statement).scalar_one()


def count_waiting(url: str) -> int:
    """Return how many events the product has stored and not yet carried."""
    with opened(url) as session:
        if not inspect(session.connection()).has_table("events"):
            return 0
        statement = select(func.count()).select_from(EventRow).where(col(EventRow.handled_at).is_(None))
        return session.execute(statement).scalar_one()


def is_settled(url: str, world: World) -> bool:
    """Say whether nothing is on its way any more, on either side."""
    with world.ground.lock:
        if len(world.telegram.queue) or len(world.whatsapp.mailbox) + len(world.instagram.mailbox):
            return False
        if any(one.delivered_at is None for one in world.ground.ledger if one.act == "tag"):
            return False
    first = (
        select(col(EventRow.id)).where(col(EventRow.handled_at).is_(None)),
        select(col(TaskRow.id)).where(col(TaskRow.decided_at).is_(None)),
    )
    waiting = (
        select(col(OutboxRow.id)).where(col(OutboxRow.state) == "owed"),
        select(col(AttachmentRow.id)).where(col(AttachmentRow.state) == "waiting"),
        select(col(LookupRow.id)).where(col(LookupRow.state) == "waiting"),
    )
    with opened(url) as session:
        if any(session.execute(one.limit(1)).first() for one in first) or to_be_checked(session):
            return False  # what these come to may owe letters, which are therefore looked for last
        return not any(session.execute(one.limit(1)).first() for one in waiting)
