"""The shelf of what private organisations have done and no citizen could be heard about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake109.appeals.voice import satisfaction
from intake109.appeals.voice.calls import Outcome, Why, open_call
from intake109.appeals.work import answers, judging
from intake109.appeals.work.answers import Judgement, Said
from intake109.clock import MovedClock
from intake109.store import appeals
from intake109.store.tables import AppealRow
from tests.city import RULES
from tests.organisations import city_wide
from tests.review_ui.office import Office, empty_database, open_office


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    yield open_office(database, clock, tmp_path)
    database.close()


@pytest.fixture
def number(office: Office) -> str:
    """An answered case of a private organisation whose citizen nobody reached."""
    city_wide(office.database, office.clock, is_private=True)
    number = office.register("1", "Яма у новостройки")
    setting, quality = RULES.setting, office.staff["quality"]
    with office.database.write() as session:
        row = appeals.by_number(session, number)
        assert row is not None
        said = answers.receive(session, row.id or 0, Said("Заделали яму."), setting, office.clock.now())
        judging.judge(session, said.id or 0, Judgement.ACCEPTED, quality, setting, office.clock.now())
        [reporter] = appeals.reporters(session, row.id or 0)
        assert open_call(session, reporter, row, Why.SILENT, office.clock.now())
    for _ in range(setting.voice.call_attempts):
        office.clock.advance(timedelta(days=1))
        with office.database.write() as session:
            satisfaction.not_reached(session, 1, Outcome.NO_ANSWER, "гудки", quality, setting, office.clock.now())
    return number


def row(office: Office, number: str) -> AppealRow:
    with office.database.read() as session:
        found = appeals.by_number(session, number)
    assert found is not None
    return found


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_shelf_shows_what_was_tried(office: Office, number: str, language: str) -> None:
    desk = office.desk("quality")
    desk.post("/preferences", language=language)

    page = desk.get("/control?shelf=unheard")

    assert f'data-number="{number}"' in page
    assert page.count("гудки") == 3
    assert f'hx-post="/control/{number}/call-again"' in page


def test_only_who_stands_over_the_shift_may_close(office: Office, number: str) -> None:
    quality = office.desk("quality")
    refused = quality.post(f"/control/{number}/close", why="не берут трубку")
    shown = f'hx-post="/control/{number}/close"' in quality.get(f"/control/{number}?shelf=unheard")

    done = office.desk("supervisor").post(f"/control/{number}/close", why="не берут трубку")

    assert (refused, shown, done) == (403, False, 200)
    assert (row(office, number).closed_as, row(office, number).closed_why) == ("unheard", "не берут трубку")
    assert "не берут трубку" in quality.get(f"/control/{number}")
    assert "не берут трубку" in quality.get(f"/appeals/{number}")


def test_called_again_it_stands_among_the_calls(office: Office, number: str) -> None:
    assert office.desk("quality").post(f"/control/{number}/call-again") == 200

    assert number in office.desk("quality").get("/calls")
    assert f'data-number="{number}"' not in office.desk("quality").get("/control?shelf=unheard")
