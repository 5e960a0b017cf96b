"""The registry's answers come in signed, once, and only for what it has."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from intake109.appeals import course, merging
from intake109.clock import MovedClock
from intake109.collectors.website.webhook import sign
from intake109.config import Registry
from intake109.review_ui.app import create_app
from intake109.store import answers, appeals
from intake109.store.tables import AnswerRow, AppealRow
from tests.city import RULES
from tests.organisations import city_wide
from tests.review_ui.office import Office, empty_database, open_office, parts_of

SECRET = "shared"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
SETTINGS = Registry(url="https://registry.example/api", secret=SecretStr(SECRET), statuses={"В работе": "in_work"})


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    opened = open_office(database, clock, tmp_path)
    parts = parts_of(database, clock, tmp_path)
    config = parts.config.model_copy(update={"registry": SETTINGS})
    city_wide(database, clock, "by-registry", way="registry")
    yield replace(opened, app=create_app(replace(parts, config=config)))
    database.close()


def tell(office: Office, secret: str = SECRET, **said: object) -> tuple[int, dict[str, object]]:
    body = json.dumps(said, ensure_ascii=False).encode()
    browser = TestClient(office.app, base_url="http://desk.test")
    answer = browser.post("/webhooks/registry", content=body, headers=sign(secret, body, office.clock.now()))
    return answer.status_code, answer.json()


def appeal(office: Office, number: str) -> AppealRow:
    with office.database.read() as session:
        row = appeals.by_number(session, number)
    assert row is not None
    return row


def said_of(office: Office, number: str) -> list[AnswerRow]:
    with office.database.read() as session:
        return answers.of_appeal(session, appeal(office, number).id or 0)


def test_work_that_is_taken_and_done_there_is_taken_and_answered_here(office: Office) -> None:
    number = office.register("1", "Яма")
    photo = [{"name": "a.png", "content": base64.b64encode(PNG).decode()}]

    taken = tell(office, id="1", number=number, status="В работе")
    done = tell(
        office, id="2", number=number, status="answered", text="Заделали яму", acted_on="2026-11-20", files=photo
    )

    assert (taken[0], done[0]) == (200, 200)
    assert appeal(office, number).status == "answered"
    (row,) = said_of(office, number)
    assert (row.via, row.external_key) == ("registry", "registry:2")


def test_the_same_answer_twice_is_one_answer(office: Office) -> None:
    number = office.register("1", "Яма")

    statuses = [tell(office, id="2", number=number, status="answered", text="Готово, сделали")[0] for _ in range(3)]

    assert statuses == [200] * 3
    assert len(said_of(office, number)) == 1


def test_news_that_come_late_are_taken_and_change_nothing(office: Office) -> None:
    number = office.register("1", "Яма")
    tell(office, id="1", number=number, status="answered", text="Яму заделали", acted_on="2026-11-20")

    status, said = tell(office, id="0", number=number, status="in_work")

    assert (status, said["applied"]) == (200, False)
    assert appeal(office, number).status == "answered"


def test_the_registrys_own_number_finds_the_appeal(office: Office) -> None:
    number = office.register("1", "Яма")
    with office.database.write() as session:
        session.get_one(AppealRow, appeal(office, number).id).external_number = "ЕР-55"

    assert tell(office, id="1", external_number="ЕР-55", status="returned", text="Не наша дорога")[0] == 200
    assert appeal(office, number).status == "returned"


def test_what_is_not_with_the_registry_is_none_of_its_business(office: Office) -> None:
    number = office.register("1", "Яма")
    with office.database.write() as session:
        session.get_one(AppealRow, appeal(office, number).id).organisation = ""

    assert tell(office, id="1", number=number, status="answered", text="Готово")[0] == 404
    assert said_of(office, number) == []


def test_a_wrong_signature_and_a_wrong_body_are_refused(office: Office) -> None:
    number = office.register("1", "Яма")

    assert tell(office, "other", id="1", number=number, status="in_work")[0] == 401
    assert tell(office, id="1", number=number, status="eaten")[0] == 400
    assert tell(office, id="1", number=number, status="answered", text="")[0] == 422
    program = [{"name": "a.exe", "content": base64.b64encode(b"MZ" + b"0" * 80).decode()}]
    assert tell(office, id="1", number=number, status="answered", text="x", files=program)[0] == 415
    assert appeal(office, number).status == "forwarded"


def test_without_a_registry_nobody_is_at_home(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> None:
    database = empty_database(sqlite_template, tmp_path)
    office = open_office(database, clock, tmp_path)

    assert tell(office, id="1", number="1", status="in_work")[0] == 404
    database.close()


def test_what_was_merged_into_anothers_case_is_no_more_the_registrys_business(office: Office) -> None:
    number, other = office.register("1", "Яма"), office.register("2", "Яма у школы")
    with office.database.write() as session:
        session.get_one(AppealRow, appeal(office, other).id).organisation = ""
        now, setting = office.clock.now(), RULES.setting
        merging.merge(session, number, other, office.staff["inspector"], setting, now)

    status, said = tell(office, id="1", number=number, status="answered", text="Заделали", acted_on="2026-11-20")

    assert (status, said["applied"]) == (200, False)
    assert appeal(office, other).status == "forwarded"
    assert said_of(office, other) == []


def test_an_appeal_given_back_comes_back_once_however_often_that_is_said(office: Office) -> None:
    number = office.register("1", "Яма")
    tell(office, id="1", number=number, status="returned", text="Не наша дорога")
    with office.database.write() as session:
        row = session.get_one(AppealRow, appeal(office, number).id)
        course.move(session, row, course.Status.FORWARDED, office.staff["quality"], office.clock.now(), "rerouted")

    status, _ = tell(office, id="1", number=number, status="returned", text="Не наша дорога")

    assert status == 200
    assert appeal(office, number).status == "forwarded"
    assert len(said_of(office, number)) == 1
