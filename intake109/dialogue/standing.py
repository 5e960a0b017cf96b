"""How an appeal stands, as its citizen reads it: what is happening, until when, and what is waited for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from intake109.appeals.course import Status
from intake109.appeals.executors.naming import executor_name
from intake109.appeals.terms.deadlines import written
from intake109.catalogue.services import Catalogue
from intake109.outbox.letters import fill
from intake109.outbox.texts import read, state
from intake109.store import appeals
from intake109.store.tables import AppealRow

_UNTIL: dict[Status, tuple[str, Callable[[AppealRow], datetime | None]]] = {
    Status.IN_WORK: ("status_promised", lambda row: row.promised_at),
    Status.WAITING: ("status_waiting", lambda row: row.waiting_until),
    Status.LONG_TERM: ("status_shelved", lambda row: row.shelved_until),
}
"""What is added of a status that has a date, and the date."""


def line(session: Session, told: AppealRow, language: str, catalogue: Catalogue, zone: ZoneInfo) -> str:
    """Say how a number of the citizen's stands; one that was merged, by the case that counts."""
    appeal = appeals.live(session, told)
    values = {
        "former": told.number,
        "number": appeal.number,
        "state": state(session, appeal.status, language),
        "service": catalogue.service_name(appeal.service, language),
        "executor": executor_name(session, appeal, language, catalogue),
        "deadline": written(appeal.deadline_at, zone),
    }
    if appeal.closed_at is not None and appeal is told:
        closed = {**values, "until": written(appeal.closed_at, zone)}
        return fill(read(session, "status_closed", language), closed)
    said = fill(read(session, "status" if appeal is told else "status_merged", language), values)
    more = _UNTIL.get(Status(appeal.status))
    until = more[1](appeal) if more else None
    if more is None or until is None:
        return said
    return f"{said} {fill(read(session, more[0], language), {'until': written(until, zone)})}"
