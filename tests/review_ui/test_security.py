"""What must hold on every page: headers, logins, tokens, roles, and citizens' words that stay words."""

from __future__ import annotations

import re

import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from intake109 import errors
from intake109.errors import IntakeError
from intake109.model import Parent
from intake109.review_ui.access.auth import COOKIE
from intake109.review_ui.access.security import STATUS, status_of
from tests.review_ui.workplace import Workplace, photo

HOSTILE = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{7*7}}"
OPEN = ("/login", "/webhooks/", "/form", "/x/", "/metrics", "/alive", "/healthz", "/static/", "/website/", "/ready")
"""Addresses that answer without a login."""


def routes(workplace: Workplace) -> list[APIRoute]:
    def flat(found: list[BaseRoute]) -> list[APIRoute]:
        kept: list[APIRoute] = []
        for one in found:
            if isinstance(one, APIRoute):
                kept.append(one)
            else:
                kept += flat(list(getattr(one, "routes", None) or []))
        return kept

    return flat(list(workplace.office.app.routes))


def test_every_page_carries_the_headers(workplace: Workplace) -> None:
    answer = workplace.anna.client.get("/")

    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert workplace.anna.client.get("/nowhere").headers["x-content-type-options"] == "nosniff"


def test_nothing_answers_without_a_login_but_what_is_meant_to(workplace: Workplace) -> None:
    client = workplace.anna.client
    client.cookies.clear()
    answered = []

    for route in routes(workplace):
        address = re.sub(r"\{[^}]*\}", "1", route.path)
        if address.startswith(OPEN):
            continue
        for method in route.methods or ():
            status = client.request(method, address).status_code
            if status not in {303, 401}:
                answered.append((method, address, status))

    assert answered == []


def test_nothing_changes_without_the_token_of_our_own_page(workplace: Workplace) -> None:
    changed = []

    for route in routes(workplace):
        address = re.sub(r"\{[^}]*\}", "1", route.path)
        if address.startswith(OPEN):
            continue
        for method in set(route.methods or ()) - {"GET", "HEAD"}:
            answer = workplace.anna.client.request(method, address, data={"csrf": "guessed"})
            if answer.status_code != 403:
                changed.append((method, address, answer.status_code))

    assert changed == []


def test_a_request_another_site_has_started_is_refused_even_with_the_token(workplace: Workplace) -> None:
    headers = {"X-CSRF-Token": workplace.anna.csrf, "Sec-Fetch-Site": "cross-site"}

    assert workplace.anna.client.post("/queue/next", headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("role", "reads", "decides"),
    [
        ("inspector", 200, 200),
        ("supervisor", 200, 200),
        ("administrator", 200, 200),
        ("quality", 200, 403),
        ("executor", 403, 403),
    ],
)
def test_each_role_sees_and_does_what_is_its_own(workplace: Workplace, role: str, reads: int, decides: int) -> None:
    task_id = workplace.waits()
    desk = workplace.office.desk(role)

    assert desk.client.get(f"/tasks/{task_id}").status_code == reads
    assert desk.post(f"/tasks/{task_id}/claim") == decides


def test_citizens_words_are_never_html(workplace: Workplace) -> None:
    task_id = workplace.waits(
        HOSTILE,
        attachments=photo(HOSTILE),
        permalink="javascript:alert(3)",
        parent=Parent("post", HOSTILE, HOSTILE, "javascript:alert(4)"),
    )
    with workplace.database.write() as session:
        row = session.get(type(workplace.task(task_id)), task_id)
        assert row is not None

    for page in (workplace.anna.page("/"), workplace.anna.open(task_id), workplace.anna.part("/search?q=onerror").text):
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert "49" not in re.findall(r"alert\(2\)[^<]{0,20}", page)
        assert 'href="javascript:' not in page
        assert "&lt;img src=x" in page


def test_a_hostile_name_and_draft_stay_words(workplace: Workplace) -> None:
    task_id = workplace.waits("Яма", author=HOSTILE)
    workplace.anna.send(f"/tasks/{task_id}/draft", address=HOSTILE, note=HOSTILE, reply=HOSTILE)

    page = workplace.anna.open(task_id)

    assert "<script>alert" not in page
    assert 'onerror=alert(1)>"' not in page


def test_every_error_of_the_tree_has_a_status() -> None:
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, IntakeError)]

    missing = [
        one.__name__ for one in kinds if one is not IntakeError and not any(base in STATUS for base in one.__mro__)
    ]

    assert missing == []
    assert status_of(IntakeError("unknown")) == 500


def test_an_unknown_page_is_shown_in_the_viewers_language(workplace: Workplace) -> None:
    workplace.anna.send("/preferences", language="kk")

    answer = workplace.anna.client.get("/tasks/999")

    assert answer.status_code == 404
    assert "Мұндай бет жоқ" in answer.text


def test_the_session_cookie_is_all_that_lets_in(workplace: Workplace) -> None:
    workplace.anna.client.cookies.set(COOKIE, "guessed")

    assert workplace.anna.client.get("/").status_code == 303
