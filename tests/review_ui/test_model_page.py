"""The page of the model: what serves, how good it is, where it is corrected, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake109.clock import MovedClock
from intake109.review_ui.office import lessons
from intake109.store import audit, models
from intake109.store.examples import Correction
from intake109.store.tables import ModelRow
from tests.city import CATALOGUE
from tests.conftest import NOON
from tests.review_ui.office import Office, empty_database, open_office

DAY = timedelta(days=1)


def figures(first: float, top3: float) -> dict[str, float]:
    shares = {"first": first, "top3": top3, "sphere": 0.8, "kind": 0.95, "incident_recall": 1.0}
    return {"decisions": 140, "services": 120, "incidents": 3, "incident_precision": 0.6, **shares}


def night(office: Office, number: int, outcome: str, reason: str, first: float, top3: float) -> int:
    at = office.clock.now() + number * DAY
    with office.database.write() as session:
        row = models.begin(session, f"v{number}", "c", "night", at)
        row.outcome, row.reason, row.examples = outcome, reason, 400
        row.champion, row.challenger = figures(0.5, 0.7), figures(first, top3)
        if outcome == "promoted":
            row.file, row.served_at, row.seen_until = f"learnt-{row.id}.npz", at, at
        models.end(session, row)
        assert row.id is not None
        return row.id


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    yield open_office(database, clock, tmp_path)
    database.close()


def test_before_the_first_model_the_page_says_so(office: Office) -> None:
    page = office.desk("administrator").get("/model")

    assert "Модели ещё нет" in page
    assert "Сравнений ещё не было" in page


def test_the_page_tells_what_serves_and_how_good_it_is(office: Office) -> None:
    night(office, -3, "promoted", "first", 0.5, 0.7)
    night(office, -2, "promoted", "better", 0.61, 0.84)
    night(office, -1, "kept", "not_better", 0.55, 0.7)

    page = office.desk("supervisor").get("/model")

    assert "Модель № 2" in page
    assert "Первая подсказка верна в 61 случаях из 100" in page
    assert "Опасность для жизни замечена в 3 случаях из 3" in page
    assert "Права не чаще, чем объяснит случай" in page
    assert page.count("<circle") == 4


def test_the_page_tells_where_people_correct(office: Office) -> None:
    night(office, -1, "promoted", "first", 0.5, 0.7)
    office.register("1", "Открытый люк")
    office.register("2", "Яма")

    page = office.desk("administrator").get("/model")

    assert "согласились с первой подсказкой в 50 % решений" in page
    assert "Открытый люк" in page


def test_going_back_is_confirmed_and_written_down(office: Office) -> None:
    first = night(office, -3, "promoted", "first", 0.5, 0.7)
    second = night(office, -2, "promoted", "better", 0.6, 0.8)
    desk = office.desk("supervisor")

    assert f"Да, вернуть модель № {first}" in desk.get("/model")
    status = desk.post("/model/back", to=str(first))

    with office.database.read() as session:
        serving, (line,) = models.serving(session), audit.of(session, "model", first)
    assert status == 303
    assert serving is not None
    assert serving.id == first
    assert (line.actor_id, line.detail) == (office.staff["supervisor"], {"instead_of": second})


def test_a_page_that_is_too_old_goes_nowhere(office: Office) -> None:
    first = night(office, -4, "promoted", "first", 0.5, 0.7)
    night(office, -3, "promoted", "better", 0.6, 0.8)
    night(office, -2, "promoted", "better", 0.7, 0.9)

    assert office.desk("administrator").post("/model/back", to=str(first)) == 409


@pytest.mark.parametrize("role", ["inspector", "quality", "executor"])
def test_only_those_who_run_the_centre_see_it(office: Office, role: str) -> None:
    assert office.desk(role).status("/model") == 403
    assert office.desk(role).post("/model/back") == 403
    assert office.desk("administrator").forge("/model/back") == 403


def test_the_picture_shows_what_served_afterwards() -> None:
    rows = [
        ModelRow(
            version="a", catalogue="c", origin="night", trained_at=NOON, outcome=outcome, champion=old, challenger=new
        )
        for outcome, old, new in (
            ("promoted", figures(0.0, 0.5), figures(0.5, 1.0)),
            ("kept", figures(0.5, 1.0), figures(0.4, 1.0)),
        )
    ]

    picture = lessons.picture(rows)

    assert [night.first for night in picture.nights] == [0.5, 0.5]
    assert picture.nights[0].x < picture.nights[1].x <= lessons.WIDTH
    assert picture.nights[0].top3_y < picture.nights[0].first_y


def test_spheres_come_by_how_often_they_are_corrected() -> None:
    told = [
        Correction("ROAD-001", "SEWER-001", 5),
        Correction("SEWER-001", "ROAD-001", 2),
        Correction("GONE", "ROAD-001", 1),
    ]

    found = lessons.spheres(told, {"SEWER-001": 10, "ROAD-001": 4}, CATALOGUE, "ru")

    assert [(one.name, one.corrected, one.decided, one.percent) for one in found] == [
        ("sewerage", 5, 10, 50),
        ("Дороги", 3, 4, 75),
    ]
    assert [(pair.suggested, pair.chosen) for pair in found[1].pairs] == [("Открытый люк", "Яма"), ("GONE", "Яма")]
