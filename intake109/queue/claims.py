"""Who works on what. A claim is a lease: renewed by input, free again after idle minutes, never held by two."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake109.config import Promise
from intake109.store import changes, tasks


def claim(session: Session, task_id: int, user_id: int, promise: Promise, now: datetime) -> bool:
    """Take a task or renew one's own lease; False if it is decided or somebody else holds it."""
    lease_until = now + timedelta(seconds=promise.lease_idle_seconds)
    if not tasks.claim(session, task_id, user_id, now, lease_until):
        return False
    changes.tell(session, changes.Topic.CLAIM, task_id, now)
    return True


def claim_next(
    session: Session,
    user_id: int,
    promise: Promise,
    now: datetime,
    *,
    channel: str = "",
    language: str = "",
    sphere: str = "",
) -> int | None:
    """Take the most urgent free task of those an inspector looks at and return its id; None if nothing waits."""
    task_id = tasks.next_free(session, now, channel=channel, language=language, sphere=sphere)
    if task_id is None or not claim(session, task_id, user_id, promise, now):
        return None
    return task_id


def release(session: Session, task_id: int, user_id: int, now: datetime) -> None:
    """Give a task back; a task not held by this user is left alone."""
    if tasks.release(session, task_id, user_id):
        changes.tell(session, changes.Topic.CLAIM, task_id, now)
