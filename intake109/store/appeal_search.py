"""Finding appeals by what people remember of them: a number, an address, a service."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store import ageing
from intake109.store.finding import ways_of_writing
from intake109.store.tables import AppealRow

_NUMBER = re.compile(r"(?:№\s*)?(\d{4}-\d{1,6}|\d{3,6})")


@dataclass(frozen=True, slots=True)
class Age:
    """A filter by age: `yellow`, `red` or `long_term`, at a moment; `day_ends` is when the city's day is over."""

    name: str
    now: datetime
    day_ends: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty parts do not matter.

    Attributes:
        text: a number or a part of it, else words of an address.
        place_key: the house that the text tells, in the form in which all its spellings meet.
        street: the canonical name of the street that the text tells.
        services: codes that the words may mean as well.
        statuses: any of these.
        age: near their deadline, past it, or in the long-term folder; these come with the most late first.
    """

    text: str = ""
    place_key: str = ""
    street: str = ""
    services: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    sphere: str = ""
    executor: str = ""
    incidents_only: bool = False
    age: Age | None = None


def page(session: Session, wanted: Wanted, *, before_id: int | None = None, limit: int = 50) -> list[AppealRow]:
    """Return appeals, newest first; `before_id` is the last one seen, so that every page costs the same.

    By age the one that is due first comes first.
    """
    statement = select(AppealRow).where(*_conditions(wanted))
    if wanted.age is not None:
        return _by_deadline(session, statement, before_id, limit)
    if before_id is not None:
        statement = statement.where(col(AppealRow.id) < before_id)
    return list(session.execute(statement.order_by(col(AppealRow.id).desc()).limit(limit)).scalars())


def executors(session: Session) -> list[str]:
    """Return the codes of all executors that have had an appeal."""
    statement = select(col(AppealRow.executor)).where(col(AppealRow.executor) != "").distinct()
    return sorted(session.execute(statement).scalars())


def _by_deadline(session: Session, statement: Select[AppealRow], after_id: int | None, limit: int) -> list[AppealRow]:
    order = (col(AppealRow.deadline_at), col(AppealRow.id))
    seen = session.get(AppealRow, after_id) if after_id is not None else None
    if seen is not None:
        same = (order[0] == seen.deadline_at) & (order[1] > seen.id)
        statement = statement.where((order[0] > seen.deadline_at) | same)
    return list(session.execute(statement.order_by(*order).limit(limit)).scalars())


def _of_age(age: Age) -> ColumnElement[bool]:
    if age.name == "red":
        return ageing.is_red(age.now)
    if age.name == "yellow":
        return ageing.is_yellow(age.now, age.day_ends)
    return ageing.is_running() & (col(AppealRow.status) == "long_term")


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text.strip():
        found.append(_about(wanted.text.strip(), wanted))
    if wanted.statuses:
        found.append(col(AppealRow.status).in_(wanted.statuses))
    if wanted.sphere:
        found.append(col(AppealRow.sphere) == wanted.sphere)
    if wanted.executor:
        found.append(col(AppealRow.executor) == wanted.executor)
    if wanted.age is not None:
        found.append(_of_age(wanted.age))
    if wanted.incidents_only:
        found.append(col(AppealRow.is_incident).is_(True))
    return found


def _about(text: str, wanted: Wanted) -> ColumnElement[bool]:
    number = _NUMBER.fullmatch(text)
    if number:
        return col(AppealRow.number).contains(number[1], autoescape=True)
    parts = [col(AppealRow.address).contains(way, autoescape=True) for way in ways_of_writing(text)]
    parts.append(col(AppealRow.place_key).contains(text.lower(), autoescape=True))
    if wanted.place_key:
        parts.append(col(AppealRow.place_key) == wanted.place_key)
    elif wanted.street:
        parts.append(col(AppealRow.address).contains(wanted.street, autoescape=True))
    if wanted.services:
        parts.append(col(AppealRow.service).in_(wanted.services))
    return or_(*parts)
