"""The pages of reports: sealed days, files, corrections, ranges made in the background, and who gets them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake109.clock import MovedClock
from intake109.jobs.loop import Threads
from intake109.jobs.reporting import Reporting
from intake109.reports import seal
from intake109.store import report_orders, seals, subscribers
from tests.city import CATALOGUE
from tests.reports.made import of_day
from tests.review_ui.office import Office, empty_database, open_office

DAY = "2026-11-19"


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    found = open_office(database, clock, tmp_path)
    parts = found.app.state.context.parts
    email = parts.config.alerts.email.model_copy(update={"host": "mail", "from_address": "109@example.kz"})
    alerts = parts.config.alerts.model_copy(update={"email": email})
    config = parts.config.model_copy(update={"alerts": alerts})
    object.__setattr__(parts, "config", config)
    with database.write() as session:
        seal.seal(session, of_day(DAY), clock.now())
    yield found
    database.close()


def test_the_list_shows_sealed_days_with_their_digest_and_files(office: Office) -> None:
    with office.database.read() as session:
        digest = seals.of_day(session, DAY)[0].digest

    page = office.desk("supervisor").get("/reports")

    assert "19.11.2026" in page
    assert digest in page
    assert f"/reports/{DAY}/file.pdf" in page


def test_a_sealed_day_is_a_page_and_a_file_of_every_format(office: Office) -> None:
    desk = office.desk("quality")

    page = desk.get(f"/reports/{DAY}")

    assert "Опечатан. Редакция 1" in page
    assert 'class="report-facts"' in page
    assert "style=" not in page
    assert "--r-ink" in desk.get("/reports/page.css")
    for fmt, start in (
        ("html", b"<!doctype"),
        ("pdf", b"%PDF"),
        ("xlsx", b"PK"),
        ("csv", b"\xef\xbb\xbf"),
        ("json", b"{"),
    ):
        answer = desk.client.get(f"/reports/{DAY}/file.{fmt}")
        assert answer.status_code == 200
        assert answer.content.startswith(start)
        assert answer.headers["content-disposition"] == f'attachment; filename="109-{DAY}.{fmt}"'
    assert desk.status(f"/reports/{DAY}/file.docx") == 404


def test_today_can_be_seen_before_it_is_sealed_and_tomorrow_cannot(office: Office) -> None:
    office.register("1", "Яма")
    desk = office.desk("supervisor")

    assert "Не опечатан" in desk.get("/reports/2026-11-20")
    assert desk.status("/reports/2026-11-21") == 404
    assert desk.status("/reports/20261120") == 404
    assert desk.status("/reports/nonsense") == 404


def test_a_correction_wants_a_reason_and_is_shown_to_everybody(office: Office) -> None:
    desk = office.desk("supervisor")

    assert desk.post(f"/reports/{DAY}/correct", reason=" ") == 422
    assert desk.post(f"/reports/{DAY}/correct", reason="журнал пришёл <b>позже</b>") == 303
    assert desk.post(f"/reports/{DAY}/correct", reason="ещё раз") == 409

    page = office.desk("quality").get(f"/reports/{DAY}")
    assert "журнал пришёл &lt;b&gt;позже&lt;/b&gt;" in page
    assert "flow.mentions" in page
    assert "редакция 2" in office.desk("quality").get("/reports")


def test_a_range_is_made_in_the_background_with_a_bar(office: Office, tmp_path: Path) -> None:
    office.register("1", "Яма")
    desk = office.desk("administrator")

    assert desk.post("/report-orders", first="2026-11-19", last="2026-11-20") == 303
    waiting = desk.get("/report-orders/1")
    parts, threads = office.app.state.context.parts, Threads()
    Reporting(parts.config, lambda: CATALOGUE, parts.files, office.database, office.clock, threads).make()
    threads.close()

    assert "<progress" in waiting
    assert 'hx-get="/report-orders/1/progress"' in waiting
    assert desk.client.get("/report-orders/1/progress").headers["hx-refresh"] == "true"
    assert "19.11.2026 – 20.11.2026" in desk.get("/report-orders/1")
    assert desk.client.get("/report-orders/1/file.json").json()["figures"]["flow"]["mentions"] == 1


@pytest.mark.parametrize(("first", "last"), [("", ""), ("2026-11-20", "2026-11-19"), ("2027-01-01", "2027-01-02")])
def test_a_range_that_makes_no_sense_is_not_made(office: Office, first: str, last: str) -> None:
    assert office.desk("supervisor").post("/report-orders", first=first, last=last) == 422
    with office.database.read() as session:
        assert report_orders.newest(session, 5) == []


def test_people_subscribe_and_are_taken_off_again(office: Office) -> None:
    desk = office.desk("supervisor")

    assert desk.post("/reports/subscribers", way="email", to="no address", language="kk") == 422
    assert desk.post("/reports/subscribers", way="email", to="head@city.kz", language="kk") == 303
    page = desk.get("/reports")

    assert "head@city.kz" in page
    with office.database.read() as session:
        (row,) = subscribers.all_of(session)
    assert desk.post(f"/reports/subscribers/{row.id}/remove") == 303
    assert "head@city.kz" not in desk.get("/reports")


@pytest.mark.parametrize("role", ["inspector", "executor"])
def test_only_those_who_answer_for_the_centre_read_reports(office: Office, role: str) -> None:
    desk = office.desk(role)

    assert [desk.status(one) for one in ("/reports", f"/reports/{DAY}", f"/reports/{DAY}/file.pdf")] == [403] * 3
    assert desk.post("/report-orders", first=DAY, last=DAY) == 403
    assert office.desk("quality").post(f"/reports/{DAY}/correct", reason="x") == 403
    assert office.desk("administrator").forge(f"/reports/{DAY}/correct", reason="x") == 403
