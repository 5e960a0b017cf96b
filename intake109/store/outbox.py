"""What is owed to the outside: leased, settled, never sent by two."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.model import Channel
from intake109.store import leasing
from intake109.store.tables import OutboxRow

_TO_STAFF = "alert"


def lease(session: Session, channel: Channel, now: datetime, length: timedelta, purpose: str = "") -> OutboxRow | None:
    """Take a channel's oldest message that is due and return it with the attempt counted; None if nothing is due.

    Alerts of the staff go first: in a storm danger must not stand behind a hundred acknowledgements.
    With `purpose` only messages of that kind are looked at. A lease that ran out (its worker died) is taken again:
    silence is worse than a double.
    """
    due = (
        col(OutboxRow.state) == "owed",
        col(OutboxRow.channel) == channel.value,
        col(OutboxRow.not_before) <= now,
        *((col(OutboxRow.purpose) == purpose,) if purpose else ()),
    )
    order = (col(OutboxRow.purpose) != _TO_STAFF, col(OutboxRow.not_before), col(OutboxRow.id))
    return leasing.take(session, OutboxRow, due, order, now, length)


def next_due_at(session: Session, channel: Channel, purpose: str = "") -> datetime | None:
    """Return when a channel's next message (of a purpose, if one is given) becomes due, None if it owes nothing."""
    moment: datetime | None = session.execute(
        select(func.min(col(OutboxRow.not_before))).where(
            col(OutboxRow.state) == "owed",
            col(OutboxRow.channel) == channel.value,
            *((col(OutboxRow.purpose) == purpose,) if purpose else ()),
        )
    ).scalar()
    return moment


