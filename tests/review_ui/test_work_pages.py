"""An executor sees and answers the appeals of its own organisation, with a login or by the link of a letter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from intake109.clock import MovedClock
from intake109.outbox import links
from intake109.review_ui.work.answering import MOST_FILES
from intake109.store import answers, appeals, organisations
from intake109.store.tables import AnswerRow, AppealRow, OrganisationRow, UserRow
from tests.organisations import city_wide, found
from tests.review_ui.office import Desk, Office, empty_database, open_office

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
ADDRESS = "https://desk.example"


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    """An office with one organisation, whose clerk is the executor's account, and another one."""
    database = empty_database(sqlite_template, tmp_path)
    opened = open_office(database, clock, tmp_path)
    city_wide(database, clock, "roads-1", way="page")
    found(database, clock, "roads-2", way="page")
    works_for(opened, "roads-1")
    yield opened
    database.close()


def works_for(office: Office, code: str) -> None:
    with office.database.write() as session:
        session.get_one(UserRow, office.staff["executor"]).organisation = code


def appeal(office: Office, number: str) -> AppealRow:
    with office.database.read() as session:
        row = appeals.by_number(session, number)
    assert row is not None
    return row


def give_to(office: Office, number: str, code: str) -> None:
    with office.database.write() as session:
        session.get_one(AppealRow, appeal(office, number).id).organisation = code


def said(office: Office, number: str) -> list[AnswerRow]:
    with office.database.read() as session:
        return answers.of_appeal(session, appeal(office, number).id or 0)


def token_of(office: Office, number: str, code: str = "roads-1") -> str:
    with office.database.write() as session:
        whose: OrganisationRow | None = organisations.by_code(session, code)
        row = appeals.by_number(session, number)
        assert whose is not None
        assert row is not None
        return links.link(session, row, whose, ADDRESS, office.clock.now()).rpartition("/")[2]


def stranger(office: Office) -> TestClient:
    """Return a browser nobody has logged in on."""
    return TestClient(office.app, base_url="http://desk.test", follow_redirects=False)


def answer(desk: Desk, address: str, files: int = 0, **fields: str) -> int:
    sent = [("files", (f"{n}.png", PNG + bytes([n]), "image/png")) for n in range(files)]
    return desk.client.post(address, data={"csrf": desk.csrf, **fields}, files=sent or None).status_code


def test_an_executor_finds_its_own_appeals_and_no_word_of_who_wrote_them(office: Office) -> None:
    number = office.register("1", "Яма, мой номер 87011234567", address="Абая 10")

    desk = office.desk("executor")

    assert number in desk.get("/work")
    page = desk.get(f"/work/{number}")
    assert "Абая 10" in page
    assert "Яма" in page
    assert "87011234567" not in page
    assert "citizen-1" not in page.casefold()


def test_all_that_is_to_be_done_is_on_the_list(office: Office) -> None:
    first = appeal(office, office.register("1", "Яма")).model_dump(exclude={"id", "number", "sequence"})
    with office.database.write() as session:
        session.add_all([AppealRow(**first, number=f"2026-1{one:05d}", sequence=100_000 + one) for one in range(70)])

    page = office.desk("executor").get("/work")

    assert page.count('class="work-card') == 71


def test_another_organisations_number_is_found_nowhere(office: Office) -> None:
    number = office.register("1", "Яма")
    give_to(office, number, "roads-2")
    desk = office.desk("executor")

    statuses = [
        desk.status(f"/work/{number}"),
        desk.status("/work/2026-999999"),
        answer(desk, f"/work/{number}/answer", text="Сделали"),
        answer(desk, f"/work/{number}/take"),
        desk.status(f"/work/{number}/files/{'0' * 64}"),
    ]

    assert statuses == [404] * 5
    assert number not in desk.get("/work")
    assert said(office, number) == []


def test_the_appeals_of_all_are_closed_to_an_executor_once_there_are_organisations(office: Office) -> None:
    number = office.register("1", "Яма")
    give_to(office, number, "roads-2")
    desk = office.desk("executor")

    assert desk.client.get("/appeals").headers["location"] == "/work"
    assert desk.client.get(f"/appeals/{number}").headers["location"] == f"/work/{number}"
    assert desk.client.get("/").headers["location"] == "/appeals"


def test_an_account_without_an_organisation_sees_nothing(office: Office) -> None:
    number = office.register("1", "Яма")
    works_for(office, "")
    desk = office.desk("executor")

    assert number not in desk.get("/work")
    assert desk.status(f"/work/{number}") == 404


def test_what_is_taken_is_in_work_and_what_is_done_is_answered(office: Office) -> None:
    number = office.register("1", "Яма")
    desk = office.desk("executor")

    assert desk.post(f"/work/{number}/take") == 303
    assert appeal(office, number).status == "in_work"
    fields = {"text": "Заделали яму асфальтом, работы закончены", "acted_on": "2026-11-20"}
    assert answer(desk, f"/work/{number}/answer", files=2, **fields) == 303

    assert appeal(office, number).status == "answered"
    (row,) = said(office, number)
    assert (row.via, row.by_user, row.executor) == ("page", office.staff["executor"], "roads-1")
    with office.database.read() as session:
        sha256 = answers.files(session, [row.id or 0])[row.id or 0][0].sha256
    assert desk.client.get(f"/work/{number}/files/{sha256}").content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "fields", [{}, {"text": "Готово", "acted_on": "2027-01-01"}, {"text": "x", "promised_on": "2026-01-01"}]
)
def test_an_answer_that_breaks_a_rule_is_refused_and_what_was_typed_stays(
    office: Office, fields: dict[str, str]
) -> None:
    number = office.register("1", "Яма")
    desk = office.desk("executor")

    reply = desk.client.post(f"/work/{number}/answer", data={"csrf": desk.csrf, **fields})

    assert reply.status_code == 422
    assert fields.get("text", "") in reply.text
    assert said(office, number) == []


