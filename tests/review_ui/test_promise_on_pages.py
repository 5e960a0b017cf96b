"""The pages show what nobody of the staff did: an automatic registration, an alert that was not delivered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col

from intake109.alerts.ways import Ways
from intake109.clock import MovedClock
from intake109.config import Alerts
from intake109.store.tables import OutboxRow
from tests.city import said
from tests.promise import SILENT, Keeper
from tests.review_ui.office import Office, empty_database, newest_task, open_office

MAILING = Ways(
    Alerts.model_validate({"email": {"host": "mail", "from_address": "a@b.kz", "to": ["duty@b.kz"]}}),
    "http://here",
    has_telegram=False,
)


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    yield open_office(database, clock, tmp_path)
    database.close()


def test_a_task_the_machine_registered_can_be_looked_at_everywhere(office: Office) -> None:
    office.street.hear(said("1", "Открытый люк, Абая 10", office.clock.now()))
    Keeper(office.database, office.clock, SILENT).at(8)
    desk = office.desk("inspector")

    task = desk.get(f"/tasks/{newest_task(office.database)}")
    lines = desk.get("/?shelf=unchecked")
    appeal = office.desk("supervisor").get("/appeals/2026-000001")

    assert "2026-000001" in task
    assert "Зарегистрировала машина в" in task
    assert "машина, " in lines
    assert "Дорожная служба" in appeal
    assert "Человек ещё не проверил" in appeal


def test_an_alert_that_could_not_be_delivered_waits_with_the_other_messages(office: Office) -> None:
    office.street.hear(said("1", "Открытый люк", office.clock.now()))
    Keeper(office.database, office.clock, MAILING).now()
    with office.database.write() as session:
        session.execute(update(OutboxRow).where(col(OutboxRow.purpose) == "alert").values(state="failed"))

    page = office.desk("administrator").get("/outbox")

    assert "оповещение" in page
    assert "Сотрудникам" in page
    assert "duty@b.kz" in page
    assert "#email" in page
    assert "ИНЦИДЕНТ" in page


def test_an_alert_that_reaches_nobody_is_an_error_on_the_health_page(office: Office) -> None:
    office.street.hear(said("1", "Открытый люк", office.clock.now()))
    Keeper(office.database, office.clock, SILENT).now()

    page = office.desk("administrator").get("/health")

    assert "reaches nobody" in page
    assert "Оповещения сотрудников" in page
