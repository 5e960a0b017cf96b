"""Somebody looks whether a danger is over, on the camera or on the spot. Still there, it goes back, loudly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.alerts.raising import EVERYBODY, Kind, raise_alert
from intake109.appeals import course, reopening
from intake109.appeals.course import Status
from intake109.appeals.news import News, Setting
from intake109.appeals.voice import satisfaction
from intake109.appeals.work.answers import Judgement
from intake109.appeals.work.sightings import How
from intake109.errors import ConflictError, RefusedError
from intake109.store import answers, appeals, asked, audit, changes, sightings, tasks
from intake109.store.tables import AppealRow, SightingRow


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody saw. `sha256` is a picture in the content-addressed store, empty for none."""

    how: How
    is_safe: bool
    note: str = ""
    sha256: str = ""


def see(session: Session, appeal_id: int, seen: Seen, user_id: int, setting: Setting, now: datetime) -> SightingRow:
    """Write down whether a danger is over; over, the case may close; still there, it goes back to its executor.

    Raises:
        RefusedError: it is no incident, or danger is said to be over with neither a picture nor a word.
        ConflictError: the appeal was annulled.
    """
    appeal = appeals.lock_live(session, appeal_id)
    assert appeal.id is not None
    if not appeal.is_incident:
        raise RefusedError("appeal", f"the appeal {appeal.number} is no incident")
    if appeal.status == Status.ANNULLED:
        raise ConflictError(f"the number {appeal.number} was annulled; look again")
    if seen.is_safe and not seen.sha256 and not seen.note.strip():
        raise RefusedError("seen", "add a picture, or write what you saw and where from")
    if not seen.is_safe and appeal.status in (Status.ANSWERED, Status.CLOSED):
        _send_back(session, appeal, user_id, setting, now)
    row = SightingRow(
        appeal_id=appeal.id,
        round=appeal.round,
        at=now,
        by_user=user_id,
        how=seen.how,
        is_safe=seen.is_safe,
        note=seen.note.strip(),
        sha256=seen.sha256,
    )
    sightings.add(session, row)
    audit.note(
        session, now, user_id, "seen safe" if seen.is_safe else "seen dangerous", "appeal", appeal.id, how=seen.how
    )
    if seen.is_safe:
        satisfaction.settle(session, appeal, now)
    else:
        _alert(session, appeal, row, now)
    changes.tell(session, changes.Topic.APPEAL, appeal.id, now)
    return row


def _send_back(session: Session, appeal: AppealRow, user_id: int, setting: Setting, now: datetime) -> None:
    """Let the executor have it again; in a new round where citizens were asked, for they are to be asked anew."""
    for row in answers.unjudged_of(session, appeal.id or 0):
        row.judgement, row.judged_at, row.judged_by = Judgement.FORMAL.value, now, user_id
    reporters = appeals.reporters(session, appeal.id or 0)
    if reporters and (appeal.closed_at is not None or any(asked.is_asked(one, appeal) for one in reporters)):
        reopening.reopen(session, appeal, reporters[0].mention_id, user_id, setting, now)
        return
    appeal.executed_at = None
    course.move(session, appeal, Status.FORWARDED, user_id, now, "still_dangerous")
    session.flush()
    key = f"appeal:{appeal.id}:dangerous:{len(sightings.of_appeal(session, appeal.id or 0))}"
    News(key, setting, now).renew(session, appeal, "renewed_dangerous")


def _alert(session: Session, appeal: AppealRow, row: SightingRow, now: datetime) -> None:
    for mention_id in appeals.mention_ids(session, appeal.id or 0)[:1]:
        task = tasks.of_mention(session, mention_id)
        if task is not None and task.id is not None:
            raise_alert(session, Kind.STILL_DANGEROUS, task.id, EVERYBODY, now, about=f"sighting:{row.id}")
