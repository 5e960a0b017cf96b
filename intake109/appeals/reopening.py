"""An appeal is taken up again: the problem has come back or was never solved, and with it the case and its history.

The total clock goes on from the registration; the new round has a term of its own by the appeal's norm.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake109.appeals import course
from intake109.appeals.course import Status
from intake109.appeals.news import News, Setting
from intake109.appeals.terms.deadlines import term
from intake109.errors import ConflictError
from intake109.store import appeals, asked, audit, merges, outbox, steps
from intake109.store.tables import AppealRow, RoundRow


def reopen(
    session: Session, appeal: AppealRow, mention_id: int, user_id: int | None, setting: Setting, now: datetime
) -> RoundRow:
    """Take a closed or answered appeal, locked by the caller, up again for a mention, and tell its executor.

    Who had reported it before and was satisfied is not asked or written to again; the citizen of the mention becomes
    a reporter by what the caller does next.

    What belongs to the round that is over goes with it: the day of the work, the citizens' word, questions unsent.

    Raises:
        ConflictError: it is in work (again), was annulled, or lies in another one.
    """
    if appeal.status not in (Status.CLOSED, Status.ANSWERED) or appeal.annulled_at is not None:
        raise ConflictError(f"the appeal {appeal.number} is not closed; attach to it instead")
    assert appeal.id is not None
    row = RoundRow(
        appeal_id=appeal.id,
        round=appeal.round + 1,
        mention_id=mention_id,
        opened_at=now,
        opened_by=user_id,
        closed_at=appeal.executed_at or appeal.closed_at or now,
        deadline_at=appeal.deadline_at,
        deadline_why=appeal.deadline_why,
        calendar=appeal.calendar,
        status=appeal.status,
    )
    session.add(row)
    session.flush()
    asked.take_back(session, appeals.reporters(session, appeal.id), appeal, now)
    appeal.round, appeal.closed_at, appeal.closed_as, appeal.closed_why = row.round, None, "", ""
    appeal.executed_at = appeal.promised_at = appeal.satisfied_at = None
    course.move(session, appeal, Status.FORWARDED, user_id, now, "reopened")
    term(appeal.norm, now, setting.terms).give(appeal)
    if appeal.own_deadline_at is not None:
        appeal.own_deadline_at = appeal.deadline_at
    audit.note(session, now, user_id, "reopened", "appeal", appeal.id, round=row.round)
    audit.note(session, now, user_id, "forwarded", "appeal", appeal.id, executor=appeal.executor)
    News(f"round:{row.id}", setting, now).renew(session, appeal, "renewed_reopened")
    return row


def take_back(session: Session, appeal: AppealRow, mention_id: int, user_id: int, now: datetime) -> bool:
    """Close an appeal again as it was, if this mention was what it was taken up for; False if it was not.

    Raises:
        ConflictError: its executor has heard of it already.
    """
    row = merges.last_round(session, appeal.id or 0)
    if row is None or row.mention_id != mention_id or row.round != appeal.round or appeal.closed_at is not None:
        return False
    told = [one.id for one in outbox.of_keys(session, [f"round:{row.id}:executor"]) if one.id is not None]
    if not outbox.take_back(session, told, now):
        raise ConflictError("the executor has heard of it already; close the appeal instead")
    row.undone_at = now
    appeal.round, before = row.round - 1, appeal.status
    appeal.status = row.status
    _end_again(session, appeal, row)
    course.write(session, appeal, before, user_id, now, "undone")
    if appeal.warn_at is not None:
        appeal.warn_at += row.deadline_at - appeal.deadline_at
    appeal.deadline_at, appeal.deadline_why, appeal.calendar = row.deadline_at, row.deadline_why, row.calendar
    if appeal.own_deadline_at is not None:
        appeal.own_deadline_at = row.deadline_at
    audit.note(session, now, user_id, "reopening undone", "appeal", row.appeal_id, round=row.round)
    return True


def _end_again(session: Session, appeal: AppealRow, row: RoundRow) -> None:
    """Give an appeal back how its round had ended, and the citizens the question they had not read."""
    reporters = appeals.reporters(session, row.appeal_id)
    asked.put_again(session, reporters, appeal)
    made = [one for one in steps.of_appeal(session, row.appeal_id) if one.round == appeal.round]
    if any(one.after == Status.ANSWERED for one in made):
        appeal.executed_at = row.closed_at
    if row.status != Status.CLOSED:
        return
    closed = next((one for one in reversed(made) if one.after == Status.CLOSED and one.why != "undone"), None)
    appeal.closed_at = closed.at if closed is not None else row.closed_at
    if closed is not None and not closed.before:
        appeal.closed_as = "answered"  # by the centre itself, when it was registered
    elif closed is not None:
        appeal.closed_as = closed.why
        said = [one.said_at for one in reporters if one.said == "yes" and one.said_at is not None]
        appeal.satisfied_at = max(said, default=appeal.closed_at) if closed.why == "satisfied" else None
