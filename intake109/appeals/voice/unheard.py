"""Cases of private organisations whose citizens nobody reached: called again, or closed by a supervisor, with a reason.

Nobody stands over a private organisation, so such a case is never closed by itself; nor may it lie where nobody looks.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake109.appeals import course
from intake109.appeals.course import Status
from intake109.appeals.voice.calls import Result
from intake109.appeals.work import sightings
from intake109.errors import ConflictError, RefusedError
from intake109.store import appeals, audit, calls, changes, private
from intake109.store.tables import AppealRow

UNHEARD = "unheard"
"""How an appeal is closed about which no citizen could be heard, by the word of a supervisor."""


def call_again(session: Session, appeal_id: int, user_id: int, now: datetime) -> AppealRow:
    """Have everybody called again whom nobody reached, at once; what was tried stays. One more try in vain ends it.

    Raises:
        ConflictError: the case is none of these (any more).
    """
    appeal = _take(session, appeal_id)
    for row in calls.of_round(session, appeal.id or 0, appeal.round):
        if row.result != Result.UNREACHED:
            continue
        row.closed_at, row.closed_by, row.result, row.due_at = None, None, "", now
    audit.note(session, now, user_id, "to be called again", "appeal", appeal_id)
    changes.tell(session, changes.Topic.APPEAL, appeal_id, now)
    return appeal


def close(session: Session, appeal_id: int, why: str, user_id: int, now: datetime) -> AppealRow:
    """Close a case without its citizens' word. A no opens it again, as any other.

    Raises:
        RefusedError: no reason is given, or nobody has seen that the danger is over.
        ConflictError: the case is none of these (any more).
    """
    if not why.strip():
        raise RefusedError("why", "write why it is closed without the citizen's word")
    appeal = _take(session, appeal_id)
    if appeal.is_incident and not sightings.is_seen_safe(session, appeal):
        raise RefusedError("seen", "somebody must see first that the danger is over")
    appeal.closed_at, appeal.closed_as, appeal.closed_why = now, UNHEARD, why.strip()
    course.move(session, appeal, Status.CLOSED, user_id, now, UNHEARD)
    audit.note(session, now, user_id, "closed", "appeal", appeal_id, why=UNHEARD)
    changes.tell(session, changes.Topic.APPEAL, appeal_id, now)
    return appeal


def _take(session: Session, appeal_id: int) -> AppealRow:
    appeal = appeals.lock_live(session, appeal_id)
    if not private.is_unheard(session, appeal.id or 0):
        raise ConflictError(f"the citizens of {appeal.number} can still be heard; look again")
    return appeal
