"""Who works on what. A claim is a lease: renewed by input, free again after idle minutes, never held by two."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake109.alerts.raising import hush, sound_again
from intake109.config import Promise, SameProblem
from intake109.queue.arrival import RANK_ORDINARY
from intake109.store import changes, giving, tasks, together

_TURN = timedelta(minutes=5)
"""How often at most a broken promise goes before danger."""
_RENEWED_EVERY = timedelta(seconds=20)
_STORM_FROM = SameProblem().storm_from


def claim(session: Session, task_id: int, user_id: int, promise: Promise, now: datetime) -> bool:
    """Take a task or renew one's own lease; False if it is decided or somebody else holds it.

    Who takes it has heard what is alerted of it, and everybody else may be silent about it.
    """
    lease_until = now + timedelta(seconds=promise.lease_idle_seconds)
    is_mine = _is_held_by(session, task_id, user_id, now)
    if not tasks.claim(session, task_id, user_id, now, lease_until):
        return False
    if not is_mine:
        hush(session, task_id, user_id, now)
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
    storm_from: int = _STORM_FROM,
) -> int | None:
    """Take the most urgent free task of those an inspector looks at and return its id; None if nothing waits.

    What a supervisor put before this person comes first. While danger never ends, or the newest go first
    (queue/order.py), one task whose promise is broken has its turn every few minutes: nothing waits for ever.
    """
    given = giving.given_to(session, user_id, now)
    if given and given[0].id is not None and claim(session, given[0].id, user_id, promise, now):
        return given[0].id
    chosen = {"channel": channel, "language": language, "sphere": sphere}
    # A storm is one line, and one inspector's: with filters its messages are lines of their own, as on the page.
    lines = None if any(chosen.values()) else together.folded(together.storms(session, storm_from))
    task_id = tasks.next_free(session, now, **chosen, only=lines)
    task = tasks.by_id(session, task_id) if task_id is not None else None
    if task is not None and (task.rank < RANK_ORDINARY or task.turn < 0):
        broken = giving.longest_broken(session, now, **chosen)
        if broken is not None and giving.take_turn(session, "broken promise", now, _TURN):
            task_id = broken
    if task_id is None or not claim(session, task_id, user_id, promise, now):
        return None
    return task_id


def renew(session: Session, task_id: int, user_id: int, promise: Promise, now: datetime) -> None:
    """Renew one's own lease, for something was typed. Nothing is taken from anybody, and screens hear of it rarely."""
    task = tasks.by_id(session, task_id)
    if task is None or task.claimed_by != user_id or task.lease_until is None:
        return
    idle = timedelta(seconds=promise.lease_idle_seconds)
    if now + idle - task.lease_until >= min(_RENEWED_EVERY, idle / 4):
        claim(session, task_id, user_id, promise, now)


def release(session: Session, task_id: int, user_id: int, now: datetime) -> None:
    """Give a task back; a task not held by this user is left alone. Danger nobody has decided sounds again."""
    if tasks.release(session, task_id, user_id, now):
        sound_again(session, task_id, now)
        changes.tell(session, changes.Topic.CLAIM, task_id, now)


def _is_held_by(session: Session, task_id: int, user_id: int, now: datetime) -> bool:
    task = tasks.by_id(session, task_id)
    is_held = task is not None and task.lease_until is not None and task.lease_until > now
    return is_held and task is not None and task.claimed_by == user_id and task.given_by is None
