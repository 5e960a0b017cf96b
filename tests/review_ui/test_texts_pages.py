"""An administrator edits what citizens read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake109.clock import MovedClock
from intake109.outbox import texts
from tests.review_ui.office import Office, empty_database, open_office

NEW = {"kk": "Нөмір {number}", "ru": "Номер {number}", "en": "No. {number}"}


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    yield open_office(database, clock, tmp_path)
    database.close()


def reads(office: Office, name: str = "acknowledgement") -> str:
    with office.database.read() as session:
        return texts.read(session, name, "ru")


@pytest.mark.parametrize("address", ["/texts", "/texts/acknowledgement"])
def test_the_pages_open_for_administrators_only(office: Office, address: str) -> None:
    statuses = {role: office.desk(role).status(address) for role in office.staff}

    assert statuses == {role: 200 if role == "administrator" else 403 for role in office.staff}


def test_every_text_can_be_opened(office: Office) -> None:
    boss = office.desk("administrator")

    statuses = {boss.status(f"/texts/{name}") for name in texts.names()}

    assert statuses == {200}


def test_what_is_saved_is_what_leaves(office: Office) -> None:
    boss = office.desk("administrator")

    status = boss.post("/texts/acknowledgement", act="save", number="0", **NEW)

    assert status == 303
    assert reads(office) == "Номер {number}"
    assert "Номер {number}" in boss.get("/texts/acknowledgement")


def test_looking_shows_it_with_a_real_appeal_and_keeps_nothing(office: Office) -> None:
    number = office.register("1", "Яма", address="Абая 10")
    boss = office.desk("administrator")

    answer = boss.client.post("/texts/acknowledgement", data={"csrf": boss.csrf, "act": "look", **NEW})

    assert answer.status_code == 200
    assert f"Номер {number}" in answer.text
    assert reads(office) == texts.template("acknowledgement", "ru")


def test_a_broken_text_is_refused_and_what_was_typed_stays(office: Office) -> None:
    boss = office.desk("administrator")

    answer = boss.client.post(
        "/texts/acknowledgement", data={"csrf": boss.csrf, "act": "save", **NEW, "ru": "<b>{nomber}</b>"}
    )

    assert answer.status_code == 422
    assert "&lt;b&gt;{nomber}&lt;/b&gt;" in answer.text
    assert "Такой вставки нет" in answer.text
    assert reads(office) == texts.template("acknowledgement", "ru")


def test_the_shipped_text_comes_back_with_one_button(office: Office) -> None:
    boss = office.desk("administrator")
    boss.post("/texts/acknowledgement", act="save", number="0", **NEW)

    status = boss.post("/texts/acknowledgement/restore", number="1")

    assert status == 303
    assert reads(office) == texts.template("acknowledgement", "ru")
    assert boss.get("/texts/acknowledgement").count("timeline") == 1


def test_who_saves_second_is_told(office: Office) -> None:
    boss = office.desk("administrator")
    boss.post("/texts/acknowledgement", act="save", number="0", **NEW)

    assert boss.post("/texts/acknowledgement", act="save", number="0", **NEW) == 409
    assert boss.status("/texts/nothing") == 404


def test_nothing_is_edited_from_a_foreign_site(office: Office) -> None:
    assert office.desk("administrator").forge("/texts/acknowledgement", act="save", **NEW) == 403


def test_the_buttons_of_a_template_are_named_where_a_text_can_have_them(office: Office) -> None:
    boss = office.desk("administrator")
    asking = dict(texts.shipped()["solved"])

    status = boss.post(
        "/texts/solved", act="save", number="0", template="solved_v1", template_buttons="yes_no", **asking
    )

    page = boss.get("/texts/solved")
    assert status == 303
    assert '<option value="yes_no" selected>' in page
    assert "template_buttons" not in boss.get("/texts/acknowledgement")
