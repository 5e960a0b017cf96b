"""What platforms tell of our messages after they took them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake109.model import Channel, DeliveryState, DeliveryStatus
from intake109.store import changes, outbox, statuses
from intake109.store.database import take_turns
from intake109.store.tables import OutboxRow

_ORDER = ["", DeliveryState.SENT.value, DeliveryState.DELIVERED.value, DeliveryState.READ.value]


def note(session: Session, channel: Channel, status: DeliveryStatus, now: datetime) -> None:
    """Note a delivery status. They come in any order and never go back; a failure becomes a person's work.

    One that comes before its message is settled is kept for `catch_up`: a failure would otherwise never be seen.
    """
    _turn(session, channel, status.external_id)
    row = outbox.by_external_id(session, channel.value, status.external_id)
    if row is None:
        statuses.keep(session, channel, status, now)
        return
    _apply(session, row, status, now)


def catch_up(session: Session, row: OutboxRow, now: datetime) -> None:
    """Note what was told of a message before we knew its id; called once it is settled."""
    channel = Channel(row.channel)
    for status in statuses.take(session, channel, row.external_id):
        _apply(session, row, status, now)


def prepare(session: Session, row: OutboxRow, external_id: str) -> None:
    """Let no status of this message pass unseen between now and the end of the transaction that settles it."""
    _turn(session, Channel(row.channel), external_id)


def _turn(session: Session, channel: Channel, external_id: str) -> None:
    take_turns(session, f"status:{channel.value}:{external_id}")


def _apply(session: Session, row: OutboxRow, status: DeliveryStatus, now: datetime) -> None:
    assert row.id is not None
    if status.state is DeliveryState.FAILED:
        row.delivery = status.state.value
        row.state = "by_hand"
        row.last_error = f"{status.code} {status.reason}".strip()
    elif row.delivery in _ORDER and _ORDER.index(status.state.value) > _ORDER.index(row.delivery):
        row.delivery = status.state.value
    changes.tell(session, changes.Topic.OUTBOX, row.id, now)
