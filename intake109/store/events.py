"""Raw deliveries: stored first, taken once, quarantined rather than lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.model import Channel, Event
from intake109.store.rows import insert_new
from intake109.store.tables import CursorRow, EventRow
from intake109.store.types import storable

MOST_ATTEMPTS = 5
"""After so many failures an event waits for a person."""

# Built once: every event is taken, and building the statement takes longer than running it.
_OF_THESE = select(col(EventRow.id)).where(
    col(EventRow.id).in_(bindparam("event_ids", expanding=True)), col(EventRow.handled_at).is_(None)
)
_TAKE = (
    update(EventRow)
    # In one order, or two workers with the same events could wait for each other.
    .where(col(EventRow.id).in_(_OF_THESE.order_by(col(EventRow.id)).with_for_update()))
    .values(handled_at=bindparam("now"))
    .returning(EventRow)
    .execution_options(synchronize_session=False, populate_existing=True)
)


def save_batch(
    session: Session,
    events: Sequence[Event],
    now: datetime,
    *,
    cursor_name: str = "",
    cursor: str | None = None,
    previous_poll_at: datetime | None = None,
) -> int:
    """Store events and the cursor that confirms them, and return how many were new. Repeats are no-ops."""
    values = [
        {
            "channel": event.channel.value,
            "key": event.key,
            "version": event.version,
            "source": event.source,
            "payload": storable(event.payload),
            "received_at": now,
            "previous_poll_at": previous_poll_at,
            "error": "",
            "attempts": 0,
        }
        for event in events
    ]
    stored = insert_new(session, EventRow, values)
    if cursor is not None:
        save_cursor(session, cursor_name, cursor, now)
    return stored


def save_cursor(session: Session, name: str, value: str, now: datetime) -> None:
    """Remember how far a poller has read."""
    session.merge(CursorRow(name=name, value=value, updated_at=now))


def cursor(session: Session, name: str) -> str | None:
    """Return how far a poller has read, None before its first batch."""
    row = session.get(CursorRow, name)
    return row.value if row else None


def waiting(session: Session, now: datetime, limit: int) -> list[int]:
    """Return the ids of events to be handled now, oldest first."""
    statement = (
        select(col(EventRow.id))
        .where(
            col(EventRow.handled_at).is_(None),
            or_(col(EventRow.next_attempt_at).is_(None), col(EventRow.next_attempt_at) <= now),
        )
        .order_by(col(EventRow.id))
        .limit(limit)
    )
    return [event_id for event_id in session.execute(statement).scalars() if event_id is not None]


def take(session: Session, event_ids: Sequence[int], now: datetime) -> dict[int, EventRow]:
    """Mark events handled and return them by their ids; without those that another worker was first at.

    The mark is kept only if the caller's transaction commits, so a crash gives the events back.
    """
    if not event_ids:
        return {}
    found = session.execute(_TAKE, {"event_ids": list(event_ids), "now": now}).scalars()
    return {row.id: row for row in found if row.id is not None}


def still_waiting(session: Session, event_ids: Sequence[int]) -> list[EventRow]:
    """Return those of the events that nobody has handled, oldest first."""
    statement = (
        select(EventRow)
        .where(col(EventRow.id).in_(event_ids), col(EventRow.handled_at).is_(None))
        .order_by(col(EventRow.id))
    )
    return list(session.execute(statement).scalars())


def put_off(session: Session, event_id: int, error: str, now: datetime) -> bool:
    """Count a failure and try later with growing pauses; True when it was the last and the event is quarantined."""
    row = session.get(EventRow, event_id)
    if row is None or row.handled_at is not None:
        return False
    row.attempts += 1
    row.error = storable(error)
    row.next_attempt_at = now + timedelta(seconds=5 * 2**row.attempts)
    if row.attempts < MOST_ATTEMPTS:
        return False
    row.handled_at = row.quarantined_at = now
    return True


def quarantine(row: EventRow, error: str, now: datetime) -> None:
    """Keep an event that cannot be read, in part or whole, for a person to see."""
    row.quarantined_at = now
    row.error = storable(error)


def quarantined(
    session: Session, limit: int, offset: int = 0, *, channel: str = "", before_id: int | None = None
) -> list[EventRow]:
    """Return the newest quarantined events; `before_id` is the last one seen."""
    statement = select(EventRow).where(col(EventRow.quarantined_at).is_not(None))
    if channel:
        statement = statement.where(col(EventRow.channel) == channel)
    if before_id is not None:
        statement = statement.where(col(EventRow.id) < before_id)
    return list(session.execute(statement.order_by(col(EventRow.id).desc()).offset(offset).limit(limit)).scalars())


def quarantined_by_channel(session: Session) -> dict[str, int]:
    """Return how many events of each channel are quarantined; channels without any are left out."""
    statement = (
        select(col(EventRow.channel), func.count())
        .where(col(EventRow.quarantined_at).is_not(None))
        .group_by(col(EventRow.channel))
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def count_quarantined(session: Session) -> int:
    """Return how many events wait for a person or a better parser."""
    statement = select(func.count()).select_from(EventRow).where(col(EventRow.quarantined_at).is_not(None))
    return session.execute(statement).scalar_one()


def give_back(session: Session, *, event_id: int | None = None, channel: Channel | None = None) -> int:
    """Return quarantined events to the pipeline (one, a channel's, or all) and say how many."""
    statement = update(EventRow).where(col(EventRow.quarantined_at).is_not(None))
    if event_id is not None:
        statement = statement.where(col(EventRow.id) == event_id)
    if channel is not None:
        statement = statement.where(col(EventRow.channel) == channel.value)
    statement = statement.values(handled_at=None, quarantined_at=None, error="", attempts=0, next_attempt_at=None)
    return len(session.execute(statement.returning(col(EventRow.id))).all())
