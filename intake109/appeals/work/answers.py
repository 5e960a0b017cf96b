"""What the executor says of its work, however it came, and what a person makes of it.

Work that nobody doubts is put to the citizens at once; what is doubted waits for the quality inspector
(appeals/work/judging.py). The caller's transaction; whoever comes second with the same answer changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from intake109.appeals import course
from intake109.appeals.course import Status
from intake109.appeals.news import Setting
from intake109.appeals.voice import satisfaction
from intake109.appeals.work import formal, shelving
from intake109.clock import city_day
from intake109.errors import ConflictError, RefusedError
from intake109.store import answers, appeals, audit, changes
from intake109.store.tables import AnswerFileRow, AnswerRow, AppealRow

_COMPARED = timedelta(days=90)
"""How far back an executor's answers are compared with a new one."""
_ASIDE = frozenset({Status.WAITING, Status.LONG_TERM})
_TO_FORWARD = frozenset({Status.REGISTERED, Status.RETURNED})


class Via(StrEnum):
    """How an answer reached us."""

    DESK = "desk"
    PAGE = "page"
    LINK = "link"
    EMAIL = "email"
    TELEGRAM = "telegram"
    REGISTRY = "registry"


class Judgement(StrEnum):
    """What became of an answer."""

    ACCEPTED = "accepted"
    FORMAL = "formal"
    PROMISED = "promised"
    """It names a day ahead and no work: the executor is at it."""
    RETURNED = "returned"
    """The executor says that it is none of its work, and why."""
    REPLACED = "replaced"
    """Another answer came before anybody judged it."""
    NOTED = "noted"
    """It came when nothing was waited for: read, and nothing follows."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file in the content-addressed store that came with an answer."""

    sha256: str
    mime: str
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it came. Days are those of the city; `external_key` makes one that comes twice one answer."""

    text: str
    acted_on: date | None = None
    promised_on: date | None = None
    files: tuple[Enclosed, ...] = ()
    via: str = Via.DESK
    by_user: int | None = None
    external_key: str | None = None


def receive(session: Session, appeal_id: int, said: Said, setting: Setting, now: datetime) -> AnswerRow:
    """Take an executor's answer and return it; one that came before is returned as it stands.

    Work that is done makes the appeal answered. A promise of a day leaves it in work, with that day on it. What comes
    when nothing is waited for is kept and changes nothing.

    Raises:
        RefusedError: it says nothing, work was done tomorrow, or a promise is for a day that is past.
        ConflictError: the case was merged this very moment.
    """
    known = answers.by_external_key(session, said.external_key) if said.external_key else None
    if known is not None:
        return known
    today = city_day(now, setting.zone)
    _refuse(said, today)
    appeal = appeals.lock_live(session, appeal_id)
    known = answers.by_external_key(session, said.external_key) if said.external_key else None
    if known is not None:  # the same delivery came twice at once, and the other one held the appeal
        return known
    reading = _read(session, appeal, said, today, now)
    row = _keep(session, appeal, said, reading, now)
    is_waited_for = _is_waited_for(session, appeal)
    _replace(session, appeal, row, now)
    promise = reading.promised_on
    if not is_waited_for:
        _settle(row, Judgement.NOTED, now)
    elif promise is not None and (not reading.is_done or _is_bare_promise(said)):
        _settle(row, Judgement.PROMISED, now)
        _go_on(session, appeal, Status.IN_WORK, said.by_user, setting, now, "promised")
        appeal.promised_at, appeal.executed_at = _end_of(promise, setting.zone), None
    else:
        _go_on(session, appeal, Status.ANSWERED, said.by_user, setting, now, said.via)
        appeal.executed_at = now
        if promise is not None:
            appeal.promised_at = _end_of(promise, setting.zone)
        if not row.doubts:
            _settle(row, Judgement.ACCEPTED, now)
            satisfaction.ask(session, appeal, setting, now)
    _tell(session, appeal, row, now)
    return row


def take(session: Session, appeal_id: int, by_user: int | None, now: datetime) -> AppealRow:
    """Note that the executor is at it; taking what is taken already changes nothing.

    Raises:
        ConflictError: it is not with the executor (any more).
    """
    appeal = appeals.lock_live(session, appeal_id)
    if appeal.status != Status.IN_WORK:
        if appeal.status != Status.FORWARDED:
            raise ConflictError(f"the appeal {appeal.number} is {appeal.status}, not forwarded; look again")
        course.move(session, appeal, Status.IN_WORK, by_user, now, "taken")
        audit.note(session, now, by_user, "taken", "appeal", appeal.id or 0)
        changes.tell(session, changes.Topic.APPEAL, appeal.id or 0, now)
    return appeal


def give_back(
    session: Session,
    appeal_id: int,
    why: str,
    by_user: int | None,
    now: datetime,
    via: str = Via.PAGE,
    external_key: str | None = None,
) -> AnswerRow:
    """Take an appeal back from an executor whose work it is not; a person finds whose it is. Return its words.

    With an `external_key` one that comes twice is one, as an answer is.

    Raises:
        RefusedError: no reason is given.
        ConflictError: it is not with the executor (any more).
    """
    if not why.strip():
        raise RefusedError("why", "say why it is not yours, and whose it is if you know")
    appeal = appeals.lock_live(session, appeal_id)
    known = answers.by_external_key(session, external_key) if external_key else None
    if known is not None:
        return known
    if appeal.status not in course.WITH_EXECUTOR:
        raise ConflictError(f"the appeal {appeal.number} is {appeal.status}, not with an executor; look again")
    row = AnswerRow(
        appeal_id=appeal.id or 0,
        round=appeal.round,
        at=now,
        via=via,
        by_user=by_user,
        executor=whose(appeal),
        text=why.strip(),
        external_key=external_key,
    )
    _settle(row, Judgement.RETURNED, now)
    answers.add(session, row)
    shelving.leave(appeal)
    appeal.promised_at = None
    course.move(session, appeal, Status.RETURNED, by_user, now, "not_ours")
    _tell(session, appeal, row, now)
    return row


def whose(appeal: AppealRow) -> str:
    """Return who answers for an appeal: the organisation, or the kind of executor where none is known."""
    return appeal.organisation or appeal.executor


def _refuse(said: Said, today: date) -> None:
    if not said.text.strip() and not said.files:
        raise RefusedError("text", "say what was done")
    if said.acted_on is not None and said.acted_on > today:
        raise RefusedError("acted_on", "the day of the work lies ahead; enter it as the promised day")
    if said.promised_on is not None and said.promised_on < today:
        raise RefusedError("promised_on", "the promised day is past")


def _read(session: Session, appeal: AppealRow, said: Said, today: date, now: datetime) -> formal.Reading:
    return formal.read(
        said.text,
        today,
        has_proof=bool(said.files),
        acted_on=said.acted_on,
        promised_on=said.promised_on,
        earlier=answers.earlier_texts(session, whose(appeal), now - _COMPARED),
    )


def _keep(session: Session, appeal: AppealRow, said: Said, reading: formal.Reading, now: datetime) -> AnswerRow:
    row = AnswerRow(
        appeal_id=appeal.id or 0,
        round=appeal.round,
        at=now,
        via=said.via,
        by_user=said.by_user,
        executor=whose(appeal),
        text=said.text.strip(),
        acted_on=said.acted_on.isoformat() if said.acted_on else "",
        promised_on=reading.promised_on.isoformat() if reading.promised_on else "",
        doubts=[doubt.value for doubt in reading.doubts],
        external_key=said.external_key,
    )
    files = [
        AnswerFileRow(answer_id=0, sha256=one.sha256, mime=one.mime, file_name=one.file_name) for one in said.files
    ]
    return answers.add(session, row, files)


def _is_waited_for(session: Session, appeal: AppealRow) -> bool:
    """Say whether an answer changes anything: not once the case is over, nor while its citizens are being asked."""
    if appeal.status in course.OVER:
        return False
    if appeal.status != Status.ANSWERED:
        return True
    return len(answers.unjudged_of(session, appeal.id or 0)) > 1  # this one, and the one that made it answered


def _replace(session: Session, appeal: AppealRow, row: AnswerRow, now: datetime) -> None:
    for before in answers.unjudged_of(session, appeal.id or 0):
        if before.id != row.id:
            _settle(before, Judgement.REPLACED, now)


def _is_bare_promise(said: Said) -> bool:
    return said.promised_on is not None and said.acted_on is None


def _settle(row: AnswerRow, judgement: Judgement, now: datetime) -> None:
    row.judgement, row.judged_at = judgement.value, now


def _go_on(
    session: Session, appeal: AppealRow, after: Status, user_id: int | None, setting: Setting, now: datetime, why: str
) -> None:
    if appeal.status in _ASIDE:
        shelving.end(session, appeal, setting, now)
    if appeal.status in _TO_FORWARD:  # who gave it back has done it after all
        course.move(session, appeal, Status.FORWARDED, user_id, now, why)
    course.move(session, appeal, after, user_id, now, why)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=zone)


def _tell(session: Session, appeal: AppealRow, row: AnswerRow, now: datetime) -> None:
    what = "given back" if row.judgement == Judgement.RETURNED else "answered"
    audit.note(session, now, row.by_user, what, "appeal", appeal.id or 0, answer=row.id, via=row.via)
    changes.tell(session, changes.Topic.APPEAL, appeal.id or 0, now)
