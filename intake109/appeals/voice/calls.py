"""Calling citizens who do not answer, or cannot be written to. Each attempt is logged; the last one closes the call."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from intake109.appeals.news import Setting
from intake109.clock import city_day
from intake109.errors import ConflictError, NotFoundError
from intake109.store import appeals, asked, audit
from intake109.store import calls as store
from intake109.store.tables import AppealRow, CallAttemptRow, CallRow, ReporterRow

_MORNING = time(10)
"""When somebody whom nobody reached is to be called on the next day."""


class Why(StrEnum):
    """Why somebody must be called."""

    SILENT = "silent"
    UNREACHABLE = "unreachable"


class Result(StrEnum):
    """How a call ended. `REOPENED`: somebody else of the case said no, there is nothing to ask any more."""

    SOLVED = "solved"
    UNSOLVED = "unsolved"
    UNREACHED = "unreached"
    REOPENED = "reopened"


class Outcome(StrEnum):
    """What came of one attempt."""

    TALKED = "talked"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    REFUSED = "refused"


def open_call(session: Session, reporter: ReporterRow, appeal: AppealRow, why: Why, now: datetime) -> CallRow | None:
    """Have somebody called, one call a talk and round; None if there is one. The appeal is locked by the caller."""
    assert appeal.id is not None
    assert reporter.id is not None
    if reporter.conversation_id in store.talks_called(session, appeal.id, appeal.round):
        return None
    row = CallRow(
        appeal_id=appeal.id, reporter_id=reporter.id, round=appeal.round, why=why.value, opened_at=now, due_at=now
    )
    session.add(row)
    session.flush()
    audit.note(session, now, None, "to be called", "appeal", appeal.id, why=why.value, reporter=reporter.id)
    return row


def log_attempt(
    session: Session, call_id: int, outcome: Outcome, note: str, user_id: int, setting: Setting, now: datetime
) -> CallRow:
    """Log one attempt. Talks close the call by what was said (`satisfaction.hear` comes next); the last in vain, too.

    Raises:
        NotFoundError: there is no such call.
        ConflictError: somebody closed it a moment ago.
    """
    appeal_id = store.appeal_of(session, call_id)
    if appeal_id is None:
        raise NotFoundError(f"there is no call {call_id}")
    appeal = appeals.lock_live(session, appeal_id)
    row = session.get_one(CallRow, call_id, populate_existing=True)
    if row.closed_at is not None:
        raise ConflictError("this call was closed a moment ago; look again")
    session.add(CallAttemptRow(call_id=call_id, at=now, by_user=user_id, outcome=outcome.value, note=note.strip()))
    session.flush()
    audit.note(session, now, user_id, "called", "appeal", appeal.id or 0, outcome=outcome.value, call=call_id)
    if outcome is Outcome.TALKED:
        return row
    days = {city_day(one.at, setting.zone) for one in store.attempts(session, [call_id]).get(call_id, [])}
    if len(days) >= setting.voice.call_attempts:
        row.closed_at, row.closed_by, row.result = now, user_id, Result.UNREACHED.value
    else:
        row.due_at = _next_day(now, setting)
    session.flush()
    return row


def close_of_talk(
    session: Session, appeal: AppealRow, conversation_id: int, result: Result, user_id: int | None, now: datetime
) -> None:
    """Close what is open to be called of one talk: the citizen has spoken."""
    for row, talk in store.open_of_round(session, appeal.id or 0, appeal.round):
        if talk == conversation_id:
            row.closed_at, row.closed_by, row.result = now, user_id, result.value


def close_of_round(session: Session, appeal: AppealRow, now: datetime) -> None:
    """Close all that is open to be called in this round: it is over."""
    for row, _ in store.open_of_round(session, appeal.id or 0, appeal.round):
        row.closed_at, row.result = now, Result.REOPENED.value


def close_moot(session: Session, now: datetime) -> int:
    """Close the calls of cases that are no longer under question, and return how many."""
    return store.close_moot(session, Result.REOPENED.value, now)


def unreached(session: Session, appeal: AppealRow) -> set[int]:
    """Return the talks of a case that nobody could reach in this round."""
    return store.talks_with(session, appeal.id or 0, appeal.round, Result.UNREACHED.value)


def keep(session: Session, appeal: AppealRow, setting: Setting, now: datetime) -> int:
    """Have everybody called whose question did not arrive, or who was silent too long; return how many.

    The case is locked by the caller. A question that did not arrive is no longer shown as undelivered: the call is
    there in its place.
    """
    if appeal.status != "answered":
        return 0
    waiting = [
        one for one in appeals.reporters(session, appeal.id or 0) if asked.is_asked(one, appeal) and not one.said
    ]
    lost = asked.questions(session, waiting, appeal)
    opened = 0
    for one in waiting:
        letter = lost.get(one.id or 0)
        is_silent = one.asked_at is not None and now - one.asked_at >= setting.voice.silence
        if letter is None and not is_silent:
            continue
        if letter is not None:
            letter.state, letter.settled_at = "cancelled", now
        why = Why.UNREACHABLE if letter is not None else Why.SILENT
        opened += open_call(session, one, appeal, why, now) is not None
    return opened


def _next_day(now: datetime, setting: Setting) -> datetime:
    local = now.astimezone(setting.zone)
    day = local.date() + timedelta(days=1)
    return datetime.combine(day, _MORNING, setting.zone).astimezone(now.tzinfo)
