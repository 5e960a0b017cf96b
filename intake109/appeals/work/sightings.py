"""Whether somebody of ours has seen that a danger is over; without that an incident is not closed."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Session

from intake109.store import sightings
from intake109.store.tables import AppealRow


class How(StrEnum):
    """How somebody saw it."""

    CAMERA = "camera"
    SPOT = "spot"


def is_seen_safe(session: Session, appeal: AppealRow) -> bool:
    """Say whether the danger was over when it was last looked at in this round; never looked at is not safe."""
    last = sightings.last_of(session, [appeal.id or 0]).get(appeal.id or 0)
    return last is not None and last.round == appeal.round and last.is_safe
