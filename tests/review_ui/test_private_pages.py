"""Private organisations have a list of their own, and letters to print or to send."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake109.clock import MovedClock
from tests.organisations import city_wide
from tests.review_ui.office import Office, empty_database, open_office


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    yield open_office(database, clock, tmp_path)
    database.close()


def test_a_letter_is_printed_and_sent_from_the_list(office: Office) -> None:
    city_wide(office.database, office.clock, is_private=True, way="email", address="a@b.kz")
    number = office.register("1", "Яма <b>тут</b>, мой номер 87011234567", address="Абая 10")
    desk = office.desk("quality")

    page, letter = desk.get("/private"), desk.get(f"/private/{number}/letter?lang=kk")

    assert number in page
    assert "Абая 10" in letter
    assert "&lt;b&gt;" in letter
    assert "87011234567" not in letter
    assert desk.post(f"/private/{number}/write") == 303
    assert "2 письма" in desk.get("/private")


def test_there_is_no_letter_to_who_is_not_private(office: Office) -> None:
    city_wide(office.database, office.clock)
    number = office.register("1", "Яма")
    desk = office.desk("supervisor")

    assert number not in desk.get("/private")
    assert desk.status(f"/private/{number}/letter") == 404
    assert desk.post(f"/private/{number}/write") == 404


@pytest.mark.parametrize("role", ["inspector", "executor"])
def test_others_do_not_write_such_letters(office: Office, role: str) -> None:
    assert office.desk(role).status("/private") == 403
