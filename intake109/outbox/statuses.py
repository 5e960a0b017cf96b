"""What platforms tell of our messages after they took them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake109.model import Channel, DeliveryState, DeliveryStatus
from intake109.store import changes, outbox

_ORDER = ["", DeliveryState.SENT.value, DeliveryState.DELIVERED.value, DeliveryState.READ.value]


def note(session: Session, channel: Channel, status: DeliveryStatus, now: datetime) -> None:
    """Note a delivery status. They come in any order and never go back; a failure becomes a person's work."""
    row = outbox.by_external_id(session, channel.value, status.external_id)
    if row is None or row.id is None:
        return
    if status.state is DeliveryState.FAILED:
        row.delivery = status.state.value
        row.state = "by_hand"
        row.last_error = f"{status.code} {status.reason}".strip()
    elif row.delivery in _ORDER and _ORDER.index(status.state.value) > _ORDER.index(row.delivery):
        row.delivery = status.state.value
    changes.tell(session, changes.Topic.OUTBOX, row.id, now)
