"""The order of the queue, decided when a task joins it: the list, claim-next and the button in the chat follow it.

Danger first, then what many tell of (`rank`). Of one rank the smaller `turn` is sooner: who is due soonest, as long as
the desk keeps up. Once somebody has waited in vain until all inspectors were alerted, working on in that order would
serve everybody at the last minute; so whoever writes from then on goes before those who wait, the newest first, and
what the machine may place by itself goes behind the others. Who is passed over the machine registers, as promised.

Fixed at arrival, so that no line changes its place while somebody reads. See docs/adr/0015-the-order-in-a-storm.md.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake109.config import Promise
from intake109.model import Verdict
from intake109.store import backlog
from intake109.store.once import once

CERTAIN = 0.8
"""From here on the machine's service was right three times in four, its sphere nine in ten (docs/promise.md)."""
_BEHIND_THE_OTHERS = 10**12


def in_order(due_at: datetime) -> int:
    """Return the turn of who is served by when the machine would step in: milliseconds, never negative."""
    return int(due_at.timestamp() * 1000)


def out_of_order(received_at: datetime, *, is_certain: bool) -> int:
    """Return the turn of who writes while the desk is behind: negative, so before all in order; the newest first.

    What is certain comes after everything that is not, and still before those in order.
    """
    turn = -int(received_at.timestamp() * 1000)
    return turn + _BEHIND_THE_OTHERS if is_certain else turn


def turn_of(
    session: Session, due_at: datetime, received_at: datetime, verdict: Verdict, promise: Promise, now: datetime
) -> int:
    """Return the turn of a task that joins the queue now; danger is always in order, for it is never left waiting."""
    if verdict.incident.flag or not is_behind(session, promise, now):
        return in_order(due_at)
    best = verdict.services[0].probability if verdict.services else 0.0
    return out_of_order(received_at, is_certain=best >= CERTAIN)


def is_behind(session: Session, promise: Promise, now: datetime) -> bool:
    """Say whether somebody waits, free for everybody, since the moment at which all inspectors are alerted.

    Counted from when it reached us: what comes late, after an outage, is no backlog of the desk's.
    """
    patience = timedelta(minutes=promise.ladder.ordinary.alert)
    since, promised_by = now - patience, now + promise.promise - patience
    return once(session, ("backlog", since, promised_by), lambda: backlog.has_waited(session, since, promised_by, now))