def settle(session: Session, row_id: int, attempt: int, now: datetime, state: str, **values: str) -> bool:
    """Note what became of an attempt; False if another attempt has begun since or the message was cancelled."""
    statement = (
        update(OutboxRow)
        .where(col(OutboxRow.id) == row_id, col(OutboxRow.attempts) == attempt, col(OutboxRow.state) == "owed")
        .values(state=state, settled_at=now, lease_until=None, **values)
        .returning(col(OutboxRow.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).first() is not None


def put_off(session: Session, row_id: int, attempt: int, until: datetime, error: str) -> None:
    """Try again later."""
    session.execute(
        update(OutboxRow)
        .where(col(OutboxRow.id) == row_id, col(OutboxRow.attempts) == attempt, col(OutboxRow.state) == "owed")
        .values(not_before=until, lease_until=None, last_error=error)
        .execution_options(synchronize_session=False)
    )


def cancel_of_task(session: Session, task_id: int, but_purpose: str, now: datetime) -> bool:
    """Cancel what a task still owes but for one purpose; False if something has left already or is on its way.

    The rows are locked before they are looked at: a worker that leases one meanwhile is waited for and then seen.
    """
    statement = (
        select(OutboxRow)
        .where(
            col(OutboxRow.task_id) == task_id,
            col(OutboxRow.purpose) != but_purpose,
            col(OutboxRow.state) != "cancelled",
        )
        .order_by(col(OutboxRow.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return _cancel(session.execute(statement).scalars().all(), now)


def _cancel(live: Sequence[OutboxRow], now: datetime) -> bool:
    if any(row.state != "owed" or row.attempts for row in live):
        return False
    for row in live:
        row.state, row.settled_at = "cancelled", now
    return True


def cancel_unsent(session: Session, mention_id: int, appeal_id: int, purpose: str, now: datetime) -> list[int]:
    """Cancel what a citizen is owed about an appeal and nobody has tried to send; return what it was."""
    statement = (
        update(OutboxRow)
        .where(
            col(OutboxRow.appeal_id) == appeal_id,
            col(OutboxRow.mention_id) == mention_id,
            col(OutboxRow.purpose) == purpose,
            col(OutboxRow.state) == "owed",
            col(OutboxRow.attempts) == 0,
        )
        .values(state="cancelled", settled_at=now)
        .returning(col(OutboxRow.id))
        .execution_options(synchronize_session=False)
    )
    return [found for found in session.execute(statement).scalars() if found is not None]


def take_back(session: Session, row_ids: Sequence[int], now: datetime) -> bool:
    """Cancel messages that nobody has tried to send; False, and none is, if one has left or is on its way."""
    statement = (
        select(OutboxRow)
        .where(col(OutboxRow.id).in_(row_ids), col(OutboxRow.state) != "cancelled")
        .order_by(col(OutboxRow.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return _cancel(session.execute(statement).scalars().all(), now)


def owe_again(session: Session, row_ids: Sequence[int]) -> None:
    """Owe messages again that had been cancelled."""
    session.execute(
        update(OutboxRow)
        .where(col(OutboxRow.id).in_(row_ids), col(OutboxRow.state) == "cancelled")
        .values(state="owed", settled_at=None)
        .execution_options(synchronize_session=False)
    )


def cancel_of_alert(session: Session, alert_id: int, now: datetime) -> None:
    """Cancel what an alert still owes and nobody has tried to send: it is over."""
    session.execute(
        update(OutboxRow)
        .where(
            col(OutboxRow.state) == "owed",
            col(OutboxRow.idempotency_key).like(f"alert:{alert_id}:%"),
            col(OutboxRow.lease_until).is_(None),
        )
        .values(state="cancelled", settled_at=now)
        .execution_options(synchronize_session=False)
    )


def of_keys(session: Session, keys: Sequence[str]) -> list[OutboxRow]:
    """Return the messages of these keys, oldest first, locked until the transaction ends."""
    statement = (
        select(OutboxRow)
        .where(col(OutboxRow.idempotency_key).in_(keys))
        .order_by(col(OutboxRow.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.execute(statement).scalars())


def is_owed(session: Session, key: str) -> bool:
    """Say whether a message of this key was ever owed, sent or not."""
    return session.execute(select(col(OutboxRow.id)).where(col(OutboxRow.idempotency_key) == key)).first() is not None


def count_by_state(session: Session) -> dict[str, int]:
    """Return how many messages are in each state."""
    statement = select(col(OutboxRow.state), func.count()).group_by(col(OutboxRow.state))
    return {row[0]: row[1] for row in session.execute(statement)}


def by_external_id(session: Session, channel: str, external_id: str) -> OutboxRow | None:
    """Return the message the platform knows by this id."""
    statement = select(OutboxRow).where(col(OutboxRow.channel) == channel, col(OutboxRow.external_id) == external_id)
    return session.execute(statement.limit(1)).scalar()


def of_task(session: Session, task_id: int) -> list[OutboxRow]:
    """Return everything a task owed or sent, oldest first."""
    statement = select(OutboxRow).where(col(OutboxRow.task_id) == task_id).order_by(col(OutboxRow.id))
    return list(session.execute(statement).scalars())


def of_conversations(
    session: Session, conversation_ids: Collection[int], limit: int = 100
) -> dict[int, list[OutboxRow]]:
    """Return the newest messages owed or sent to each citizen, oldest first; those cancelled are left out."""
    newest = func.row_number().over(partition_by=col(OutboxRow.conversation_id), order_by=col(OutboxRow.id).desc())
    ranked = (
        select(col(OutboxRow.id).label("id"), newest.label("nth"))
        .where(col(OutboxRow.conversation_id).in_(conversation_ids), col(OutboxRow.state) != "cancelled")
        .subquery()
    )
    statement = (
        select(OutboxRow)
        .join(ranked, ranked.c.id == col(OutboxRow.id))
        .where(ranked.c.nth <= limit)
        .order_by(col(OutboxRow.id))
    )
    found: dict[int, list[OutboxRow]] = {}
    for row in session.execute(statement).scalars():
        if row.conversation_id is not None:
            found.setdefault(row.conversation_id, []).append(row)
    return found


def task_ids(session: Session, row_ids: Sequence[int]) -> list[int]:
    """Return the tasks that messages belong to."""
    statement = select(col(OutboxRow.task_id)).where(
        col(OutboxRow.id).in_(row_ids), col(OutboxRow.task_id).is_not(None)
    )
    return [found for found in session.execute(statement).scalars() if found is not None]
