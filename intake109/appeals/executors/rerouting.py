"""An appeal gets another service or executor: what was given back as not theirs, or went to the wrong one."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from sqlalchemy.orm import Session

from intake109.appeals import course, merging, registration
from intake109.appeals.course import Status
from intake109.appeals.news import News, Setting
from intake109.appeals.registration import Case
from intake109.appeals.terms import ageing
from intake109.appeals.voice.telling import REROUTED
from intake109.appeals.work import shelving
from intake109.catalogue.services import Service
from intake109.errors import ConflictError, RefusedError
from intake109.outbox import executors
from intake109.store import appeals, audit, changes, steps
from intake109.store.tables import AppealRow


def reroute(
    session: Session, appeal_id: int, service: Service, executor: str, user_id: int, setting: Setting, now: datetime
) -> AppealRow:
    """Give an appeal that is not done to somebody else, and tell both; its term begins where it did.

    Args:
        executor: another kind of executor than does the service; empty: who does it.

    Raises:
        RefusedError: it would go to who has just given it back.
        ConflictError: it is done, or over.
    """
    appeal = appeals.lock_live(session, appeal_id)
    if appeal.status in course.OVER or appeal.status == Status.ANSWERED:
        raise ConflictError(f"the appeal {appeal.number} is {appeal.status}; reopen it first")
    former, was = (appeal.executor, appeal.organisation), Status(appeal.status)
    if appeal.status in (Status.WAITING, Status.LONG_TERM):
        shelving.end(session, appeal, setting, now)
    is_incident = appeal.is_incident if appeal.own_is_incident is None else appeal.own_is_incident
    case = Case(service, is_incident, appeal.address, appeal.place_key, appeal.note, executor=executor)
    registration.reroute(session, appeal, case, user_id, setting.terms, now)
    is_others = (appeal.executor, appeal.organisation) != former
    if was is Status.RETURNED and not is_others:
        raise RefusedError("same_executor", "this goes to who has given it back; choose another service or executor")
    appeal.promised_at = None
    why = REROUTED if is_others else course.CORRECTED
    course.move(session, appeal, Status.FORWARDED, user_id, now, why)
    if was is Status.FORWARDED:  # a step for the citizens' news, though the status is what it was
        course.write(session, appeal, was, user_id, now, why)
    _keep_terms(session, appeal, setting)
    audit.note(session, now, user_id, "rerouted", "appeal", appeal.id or 0, service=appeal.service)
    _tell(session, appeal, former, setting, now)
    changes.tell(session, changes.Topic.APPEAL, appeal.id or 0, now)
    return appeal


def _keep_terms(session: Session, appeal: AppealRow, setting: Setting) -> None:
    """Add what it waited for its citizen in this round; a case is due with the earliest of what lies in it."""
    appeal.own_deadline_at = None
    made = [one for one in steps.of_appeal(session, appeal.id or 0) if one.round == appeal.round]
    for asked, after in pairwise(made):
        if asked.after == Status.WAITING and after.why != "undone":
            ageing.prolong(appeal, asked.at, setting.terms, after.at)
    if appeal.own_is_incident is not None:
        merging.recount(session, appeal)


def _tell(session: Session, appeal: AppealRow, former: tuple[str, str], setting: Setting, now: datetime) -> None:
    if former[1] or appeal.organisation:
        executors.hand_over(session, appeal, former[1], setting, now)
    elif appeal.executor != former[0]:  # no organisations are entered: a person tells them, from the page /outbox
        session.flush()
        key = f"appeal:{appeal.id}:act:{len(audit.of(session, 'appeal', appeal.id or 0))}"
        News(key, setting, now).renew(session, appeal, "renewed_rerouted")
