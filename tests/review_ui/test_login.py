"""The way in: passwords, sessions, guessing, and what a login form must not do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from intake109.review_ui.access.auth import COOKIE, token_hash
from intake109.store import people
from intake109.store.tables import SessionRow
from tests.review_ui.office import CHEAP
from tests.review_ui.workplace import Workplace

PASSWORD = "correct horse"


@pytest.fixture
def door(workplace: Workplace) -> TestClient:
    with workplace.database.write() as session:
        user = people.by_login(session, "inspector")
        assert user is not None
        user.password_hash = CHEAP.hash(PASSWORD)
    return TestClient(workplace.office.app, base_url="http://desk.test", follow_redirects=False)


def enter(door: TestClient, login: str = "inspector", password: str = PASSWORD, **more: str) -> Response:
    return door.post("/login", data={"login": login, "password": password, **more})


def test_the_right_password_opens_the_queue_and_only_the_hash_of_the_token_is_kept(
    door: TestClient, workplace: Workplace
) -> None:
    answer = enter(door, login=" Inspector ")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    token = door.cookies[COOKIE]
    with workplace.database.read() as session:
        hashes = {row.token_hash for row in session.execute(select(SessionRow)).scalars()}
    assert token_hash(token) in hashes
    assert token not in hashes
    assert door.get("/").status_code == 200


@pytest.mark.parametrize(
    ("login", "password"), [("inspector", "wrong"), ("nobody", PASSWORD), ("inspector", "x" * 5000)]
)
def test_a_wrong_login_and_a_wrong_password_look_the_same(door: TestClient, login: str, password: str) -> None:
    answer = enter(door, login, password)

    assert answer.status_code == 401
    assert COOKIE not in door.cookies
    assert "Логин или пароль не подходит" in answer.text


def test_a_closed_account_cannot_log_in_and_its_open_screens_end(door: TestClient, workplace: Workplace) -> None:
    enter(door)
    with workplace.database.write() as session:
        user = people.by_login(session, "inspector")
        assert user is not None
        user.is_active = False

    assert door.get("/").headers["location"] == "/login"
    assert enter(door).status_code == 401


def test_guessing_is_slowed_down_and_the_wait_ends(door: TestClient, workplace: Workplace) -> None:
    for _ in range(6):
        enter(door, password="guess")

    refused = enter(door)
    workplace.clock.advance(timedelta(minutes=15))

    assert refused.status_code == 429
    assert "15 мин" in refused.text
    assert enter(door).status_code == 303


def test_guessing_at_one_account_does_not_lock_another(door: TestClient) -> None:
    for _ in range(6):
        enter(door, login="supervisor", password="guess")

    assert enter(door).status_code == 303


@pytest.mark.parametrize(
    "address", ["//evil.test", "https://evil.test", "/\\evil.test", "javascript:alert(1)", "/a\nb"]
)
def test_a_login_never_leads_to_a_foreign_site(door: TestClient, address: str) -> None:
    assert enter(door, next=address).headers["location"] == "/"


def test_after_the_login_the_page_that_was_wanted_opens(door: TestClient) -> None:
    assert door.get("/tasks/7").headers["location"] == "/login?next=/tasks/7"
    assert enter(door, next="/tasks/7").headers["location"] == "/tasks/7"


def test_a_login_started_by_another_site_is_refused(door: TestClient) -> None:
    answer = door.post(
        "/login", data={"login": "inspector", "password": PASSWORD}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403


def test_logging_out_ends_the_session_on_the_server(workplace: Workplace) -> None:
    token = workplace.anna.client.cookies[COOKIE]

    workplace.anna.send("/logout")
    workplace.anna.client.cookies.set(COOKIE, token)

    assert workplace.anna.client.get("/").status_code == 303


def test_a_session_ends_by_itself(workplace: Workplace) -> None:
    workplace.clock.advance(timedelta(hours=14))

    assert workplace.anna.client.get("/").headers["location"] == "/login"


def test_a_part_asked_for_without_a_login_sends_the_whole_page_to_the_login(workplace: Workplace) -> None:
    workplace.anna.client.cookies.clear()

    answer = workplace.anna.part("/tasks/1")

    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/login")


def test_the_form_speaks_the_language_that_is_chosen_and_remembers_it(door: TestClient) -> None:
    assert "Құпиясөз" in door.get("/login?language=kk").text
    assert "Құпиясөз" in door.get("/login").text
    assert "<script" not in door.get("/login").text
