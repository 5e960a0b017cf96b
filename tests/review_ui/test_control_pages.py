"""The control page: shelves, who may open them, and what one letter does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake109.appeals.course import Status
from intake109.appeals.work import answers
from intake109.appeals.work.answers import Said
from intake109.clock import MovedClock
from intake109.review_ui.control.lists import SHELVES
from intake109.review_ui.control.opened import rounds
from intake109.store import appeals
from intake109.store.tables import AnswerRow, AppealRow, StepRow
from tests.city import RULES
from tests.conftest import NOON
from tests.review_ui.office import Office, empty_database, open_office

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    yield open_office(database, clock, tmp_path)
    database.close()


def row(office: Office, number: str) -> AppealRow:
    with office.database.read() as session:
        found = appeals.by_number(session, number)
    assert found is not None
    return found


def answered(office: Office, number: str, text: str = "Меры приняты.") -> AnswerRow:
    with office.database.write() as session:
        setting = RULES.setting
        return answers.receive(session, row(office, number).id or 0, Said(text), setting, office.clock.now())


def danger(office: Office, number: str) -> None:
    with office.database.write() as session:
        appeals.lock(session, row(office, number).id or 0).is_incident = True


def test_a_doubted_answer_is_shown_with_the_words_it_is_doubted_for(office: Office) -> None:
    number = office.register("1", "Яма")
    answered(office, number, "Яма будет устранена в кратчайшие сроки. <b>")

    page = office.desk("quality").get("/control")

    assert '<mark class="doubt" title="Только обещает и без даты">будет устранена</mark>' in page
    assert "Похоже на отписку" in page
    assert "&lt;b&gt;" in page


@pytest.mark.parametrize("shelf", SHELVES)
def test_every_shelf_opens_empty_and_by_its_key(office: Office, shelf: str) -> None:
    page = office.desk("supervisor").get(f"/control?shelf={shelf}")

    assert f'data-key="Digit{SHELVES.index(shelf) + 1}"' in page
    assert f'href="/control?shelf={shelf}" aria-current="page"' in page


@pytest.mark.parametrize(
    ("role", "status"),
    [("quality", 200), ("supervisor", 200), ("administrator", 200), ("inspector", 403), ("executor", 403)],
)
def test_only_those_who_follow_appeals_to_their_end_see_it(office: Office, role: str, status: int) -> None:
    assert office.desk(role).status("/control") == status


def test_a_formal_reply_goes_back_and_may_be_taken_back(office: Office) -> None:
    number = office.register("1", "Яма")
    answer, desk = answered(office, number), office.desk("quality")

    sent = desk.client.post(
        f"/control/{number}/formal", data={"csrf": desk.csrf, "answer": answer.id, "why": "нет фото"}
    )
    back = row(office, number).status
    undone = desk.post(f"/control/{number}/undo", what="formal")

    assert (sent.status_code, back, undone) == (200, "forwarded", 200)
    assert '"seconds": 10' in sent.headers["hx-trigger"]
    assert row(office, number).status == "answered"


def test_a_missing_reason_is_said_in_words(office: Office) -> None:
    number = office.register("1", "Яма")
    answer, desk = answered(office, number), office.desk("quality")

    refused = desk.client.post(
        f"/control/{number}/formal",
        data={"csrf": desk.csrf, "answer": answer.id, "why": " "},
        headers={"HX-Request": "true"},
    )

    assert refused.status_code == 422
    assert "Напишите причину" in refused.text


def test_an_answer_recorded_by_hand_keeps_its_pictures_for_those_who_may_see_them(office: Office) -> None:
    number, desk = office.register("1", "Яма"), office.desk("quality")

    sent = desk.client.post(
        f"/control/{number}/answer",
        data={"csrf": desk.csrf, "text": "Яма заасфальтирована", "acted_on": "2026-11-20"},
        files=[("files", ("яма.png", PNG, "image/png"))],
    )

    assert sent.status_code == 200
    assert row(office, number).status == "answered"
    address = sent.text.split('href="/media/')[1].split('"')[0]
    picture = desk.client.get(f"/media/{address}")
    assert (picture.status_code, picture.headers["content-type"], picture.content) == (200, "image/png", PNG)
    assert office.desk("executor").status(f"/media/{address}") == 403


def test_danger_is_seen_with_a_picture_and_only_a_picture(office: Office) -> None:
    number, desk = office.register("1", "Люк"), office.desk("supervisor")
    danger(office, number)
    fields = {"csrf": desk.csrf, "how": "spot", "is_safe": "yes"}

    wrong = desk.client.post(
        f"/control/{number}/see", data=fields, files=[("files", ("a.pdf", b"%PDF-1.4", "application/pdf"))]
    )
    right = desk.client.post(f"/control/{number}/see", data=fields, files=[("files", ("a.png", PNG, "image/png"))])

    assert (wrong.status_code, right.status_code) == (422, 200)
    assert "На месте" in right.text
    assert desk.status("/media/" + right.text.split('href="/media/')[1].split('"')[0]) == 200


def test_the_same_acts_stand_on_the_appeal_s_page(office: Office) -> None:
    number = office.register("1", "Яма")
    answer, desk = answered(office, number), office.desk("quality")

    page = desk.get(f"/appeals/{number}")
    sent = desk.client.post(
        f"/control/{number}/accept", data={"csrf": desk.csrf, "answer": answer.id, "back": "appeal"}
    )

    assert f'hx-post="/control/{number}/accept"' in page
    assert sent.headers["hx-redirect"] == f"/appeals/{number}"
    assert f'hx-post="/control/{number}/accept"' not in office.desk("inspector").get(f"/appeals/{number}")


def test_the_oldest_danger_stands_first_with_its_clock(office: Office) -> None:
    first = office.register("1", "Люк")
    office.clock.advance(timedelta(hours=2))
    second = office.register("2", "Провод")
    for number in (first, second):
        danger(office, number)

    page = office.desk("supervisor").get("/control?shelf=incidents")

    assert page.index(f'data-number="{first}"') < page.index(f'data-number="{second}"')
    assert ">2:00:00</time>" in page


def test_another_service_is_looked_for_and_chosen(office: Office) -> None:
    number, desk = office.register("1", "Яма"), office.desk("supervisor")

    found = desk.get(f"/control/{number}/reroute?q=лифт")
    sent = desk.post(f"/control/{number}/reroute", service="LIFT-006", back="reroute")

    assert "service=LIFT-006" in found
    assert (sent, row(office, number).service) == (200, "LIFT-006")


def step(before: str, after: str, number: int = 1) -> StepRow:
    return StepRow(appeal_id=1, round=number, before=before, after=after, at=NOON)


def test_the_course_shows_where_it_stands_and_not_what_was_undone() -> None:
    made = [step("", "forwarded"), step("forwarded", "answered"), step("answered", "forwarded")]

    (only,) = rounds(made, 1, Status.FORWARDED)

    assert [(one.status.value, one.at is not None, one.is_here) for one in only.stations] == [
        ("registered", True, False),
        ("forwarded", True, True),
        ("in_work", False, False),
        ("answered", False, False),
        ("closed", False, False),
    ]


def test_what_stands_aside_stands_beside_where_it_came_from() -> None:
    made = [step("", "forwarded"), step("forwarded", "in_work"), step("in_work", "waiting")]

    (only,) = rounds(made, 1, Status.WAITING)

    assert [one.status.value for one in only.stations] == [
        *("registered", "forwarded", "in_work", "waiting", "answered", "closed")
    ]
    assert [one.is_aside for one in only.stations].index(True) == 3


def test_each_round_has_a_line_of_its_own_the_newest_first() -> None:
    made = [
        *(step("", "forwarded"), step("forwarded", "answered"), step("answered", "closed")),
        *(step("closed", "forwarded", 2), step("forwarded", "in_work", 2)),
    ]

    newest, oldest = rounds(made, 2, Status.IN_WORK)

    assert (newest.number, [one.is_here for one in newest.stations]) == (2, [False, True, False, False])
    assert (oldest.number, [one.at is not None for one in oldest.stations]) == (1, [True, True, False, True, True])
