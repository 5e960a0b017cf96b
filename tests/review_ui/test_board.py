"""The board in the hall: opened by a link, full of figures, without names and without citizens' words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from intake109.clock import MovedClock
from intake109.review_ui.live.feed import News
from intake109.review_ui.routes.board import _told
from intake109.store import audit
from intake109.store.tables import BoardLinkRow, HealthRow
from tests.city import said
from tests.review_ui.office import Desk, Office, empty_database, open_office

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    yield open_office(database, clock, tmp_path)
    database.close()


def made(administrator: Desk, language: str = "kk") -> str:
    """Make a link and return its address."""
    fields = {"csrf": administrator.csrf, "name": "Холл", "language": language}
    page = administrator.client.post("/board/links", data=fields).text
    found = re.search(r'class="board-key">http://[^/]+([^<]+)<', page)
    assert found is not None
    return found[1]


def screen(office: Office) -> TestClient:
    """Return a browser nobody has logged in to."""
    return TestClient(office.app, base_url="http://desk.test", follow_redirects=False)


def figures(page: str) -> list[str]:
    """Return the figures of today, as they stand on the board."""
    return [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<dd[^>]*>(.*?)</dd>", page)]


def test_a_link_opens_the_board_without_an_account_and_its_key_leaves_the_address(office: Office) -> None:
    hall = screen(office)

    answer = hall.get(made(office.desk("administrator")))
    page = hall.get(answer.headers["location"])

    assert (answer.status_code, answer.headers["location"]) == (303, "/board/screen")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert page.status_code == hall.get("/board/figures").status_code == 200
    assert "Байланыс орталығы бүгін" in page.text
    assert hall.get("/appeals").status_code in (303, 401)  # the link opens nothing else


def test_a_revoked_link_and_a_guessed_one_open_nothing(office: Office) -> None:
    administrator, hall = office.desk("administrator"), screen(office)
    hall.get(made(administrator))
    before = hall.get("/board/screen").status_code

    administrator.post("/board/links/1/revoke")

    assert before == 200
    assert [hall.get(f"/board/{page}").status_code for page in ("screen", "figures", "events")] == [403, 403, 403]
    assert screen(office).get("/board?key=guessed").status_code == 403
    assert screen(office).get("/board/figures").status_code in (303, 401)
    assert administrator.post("/board/links/1/revoke") == 404


def test_only_a_hash_of_the_key_is_kept_and_who_made_it_is_known(office: Office) -> None:
    address = made(office.desk("administrator"))

    with office.database.read() as session:
        row = session.get_one(BoardLinkRow, 1)
        noted = [(one.action, one.actor_id) for one in audit.of(session, "board link", 1)]

    key = address.removeprefix("/board?key=")
    assert key not in row.token_hash
    assert len(key) >= 40
    assert noted == [("made", office.staff["administrator"])]
    assert key not in office.desk("administrator").get("/board/links")


@pytest.mark.parametrize("role", ["inspector", "supervisor", "quality", "executor"])
def test_links_are_the_administrators(office: Office, role: str) -> None:
    desk = office.desk(role)

    assert desk.status("/board/links") == 403
    assert desk.post("/board/links", name="Холл", language="ru") == 403


def test_the_staff_sees_the_board_and_an_executor_does_not(office: Office) -> None:
    seen = {role: office.desk(role).status("/board/screen") for role in ("inspector", "supervisor", "quality")}

    assert set(seen.values()) == {200}
    assert office.desk("executor").status("/board/screen") == 403


def test_it_bears_no_names_no_words_of_citizens_and_no_addresses(office: Office) -> None:
    office.register("a", "Открытый люк у дома Сериковых", address="Абая 10 кв 7")
    office.street.hear(said("b", "Яма, звоните Айгуль", office.clock.now(), author="aigul"))

    page = office.desk("supervisor").get("/board/screen")

    assert not re.search(r"Серик|Айгуль|aigul|citizen|Абая|кв 7|Inspector", page)


def test_figures_of_today_and_a_new_day_begins_at_the_citys_midnight(office: Office) -> None:
    office.register("a", "Яма")
    office.register("b", "Яма")
    office.street.hear(said("c", "Яма", office.clock.now(), author="c"))

    today = figures(office.desk("supervisor").get("/board/screen"))
    office.clock.advance(13 * timedelta(hours=1))  # noon in UTC is the afternoon of the city
    tomorrow = figures(office.desk("supervisor").get("/board/screen"))

    assert today == ["3", "2", "100%", "100%", "0%", "1мин"]  # what still has time breaks nothing
    assert tomorrow == ["0", "0", "—", "—", "—", "—"]


@pytest.mark.parametrize(("minutes", "colour"), [(14, "calm"), (15, "due"), (20, "late")])
def test_the_oldest_clock_is_coloured_by_the_promise(office: Office, minutes: int, colour: str) -> None:
    office.street.hear(said("a", "Яма", office.clock.now(), author="a"))
    office.clock.advance(minutes * MINUTE)

    page = office.desk("supervisor").get("/board/figures")

    assert f'class="card waiting {colour}"' in page


def test_a_blind_channel_is_told_with_its_name_and_since_when(office: Office) -> None:
    calm = office.desk("supervisor").get("/board/figures")
    with office.database.write() as session:
        lost_at = office.clock.now() - 3600 * timedelta(seconds=1)
        session.add(HealthRow(name="telegram.poll", channel="telegram", last_good_at=lost_at, errors_in_row=9))

    page = office.desk("supervisor").get("/board/figures?language=en")

    assert "Все каналы на связи" in calm
    assert "A channel cannot be seen" in page
    assert re.search(r"Telegram since \d\d:\d\d", page)


def test_a_hall_hears_how_much_waits_and_nothing_of_what() -> None:
    told = {"now": 5, "counts": {"queue": 2, "oldest": None, "desk": "x"}, "tasks": [{"holder_name": "Анна"}]}

    event = _told(News("changes", 7, json.dumps(told)))

    assert json.loads(str(event.data)) == {"now": 5, "counts": {"queue": 2, "oldest": None}}


def test_a_link_needs_a_place_and_a_language_of_ours(office: Office) -> None:
    administrator = office.desk("administrator")

    assert administrator.post("/board/links", name="  ", language="ru") == 422
    assert administrator.post("/board/links", name="Холл", language="de") == 422
