"""What happened to appeals after their number."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.reports.counting import total, within
from intake109.reports.figures import Course
from intake109.reports.period import Period
from intake109.store.ageing import RUNNING
from intake109.store.tables import AnswerRow, AppealRow, RoundRow, StepRow


def done_at() -> ColumnElement[datetime]:
    """When the work was believed done; where nobody said so, when the appeal was closed."""
    return func.coalesce(col(AppealRow.executed_at), col(AppealRow.closed_at))


def was_open(at: datetime) -> ColumnElement[bool]:
    """Say whether an appeal was open at a moment. One reopened since counts as open all the time: it was not solved."""
    closed, annulled = col(AppealRow.closed_at), col(AppealRow.annulled_at)
    return (
        (col(AppealRow.registered_at) < at)
        & or_(closed.is_(None), closed >= at)
        & or_(annulled.is_(None), annulled >= at)
        & col(AppealRow.merged_into).is_(None)
    )


def is_red(at: datetime) -> ColumnElement[bool]:
    """Say whether an open appeal was past its deadline, as appeals/terms/ageing.py has it: exactly at it is past."""
    return was_open(at) & col(AppealRow.status).in_(RUNNING) & (col(AppealRow.deadline_at) <= at)


def is_yellow(at: datetime) -> ColumnElement[bool]:
    """Say whether the deadline of an open appeal was near, or the day past that the executor itself promised."""
    is_near = (col(AppealRow.warn_at) <= at) | (col(AppealRow.promised_at) < at)
    is_running = was_open(at) & col(AppealRow.status).in_(RUNNING)
    return is_running & (col(AppealRow.deadline_at) > at) & is_near


def course(session: Session, period: Period, now: datetime) -> Course:
    """Return what happened in the period, and how things stood at its end (or now, if that is sooner)."""
    at = min(period.ends_at, now)
    steps = _steps(session, period)
    return Course(
        **_appeals(session, period),
        **_standing(session, at),
        answered=steps.get("answered", 0),
        returned=steps.get("returned", 0),
        reopened=_reopened(session, period),
        formal=_formal(session, period),
    )


def _appeals(session: Session, period: Period) -> dict[str, int]:
    appeal = AppealRow
    closed = within(col(appeal.closed_at), period) & col(appeal.annulled_at).is_(None)
    is_late = (done_at() > col(appeal.deadline_at)) & (col(appeal.closed_as) != "answered")
    columns = {
        "registered": total(within(col(appeal.registered_at), period)),
        "annulled": total(within(col(appeal.annulled_at), period)),
        "closed": total(closed),
        "satisfied": total(closed & (col(appeal.closed_as) == "satisfied")),
        "answered_at_once": total(closed & (col(appeal.closed_as) == "answered")),
        "unreached": total(closed & (col(appeal.closed_as) == "unreached")),
        "unheard": total(closed & (col(appeal.closed_as) == "unheard")),
        "closed_late": total(closed & is_late),
        "closed_late_ever": total((col(appeal.closed_at) < period.ends_at) & is_late),
    }
    row = session.execute(select(*columns.values())).one()
    return {name: int(value) for name, value in zip(columns, row, strict=True)}


def _standing(session: Session, at: datetime) -> dict[str, int]:
    appeal = AppealRow
    status = col(appeal.status)
    columns = {
        "open": func.count(),
        "yellow": total(is_yellow(at)),
        "red": total(is_red(at)),
        "waiting": total(status == "waiting"),
        "long_term": total(status == "long_term"),
        "incidents": total(col(appeal.is_incident).is_(True)),
    }
    row = session.execute(select(*columns.values()).where(was_open(at))).one()
    return {name: int(value) for name, value in zip(columns, row, strict=True)}


def _steps(session: Session, period: Period) -> dict[str, int]:
    """Count how often a status was reached in the period."""
    after = col(StepRow.after)
    statement = select(after, func.count()).where(within(col(StepRow.at), period)).group_by(after)
    return {row[0]: row[1] for row in session.execute(statement)}


def _reopened(session: Session, period: Period) -> int:
    statement = select(func.count()).select_from(RoundRow)
    is_opened = within(col(RoundRow.opened_at), period) & col(RoundRow.undone_at).is_(None)
    return session.execute(statement.where(is_opened)).scalar_one()


def _formal(session: Session, period: Period) -> int:
    statement = select(func.count()).select_from(AnswerRow)
    is_formal = within(col(AnswerRow.judged_at), period) & (col(AnswerRow.judgement) == "formal")
    return session.execute(statement.where(is_formal)).scalar_one()
