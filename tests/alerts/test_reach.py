"""Whether the fallback can be told anything."""

from __future__ import annotations

import pytest

from intake109.alerts import reach
from intake109.alerts.ways import Ways
from intake109.clock import MovedClock
from intake109.config import Alerts
from intake109.errors import RefusedError
from intake109.review_ui.office import staffing
from intake109.store.database import Database
from tests.city import hire

MAIL = {"host": "mail", "from_address": "109@example.kz"}


def problem(database: Database, settings: dict[str, object], *, has_telegram: bool = True) -> str:
    with database.read() as session:
        return reach.problem(session, Ways(Alerts.model_validate(settings), "http://here", has_telegram))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "no fallback"),
        ({"fallback": {"login": "nobody"}}, "no account"),
        ({"fallback": {"login": "boss"}}, "neither a Telegram"),
        ({"fallback": {"email": "boss@example.kz"}}, "neither a Telegram"),
        ({"fallback": {"email": "boss@example.kz"}, "email": MAIL}, ""),
        ({"fallback": {"telegram": 7}}, ""),
    ],
)
def test_a_fallback_needs_a_way(sqlite: Database, clock: MovedClock, settings: dict[str, object], says: str) -> None:
    hire(sqlite, clock, "boss")

    found = problem(sqlite, settings)

    assert (says in found) if says else found == ""


def test_an_account_with_its_telegram_is_a_way(sqlite: Database, clock: MovedClock) -> None:
    boss = hire(sqlite, clock, "boss")
    with sqlite.write() as session:
        staffing.link_telegram(session, boss, " 4242 ", clock.now(), by=None)

    assert problem(sqlite, {"fallback": {"login": "boss"}}) == ""
    assert problem(sqlite, {"fallback": {"login": "boss"}}, has_telegram=False) != ""


def test_one_telegram_belongs_to_one_account(sqlite: Database, clock: MovedClock) -> None:
    boss, other = hire(sqlite, clock, "boss"), hire(sqlite, clock, "other")
    with sqlite.write() as session:
        staffing.link_telegram(session, boss, "4242", clock.now(), by=None)

    for wrong in ("4242", "@boss", "-5"):
        with sqlite.write() as session, pytest.raises(RefusedError):
            staffing.link_telegram(session, other, wrong, clock.now(), by=boss)
    with sqlite.write() as session:
        staffing.link_telegram(session, boss, "", clock.now(), by=boss)
        session.flush()
        staffing.link_telegram(session, other, "4242", clock.now(), by=boss)
