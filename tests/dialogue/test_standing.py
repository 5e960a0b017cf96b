"""What a citizen reads of how an appeal stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intake109.clock import MovedClock
from intake109.dialogue import standing
from intake109.store import appeals
from intake109.store.database import Database
from tests.appeals.cases import merge, registered
from tests.city import CATALOGUE, ZONE
from tests.desk import Desk

DAY = datetime(2026, 12, 1, 7, tzinfo=UTC)


@pytest.fixture
def desk(sqlite: Database, clock: MovedClock) -> Desk:
    return Desk(sqlite, clock)


def reads(desk: Desk, number: str, language: str = "ru", **changed: object) -> str:
    """Return how an appeal stands once its columns have been changed."""
    with desk.database.write() as session:
        row = appeals.by_number(session, number)
        assert row is not None
        for name, value in changed.items():
            setattr(row, name, value)
        session.flush()
        return standing.line(session, row, language, CATALOGUE, ZONE)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"status": "forwarded"}, "передано исполнителю"),
        ({"status": "in_work", "promised_at": DAY}, "Исполнитель обещает: до 01.12.2026."),
        ({"status": "waiting", "waiting_until": DAY}, "Ждём вашего ответа до 01.12.2026."),
        ({"status": "long_term", "shelved_until": DAY}, "Вернёмся к нему 01.12.2026."),
        ({"status": "answered"}, "исполнено, ждём вашего слова"),
        ({"status": "closed", "closed_at": DAY}, "закрыто 01.12.2026"),
    ],
)
def test_it_says_what_is_happening_and_until_when(desk: Desk, changed: dict[str, object], said: str) -> None:
    number = registered(desk)

    line = reads(desk, number, "ru", **changed)

    assert said in line
    assert number in line


def test_a_closed_appeal_tells_no_deadline(desk: Desk) -> None:
    assert "Срок" not in reads(desk, registered(desk), status="closed", closed_at=DAY)


def test_a_merged_number_is_told_by_the_case_that_counts(desk: Desk) -> None:
    first, second = registered(desk), registered(desk, "Ещё яма")
    merge(desk, second, first)

    line = reads(desk, second, "kk")

    assert first in line
    assert second in line
    assert "біріктірілген" in line
