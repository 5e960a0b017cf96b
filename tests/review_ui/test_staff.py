"""Accounts: added, changed, closed by an administrator; every act is written down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from intake109.clock import MovedClock
from intake109.store import people
from intake109.store.tables import AuditRow, UserRow
from tests.review_ui.office import CHEAP, Office, empty_database, open_office

TO_LOGIN = 303
"""What a page answers whose login has ended."""
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    yield open_office(database, clock, tmp_path)
    database.close()


def account(office: Office, login: str) -> UserRow | None:
    with office.database.read() as session:
        return people.by_login(session, login)


def acts(office: Office) -> list[tuple[str, int, int | None]]:
    with office.database.read() as session:
        rows = session.execute(select(AuditRow).order_by(col(AuditRow.id))).scalars().all()
    return [(row.action, row.subject_id, row.actor_id) for row in rows if row.subject == "user"]


def test_an_administrator_adds_somebody_who_can_log_in(office: Office) -> None:
    desk = office.desk("administrator")

    status = desk.post("/staff", login=" Dana ", name=f"Дана {HOSTILE}", role="inspector", password="long enough")

    row = account(office, "dana")
    assert status == 303
    assert row is not None
    assert (row.role, CHEAP.verify("long enough", row.password_hash)) == ("inspector", True)
    assert [act[0] for act in acts(office)] == ["added"]
    page = desk.get("/staff")
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"login": "inspector"}, "такого ещё не должно быть"),
        ({"login": "two words"}, "одно слово без пробелов"),
        ({"role": "tsar"}, "Такой роли нет"),
        ({"password": "short"}, "не короче 8"),
    ],
)
def test_a_wrong_field_is_said_and_the_others_are_kept(office: Office, changes: dict[str, str], said: str) -> None:
    desk = office.desk("administrator")
    fields = {"login": "dana", "name": "Дана Касымова", "role": "quality", "password": "long enough", **changes}

    answer = desk.client.post("/staff", data={"csrf": desk.csrf, **fields})

    assert answer.status_code == 422
    assert said in answer.text
    assert "Дана Касымова" in answer.text
    assert fields["password"] not in answer.text
    assert account(office, "dana") is None


def test_a_new_role_ends_the_logins_that_had_the_old_one(office: Office) -> None:
    inspector, administrator = office.desk("inspector"), office.desk("administrator")
    user_id = office.staff["inspector"]

    status = administrator.post(f"/staff/{user_id}", name="Айгерим", role="quality")

    row = account(office, "inspector")
    assert row is not None
    assert (status, row.role, row.name, inspector.status("/health")) == (303, "quality", "Айгерим", TO_LOGIN)
    assert acts(office) == [
        ("role changed", user_id, office.staff["administrator"]),
        ("renamed", user_id, office.staff["administrator"]),
    ]


def test_a_new_name_alone_disturbs_nobody(office: Office) -> None:
    inspector = office.desk("inspector")

    office.desk("administrator").post(f"/staff/{office.staff['inspector']}", name="Айгерим", role="inspector")

    assert inspector.status("/health") == 200


def test_closed_access_works_at_once_and_can_be_opened_again(office: Office) -> None:
    inspector, administrator = office.desk("inspector"), office.desk("administrator")
    user_id = office.staff["inspector"]

    closed = administrator.post(f"/staff/{user_id}/access", active="no")
    outside = inspector.status("/health")
    opened = administrator.post(f"/staff/{user_id}/access", active="yes")

    row = account(office, "inspector")
    assert row is not None
    assert (closed, outside, opened, row.is_active) == (303, TO_LOGIN, 303, True)
    assert inspector.status("/health") == TO_LOGIN
    assert [act[0] for act in acts(office)] == ["switched off", "switched on"]


def test_a_new_password_ends_the_logins(office: Office) -> None:
    inspector, administrator = office.desk("inspector"), office.desk("administrator")
    user_id = office.staff["inspector"]

    statuses = [administrator.post(f"/staff/{user_id}/password", password=one) for one in ("short", "long enough")]

    row = account(office, "inspector")
    assert row is not None
    assert (statuses, inspector.status("/health")) == ([422, 303], TO_LOGIN)
    assert CHEAP.verify("long enough", row.password_hash)


def test_logins_can_be_ended_without_closing_the_access(office: Office) -> None:
    inspector, administrator = office.desk("inspector"), office.desk("administrator")

    assert "1 вход" in administrator.get("/staff")
    assert administrator.post(f"/staff/{office.staff['inspector']}/logout") == 303
    assert inspector.status("/health") == TO_LOGIN
    assert office.desk("inspector").status("/health") == 200


def test_nobody_locks_himself_out(office: Office) -> None:
    desk = office.desk("administrator")
    own = office.staff["administrator"]

    statuses = [
        desk.post(f"/staff/{own}/access", active="no"),
        desk.post(f"/staff/{own}", name="Administrator", role="inspector"),
    ]

    row = account(office, "administrator")
    assert row is not None
    assert (statuses, row.role, row.is_active) == ([422, 422], "administrator", True)
    assert desk.status("/staff") == 200


def test_an_unknown_account_is_not_found(office: Office) -> None:
    desk = office.desk("administrator")

    statuses = {
        desk.post(f"/staff/999{tail}", name="x", role="quality", password="long enough", active="no")
        for tail in ("", "/access", "/password", "/logout")
    }

    assert statuses == {404}


def test_only_administrators_touch_accounts(office: Office) -> None:
    victim = office.staff["inspector"]

    statuses = {
        office.desk(role).post(f"/staff/{victim}/password", password="long enough")
        for role in ("inspector", "supervisor", "quality", "executor")
    }

    assert statuses == {403}
    assert acts(office) == []


def test_an_administrator_says_who_somebody_is_on_telegram(office: Office) -> None:
    desk, inspector, other = office.desk("administrator"), office.staff["inspector"], office.staff["supervisor"]

    statuses = [
        desk.post(f"/staff/{inspector}/telegram", telegram_id=" 4242 "),
        desk.post(f"/staff/{other}/telegram", telegram_id="4242"),
        desk.post(f"/staff/{other}/telegram", telegram_id="@boss"),
    ]
    page = desk.get("/staff")
    statuses.append(desk.post(f"/staff/{inspector}/telegram", telegram_id=""))

    assert statuses == [303, 422, 422, 303]
    assert page.count("</svg>4242") == 1
    assert "</svg>4242" not in desk.get("/staff")
    assert [action for action, _, _ in acts(office)] == ["telegram linked", "telegram unlinked"]
