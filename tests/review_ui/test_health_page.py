"""The channels and the machine: what the page says, what monitoring is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from intake109.classifier.place.gazetteer import Gazetteer, Named, NameKind
from intake109.clock import MovedClock
from intake109.config import Channels, Config, Website
from intake109.review_ui.app import create_app
from intake109.review_ui.office import vitals
from intake109.store import figures, health
from intake109.store.database import Database
from intake109.store.tables import HealthRow
from tests.city import said
from tests.conftest import NOON
from tests.review_ui.office import Office, empty_database, fail, open_office, parts_of, quarantine

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    yield open_office(database, clock, tmp_path)
    database.close()


def test_the_health_page_says_what_to_do(office: Office) -> None:
    with office.database.write() as session:
        row = health.of(session, "instagram.tags", "instagram")
        row.errors_in_row, row.backoff, row.last_error = 7, "auth_lost", f"code 190 {HOSTILE}"
        row.retry_at = office.clock.now() + timedelta(minutes=5)
        health.count_rejected(session, "whatsapp", "whatsapp", office.clock.now())

    page = office.desk("inspector").get("/health")

    assert "Instagram: отметки" in page
    assert "Токен или сессия больше не действует" in page
    assert "7 ошибок подряд" in page
    assert HOSTILE not in page
    assert "Подпись не сошлась" in page


def test_a_collector_is_judged_by_its_breaker_and_its_token() -> None:
    def tone(**values: object) -> tuple[str, str]:
        found = vitals.vital(HealthRow(name="x", channel="x", last_good_at=NOON, **values), NOON)  # type: ignore[arg-type]
        return found.state, found.tone

    later = NOON + timedelta(minutes=5)
    assert tone() == ("closed", "good")
    assert tone(errors_in_row=1, retry_at=later) == ("waiting", "warn")
    assert tone(errors_in_row=9, retry_at=later) == ("open", "bad")
    assert tone(errors_in_row=9, retry_at=NOON) == ("trial", "bad")
    assert tone(credentials_expire_at=NOON) == ("closed", "bad")
    assert tone(credentials_expire_at=NOON + timedelta(days=6)) == ("closed", "warn")
    assert tone(credentials_expire_at=NOON + timedelta(days=8)) == ("closed", "good")


def test_an_enabled_channel_that_was_never_heard_is_shown_and_no_good_one_above_a_bad_one() -> None:
    config = Config(channels=Channels(website=Website(enabled=True)))
    rows = [
        HealthRow(name="a", channel="telegram", last_good_at=NOON),
        HealthRow(name="b", channel="whatsapp", errors_in_row=6),
        HealthRow(name="job.carrying", channel="system", errors_in_row=1),
    ]

    found = vitals.collectors(rows, config, NOON)

    assert [(one.row.name, one.tone) for one in found] == [("b", "bad"), ("website", "idle"), ("a", "good")]
    assert [one.row.name for one in vitals.jobs(rows, NOON)] == ["job.carrying"]


def test_the_probe_answers_without_a_login(office: Office) -> None:
    well = TestClient(office.app).get("/healthz")

    assert (well.status_code, well.json()) == (200, {"database": "ok", "disk": "ok"})


def test_the_probe_fails_when_the_database_does_not_answer(clock: MovedClock, tmp_path: Path) -> None:
    lost = Database("postgresql+psycopg://nobody@127.0.0.1:9/none?connect_timeout=1")

    answer = TestClient(create_app(parts_of(lost, clock, tmp_path))).get("/healthz")
    lost.close()

    assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")


def test_figures_are_for_this_machine_and_for_administrators(office: Office) -> None:
    quarantine(office, "k", "{}")
    fail(office)
    near = TestClient(office.app, client=("127.0.0.1", 5000))
    far = TestClient(office.app, client=("203.0.113.5", 5000), follow_redirects=False)

    text = near.get("/metrics").text

    assert 'intake109_events_stored_total{channel="whatsapp"} 1.0' in text
    assert 'intake109_events_quarantined{channel="whatsapp"} 1.0' in text
    assert 'intake109_outbox_messages{state="by_hand"} 1.0' in text
    assert "intake109_tasks_oldest_wait_seconds 0.0" in text
    assert far.get("/metrics").status_code == 303
    assert near.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"}, follow_redirects=False).status_code == 303
    assert office.desk("administrator").status("/metrics") == 200
    assert office.desk("supervisor").status("/metrics") == 403


def test_the_oldest_wait_counts_from_the_citizens_words(office: Office) -> None:
    office.street.hear(said("9", "Яма", office.clock.now() - timedelta(minutes=3)))

    with office.database.read() as session:
        found = figures.waiting_tasks(session)

    assert (found.count, found.oldest) == (1, office.clock.now() - timedelta(minutes=3))


def test_the_names_of_the_citys_places_are_counted(office: Office, clock: MovedClock, tmp_path: Path) -> None:
    names = (Named(NameKind.STREET, "Абая"), Named(NameKind.STREET, "Гоголя"), Named(NameKind.LANDMARK, "ЦУМ"))
    parts = replace(parts_of(office.database, clock, tmp_path), gazetteer=Gazetteer(names))

    with_names = replace(office, app=create_app(parts)).desk("inspector").get("/health")

    assert "2 улицы" in with_names
    assert "1 ориентир" in with_names
    assert "не загружен" in office.desk("inspector").get("/health")


def test_a_process_that_hangs_is_named_with_what_to_do(office: Office) -> None:
    with office.database.write() as session:
        row = health.of(session, health.WORKERS, "system")
        row.errors_in_row, row.last_error = 1, "pc:77:ab12 hangs: polling.telegram; restart it"

    page = office.desk("supervisor").get("/health")

    assert "Работа процессов" in page
    assert "pc:77:ab12 hangs: polling.telegram" in page
    assert "Перезапустите этот процесс" in page
