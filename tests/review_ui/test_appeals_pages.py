"""Appeals: found by what people remember, and one with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from intake109.clock import MovedClock
from intake109.queue import decisions
from intake109.queue.decisions import Form
from intake109.store import appeal_search
from intake109.store.appeal_search import Wanted
from intake109.store.database import Database
from intake109.store.tables import AppealRow, ConversationRow, OutboxRow
from tests.city import RULES, said
from tests.review_ui.office import Office, empty_database, newest_task, open_office

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    yield open_office(database, clock, tmp_path)
    database.close()


def store(database: Database, clock: MovedClock, **changes: object) -> None:
    """Store an appeal that never had a citizen."""
    sequence = int(str(changes.pop("sequence", 1)))
    values = {
        "number": f"2026-{sequence:06d}",
        "year": 2026,
        "sequence": sequence,
        "service": "ROAD-001",
        "sphere": "roads",
        "executor": "road_service",
        "status": "forwarded",
        "registered_at": clock.now(),
        "deadline_at": clock.now() + timedelta(days=5),
    }
    with database.write() as session:
        session.add(AppealRow.model_validate(values | changes))


def found(database: Database, wanted: Wanted) -> list[str]:
    with database.read() as session:
        return [row.number for row in appeal_search.page(session, wanted)]


def test_an_appeal_is_found_by_number_address_and_service(database: Database, clock: MovedClock) -> None:
    store(database, clock, sequence=1, address="проспект Абая, 10", place_key="абая 10")
    store(database, clock, sequence=2, address="Сатпаева 22", service="HEAT-001", sphere="heating", executor="")
    store(database, clock, sequence=12, address="100%", status="annulled", is_incident=True)

    assert found(database, Wanted()) == ["2026-000012", "2026-000002", "2026-000001"]
    assert found(database, Wanted("2026-000002")) == ["2026-000002"]
    assert found(database, Wanted("000012")) == ["2026-000012"]
    assert found(database, Wanted("№ 2026-000001")) == ["2026-000001"]
    assert found(database, Wanted("абая 10")) == ["2026-000001"]
    assert found(database, Wanted("сатпаева")) == ["2026-000002"]
    assert found(database, Wanted("%")) == ["2026-000012"]
    assert found(database, Wanted("тепло", services=("HEAT-001",))) == ["2026-000002"]
    assert found(database, Wanted(statuses=("annulled",))) == ["2026-000012"]
    assert found(database, Wanted(sphere="heating")) == ["2026-000002"]
    assert found(database, Wanted(executor="road_service", incidents_only=True)) == ["2026-000012"]
    assert found(database, Wanted("' OR 1=1 --")) == []


def test_the_list_is_paged_without_gaps(office: Office) -> None:
    for sequence in range(1, 56):
        store(office.database, office.clock, sequence=sequence)
    desk = office.desk("quality")

    first, second = desk.get("/appeals"), desk.get("/appeals?before=6")

    assert all(f"/appeals/2026-{number:06d}" in first for number in range(6, 56))
    assert "/appeals/2026-000005" not in first
    assert "before=6" in first
    assert all(f"/appeals/2026-{number:06d}" in second for number in range(1, 6))


def test_a_whole_number_opens_its_appeal(office: Office) -> None:
    number = office.register("1", "Яма")
    desk = office.desk("inspector")

    answer = desk.client.get(f"/appeals?q={number}")
    unknown = desk.client.get("/appeals?q=2020-999999")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/appeals/{number}")
    assert (unknown.status_code, desk.status("/appeals/2020-999999")) == (200, 404)


def test_the_words_of_a_service_find_its_appeals(office: Office) -> None:
    office.register("1", "Яма", address="Абая 10")

    assert "2026-000001" in office.desk("inspector").get("/appeals?q=яма")
    assert "Ничего не нашлось" in office.desk("inspector").get("/appeals?q=небоскрёб")


def test_filters_that_mean_nothing_filter_nothing(office: Office) -> None:
    office.register("1", "Яма")

    page = office.desk("inspector").get("/appeals?status=x&sphere=y&executor=z&before=abc")

    assert "2026-000001" in page


def test_an_appeal_shows_citizens_talk_letters_and_history(office: Office) -> None:
    number = office.register("1", f"Яма {HOSTILE}", address="Абая 10", permalink="javascript:alert(1)")
    office.street.hear(said("2", "И у нас яма", office.clock.now(), author="timur"))
    task_id = newest_task(office.database)
    with office.database.write() as session:
        form = Form("ROAD-001", reply="№ {number}", language="kk")
        decisions.attach(session, task_id, office.staff["inspector"], number, form, RULES, office.clock.now())
        row = session.execute(select(OutboxRow)).scalars().first()
        assert row is not None
        row.state, row.last_error = "failed", "refused"

    page = office.desk("supervisor").get(f"/appeals/{number}")

    assert "2 заявителя" in page
    assert "Timur" in page
    assert "не отправлено" in page
    assert "Передано исполнителю: Дорожная служба" in page
    assert "Присоединён ещё один заявитель" in page
    assert HOSTILE not in page
    assert "javascript:" not in page


def test_an_overdue_appeal_says_so_and_a_closed_one_does_not(office: Office) -> None:
    late = office.clock.now() - timedelta(days=1)
    store(office.database, office.clock, sequence=1, deadline_at=late)
    store(office.database, office.clock, sequence=2, deadline_at=late, status="closed", closed_at=late)
    desk = office.desk("quality")

    assert "просрочено" in desk.get("/appeals/2026-000001")
    assert "просрочено" not in desk.get("/appeals/2026-000002")


def test_an_executor_sees_what_was_forwarded_and_not_who_wrote(office: Office) -> None:
    number = office.register("1", "Яма у дома")
    with office.database.write() as session:
        citizen = session.execute(select(ConversationRow)).scalars().one()
        citizen.name, citizen.phone, citizen.username = "Асель Тестова", "+77015550199", "asel_t"
    store(office.database, office.clock, sequence=7, status="closed")
    desk = office.desk("executor")

    listed, page = desk.get("/appeals?status=closed"), desk.get(f"/appeals/{number}")

    assert number in listed
    assert "2026-000007" not in listed
    assert desk.status("/appeals/2026-000007") == 404
    assert "Яма у дома" in page
    assert not [secret for secret in ("Асель Тестова", "5550199", "asel_t", "/tasks/") if secret in page]


@pytest.mark.parametrize(("language", "title"), [("ru", "Обращения"), ("kk", "Өтініштер"), ("en", "Appeals")])
def test_the_page_speaks_the_viewers_language(office: Office, language: str, title: str) -> None:
    desk = office.desk("quality")
    desk.post("/preferences", language=language)

    assert f"<h1>{title}</h1>" in desk.get("/appeals")


def test_an_executor_is_led_from_the_queue_to_the_appeals(office: Office) -> None:
    desk = office.desk("executor")

    answer = desk.client.get("/")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/appeals")
    assert 'href="/new"' not in desk.get("/appeals")
    assert desk.status("/queue/rows") == 403


def test_an_appeal_is_found_under_every_name_of_its_house_and_street(database: Database, clock: MovedClock) -> None:
    store(database, clock, sequence=1, address="Бухар-Жырау 5", place_key="бухар жира 5")
    store(database, clock, sequence=2, address="Бухар-Жырау 7", place_key="бухар жира 7")
    store(database, clock, sequence=3, address="Гоголя 5", place_key="гогол 5")

    assert found(database, Wanted("Ленина 5", place_key="бухар жира 5")) == ["2026-000001"]
    assert found(database, Wanted("Ленина", street="Бухар-Жырау")) == ["2026-000002", "2026-000001"]


def test_the_page_reads_what_is_typed_as_a_place(office: Office) -> None:
    number = office.register("1", "Яма", address="Абая 10")

    page = office.desk("inspector").get("/appeals?q=Ленина 10")

    assert number in page