def test_a_program_is_no_photo_and_too_many_are_refused(office: Office) -> None:
    number = office.register("1", "Яма")
    desk = office.desk("executor")

    program = desk.client.post(
        f"/work/{number}/answer",
        data={"csrf": desk.csrf, "text": "Сделали"},
        files={"files": ("a.png", b"MZ" + b"0" * 90, "image/png")},
    )

    assert program.status_code == 422
    assert answer(desk, f"/work/{number}/answer", files=MOST_FILES + 1, text="Сделали") == 422
    assert said(office, number) == []


def test_a_form_sent_twice_is_one_answer(office: Office) -> None:
    number = office.register("1", "Яма")
    desk = office.desk("executor")

    for _ in range(2):
        answer(desk, f"/work/{number}/answer", text="Сделали сегодня", acted_on="2026-11-20", once="abc")

    assert len(said(office, number)) == 1


def test_what_is_not_theirs_goes_back_with_a_reason(office: Office) -> None:
    number = office.register("1", "Яма")
    desk = office.desk("executor")

    assert desk.post(f"/work/{number}/return") == 422
    assert desk.post(f"/work/{number}/return", why="Это дорога области") == 303

    assert appeal(office, number).status == "returned"


def test_a_foreign_site_can_do_nothing(office: Office) -> None:
    number = office.register("1", "Яма")

    assert office.desk("executor").forge(f"/work/{number}/take") == 403


def test_a_link_opens_one_appeal_without_a_login_and_takes_an_answer(office: Office) -> None:
    number = office.register("1", "Яма, звоните 87011234567")
    base, browser = f"/x/{token_of(office, number)}", stranger(office)

    shown = browser.get(base)
    taken = browser.post(f"{base}/take")
    sent = browser.post(
        f"{base}/answer",
        data={"text": "Засыпали", "acted_on": "2026-11-20"},
        files={"files": ("a.png", PNG, "image/png")},
    )

    assert shown.status_code == 200
    assert number in shown.text
    assert "87011234567" not in shown.text
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert (taken.status_code, sent.status_code) == (303, 303)
    assert [(row.via, row.by_user) for row in said(office, number)] == [("link", None)]


def test_looking_by_a_link_changes_nothing(office: Office) -> None:
    number = office.register("1", "Яма")
    token = token_of(office, number)

    for _ in range(3):
        stranger(office).get(f"/x/{token}")

    assert appeal(office, number).status == "forwarded"


def test_a_link_ends_when_the_appeal_goes_to_somebody_else(office: Office) -> None:
    number = office.register("1", "Яма")
    base, browser = f"/x/{token_of(office, number)}", stranger(office)
    give_to(office, number, "roads-2")

    statuses = [browser.get(base).status_code, browser.post(f"{base}/take").status_code]

    assert statuses == [404, 404]
    assert appeal(office, number).status == "forwarded"


def test_a_link_ends_some_time_after_the_deadline(office: Office) -> None:
    number = office.register("1", "Яма")
    token = token_of(office, number)
    office.clock.advance(links.GOOD_FOR + timedelta(days=30))

    assert stranger(office).get(f"/x/{token}").status_code == 404


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_a_link_speaks_the_chosen_language(office: Office, language: str) -> None:
    number = office.register("1", "Яма")

    page = stranger(office).get(f"/x/{token_of(office, number)}?lang={language}").text

    assert f'<html lang="{language}">' in page


def test_a_link_takes_nothing_from_a_foreign_site_and_no_flood(office: Office) -> None:
    number = office.register("1", "Яма")
    base, browser = f"/x/{token_of(office, number)}", stranger(office)

    foreign = browser.post(f"{base}/take", headers={"Sec-Fetch-Site": "cross-site"})
    flood = browser.post(f"{base}/answer", data={"text": "x"}, files={"files": ("a.png", b"0" * (21 * 2**20))})

    assert (foreign.status_code, flood.status_code) == (403, 422)
    assert said(office, number) == []


def test_another_appeals_photo_is_not_to_be_had(office: Office) -> None:
    number = office.register("1", "Яма")

    assert stranger(office).get(f"/x/{token_of(office, number)}/files/{'a' * 64}").status_code == 404


def test_an_administrator_says_for_whom_an_executor_works(office: Office) -> None:
    desk, executor = office.desk("administrator"), office.staff["executor"]

    assert desk.post(f"/staff/{executor}/organisation", organisation="roads-2") == 303
    assert desk.post(f"/staff/{office.staff['inspector']}/organisation", organisation="roads-2") == 422

    with office.database.read() as session:
        rows = session.execute(select(UserRow)).scalars()
        assert {row.role: row.organisation for row in rows if row.organisation} == {"executor": "roads-2"}
