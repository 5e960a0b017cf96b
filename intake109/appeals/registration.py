"""Giving a number: the appeal, its deadline and its first reporter, or one reporter more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.appeals import course
from intake109.appeals.course import Status
from intake109.appeals.executors.routing import organisation_for
from intake109.appeals.terms.deadlines import Term, Terms, term
from intake109.appeals.voice import satisfaction
from intake109.catalogue.services import Service
from intake109.clock import city_day
from intake109.dedup.whereabouts import Whereabouts, corrected, place_of, whereabouts
from intake109.errors import ConflictError
from intake109.model import Point
from intake109.outbox.letters import Purpose
from intake109.store import appeals, asked, audit, merges, outbox
from intake109.store.rows import insert_new
from intake109.store.tables import AppealRow, MentionRow, ReporterRow

ANSWERED = "answered"
"""How an appeal is closed that the centre answered at once."""


@dataclass(frozen=True, slots=True)
class Case:
    """What an appeal says: the service, where, and what the executor should know."""

    service: Service
    is_incident: bool
    address: str = ""
    place_key: str = ""
    note: str = ""
    is_answered: bool = False
    """It was a question and its answer goes out with the number: closed at once, forwarded to nobody."""
    executor: str = ""
    """Somebody else than does the service; empty: who does it."""

    @property
    def goes_to(self) -> str:
        """Who must fix it."""
        return self.executor or self.service.executor


def number(year: int, sequence: int) -> str:
    """Return the number citizens quote, `2026-000123`."""
    return f"{year}-{sequence:06d}"


def register(
    session: Session, mention: MentionRow, case: Case, language: str, user_id: int | None, terms: Terms, now: datetime
) -> AppealRow:
    """Register an appeal for a mention and return it with its number.

    Raises:
        ConflictError: the mention already has an appeal; one mention never gets two numbers.
    """
    assert mention.id is not None
    _refuse_second(session, mention.id)
    year = city_day(now, terms.zone).year
    sequence = appeals.next_sequence(session, year)
    own = term_of(case, terms, now)
    where = _where(mention, case.place_key)
    row = AppealRow(
        number=number(year, sequence),
        year=year,
        sequence=sequence,
        service=case.service.code,
        sphere=case.service.sphere,
        is_incident=case.is_incident,
        address=case.address,
        place_key=where.place_key,
        street_key=where.street_key,
        area_key=where.area_key,
        cell=where.cell,
        latitude=mention.latitude,
        longitude=mention.longitude,
        note=case.note,
        executor=case.goes_to,
        organisation="" if case.is_answered else organisation_for(session, case.service, where, case.executor),
        registered_at=now,
        registered_by=user_id,
        deadline_at=own.deadline_at,
        status=(Status.CLOSED if case.is_answered else Status.FORWARDED).value,
        closed_at=now if case.is_answered else None,
        closed_as=ANSWERED if case.is_answered else "",
    )
    own.give(row)
    session.add(row)
    session.flush()
    assert row.id is not None
    _add_reporter(session, row.id, mention, language, now)
    _note(session, row, row.id, user_id, now)
    return row


def reroute(session: Session, appeal: AppealRow, case: Case, user_id: int, terms: Terms, now: datetime) -> None:
    """Give an appeal another service, executor and term, which still counts from the beginning of its round."""
    assert appeal.id is not None
    before, executor, organisation = appeal.service, appeal.executor, appeal.organisation
    appeal.service, appeal.sphere, appeal.executor = case.service.code, case.service.sphere, case.goes_to
    appeal.is_incident, appeal.address = case.is_incident, case.address
    where = corrected(case.place_key, Whereabouts(appeal.place_key, appeal.street_key, appeal.area_key, appeal.cell))
    appeal.place_key, appeal.street_key, appeal.area_key = where.place_key, where.street_key, where.area_key
    appeal.organisation = organisation_for(session, case.service, where, case.executor)
    appeal.note = case.note
    last = merges.last_round(session, appeal.id)
    term_of(case, terms, last.opened_at if last is not None else appeal.registered_at).give(appeal)
    audit.note(session, now, user_id, "corrected", "appeal", appeal.id, before=before, service=appeal.service)
    if (appeal.executor, appeal.organisation) != (executor, organisation):
        audit.note(session, now, user_id, "forwarded", "appeal", appeal.id, **_whose(appeal))


def move_on(session: Session, appeal: AppealRow, former: tuple[str, str], user_id: int, now: datetime) -> None:
    """Let an appeal that a check gave to another than `former` (executor, organisation) wait for that one's work.

    Nobody would look at one that stays given back; and that the former had begun says nothing of the next.
    """
    if (appeal.executor, appeal.organisation) == former or appeal.status not in (Status.RETURNED, Status.IN_WORK):
        return
    appeal.promised_at = None
    course.move(session, appeal, Status.FORWARDED, user_id, now, course.CORRECTED)


def _where(mention: MentionRow, place_key: str) -> Whereabouts:
    """Return where the problem is: as the citizen told it, unless the inspector chose another house."""
    point = None
    if mention.latitude is not None and mention.longitude is not None:
        point = Point(mention.latitude, mention.longitude)
    return corrected(place_key, whereabouts(place_of(mention.verdict), point))


def _note(session: Session, row: AppealRow, row_id: int, user_id: int | None, now: datetime) -> None:
    audit.note(session, now, user_id, "registered", "appeal", row_id, service=row.service, number=row.number)
    course.write(session, row, "", user_id, now)
    if row.status == Status.FORWARDED:
        audit.note(session, now, user_id, "forwarded", "appeal", row_id, **_whose(row))


def _whose(row: AppealRow) -> dict[str, str]:
    return {"executor": row.executor} | ({"organisation": row.organisation} if row.organisation else {})


def term_of(case: Case, terms: Terms, now: datetime) -> Term:
    """Return the term of a case: danger gives a day at most; a service that has to be done sooner keeps its own."""
    norms = (case.service.deadline, "24h") if case.is_incident else (case.service.deadline,)
    return min((term(norm, now, terms) for norm in norms), key=lambda one: one.deadline_at)


def attach(
    session: Session, appeal: AppealRow, mention: MentionRow, language: str, user_id: int | None, now: datetime
) -> None:
    """Make the citizen a reporter of an appeal that exists.

    Raises:
        ConflictError: the mention already has an appeal, or this one was annulled or merged into another.
    """
    assert appeal.id is not None
    assert mention.id is not None
    if appeal.annulled_at is not None:
        raise ConflictError(f"the number {appeal.number} was annulled; choose another appeal")
    if appeal.merged_into is not None:
        raise ConflictError(f"the appeal {appeal.number} was merged into another one; look again")
    _refuse_second(session, mention.id)
    _add_reporter(session, appeal.id, mention, language, now)
    audit.note(session, now, user_id, "attached", "appeal", appeal.id, mention=mention.id)


def withdraw(session: Session, appeal: AppealRow, mention_id: int, user_id: int, why: str, now: datetime) -> None:
    """Take a mention off an appeal; an appeal left without reporters is annulled, its number stays used.

    One merged into another is not: its number still leads to the case.
    """
    assert appeal.id is not None
    leaving = [one for one in appeals.reporters(session, appeal.id) if one.mention_id == mention_id]
    asked.take_back(session, leaving, appeals.live(session, appeal), now)
    for reporter in leaving:
        reporter.removed_at = now
        outbox.cancel_unsent(session, mention_id, reporter.appeal_id, Purpose.NEWS.value, now)
    session.flush()
    if appeal.merged_into is not None or appeals.reporters(session, appeal.id):
        audit.note(session, now, user_id, "detached", "appeal", appeal.id, mention=mention_id)
        satisfaction.settle(session, appeal, now)  # the others may all have said yes
        return
    appeal.annulled_at = now
    appeal.annulled_why = why
    course.move(session, appeal, Status.ANNULLED, user_id, now)
    audit.note(session, now, user_id, "annulled", "appeal", appeal.id, why=why)


def _refuse_second(session: Session, mention_id: int) -> None:
    for appeal in appeals.of_mention(session, mention_id):
        raise ConflictError(f"this mention is already registered as {appeal.number}")


def _add_reporter(session: Session, appeal_id: int, mention: MentionRow, language: str, now: datetime) -> None:
    assert mention.id is not None
    values = {
        "appeal_id": appeal_id,
        "mention_id": mention.id,
        "conversation_id": mention.conversation_id,
        "language": language,
        "added_at": now,
    }
    if not insert_new(session, ReporterRow, [values]):
        appeals.restore_reporter(session, appeal_id, mention.id, now)
