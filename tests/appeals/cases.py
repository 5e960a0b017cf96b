"""Appeals that are merged, split and reopened in tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from intake109.appeals import merging
from intake109.appeals.news import Setting
from intake109.appeals.registration import Case
from intake109.errors import ConflictError, RefusedError
from intake109.queue.decisions import Form
from intake109.store import appeals
from intake109.store.tables import AppealRow, OutboxRow
from tests.city import CATALOGUE, RULES, ZONE
from tests.desk import PIT, Desk

SETTING = Setting(CATALOGUE, ZONE, timedelta(seconds=RULES.promise.undo_seconds))
DARK = Form("POWER-005", address="Абая 12", reply="Ваш номер {number}")
MANHOLE = Form("SEWER-001", address="Абая 10", is_incident=True, reply="Ваш номер {number}")


def registered(desk: Desk, text: str = "Яма на дороге", form: Form = PIT, **more: object) -> str:
    """Register an appeal and return its number."""
    return desk.register(desk.waits(text, **more), form=form).number  # type: ignore[arg-type]


def heard(desk: Desk) -> None:
    """Let all letters that are owed leave."""
    desk.clock.advance(timedelta(seconds=11))
    with desk.database.write() as session:
        for row in desk.rows(OutboxRow):
            if row.state == "owed":
                session.get_one(OutboxRow, row.id).state = "sent"


def merge(desk: Desk, number: str, into: str, user_id: int = 0) -> AppealRow:
    with desk.database.write() as session:
        return merging.merge(session, number, into, user_id or desk.anna, SETTING, desk.clock.now())


def split(desk: Desk, number: str, taking: Sequence[int] = ()) -> AppealRow:
    with desk.database.write() as session:
        return merging.split(session, number, desk.anna, SETTING, desk.clock.now(), taking)


def part(desk: Desk, number: str, reporter_id: int, service: str = "ROAD-001", address: str = "") -> AppealRow:
    with desk.database.write() as session:
        case = Case(CATALOGUE.services[service], is_incident=False, address=address)
        return merging.part(session, number, reporter_id, case, desk.anna, SETTING, desk.clock.now())


def close(desk: Desk, number: str, at: datetime | None = None) -> None:
    """Close an appeal as the executor's answer will."""
    with desk.database.write() as session:
        row = appeals.by_number(session, number)
        assert row is not None
        row.status, row.closed_at = "closed", at or desk.clock.now()


def appeal(desk: Desk, number: str) -> AppealRow:
    with desk.database.read() as session:
        row = appeals.by_number(session, number)
        assert row is not None
        return row


def citizens(desk: Desk, number: str) -> list[int]:
    """Return the mentions of a case."""
    with desk.database.read() as session:
        row = appeals.by_number(session, number)
        assert row is not None
        return [one.mention_id for one in appeals.reporters(session, row.id or 0)]


def letters(desk: Desk, mention_id: int, *, but: str = "cancelled") -> list[str]:
    """Return what a citizen has been told and is owed."""
    return [row.text for row in desk.rows(OutboxRow) if row.mention_id == mention_id and row.state != but]


def attempt(act: Callable[[], AppealRow]) -> AppealRow | None:
    """Do what may be impossible just now; None if it was refused."""
    try:
        return act()
    except (ConflictError, RefusedError):
        return None
