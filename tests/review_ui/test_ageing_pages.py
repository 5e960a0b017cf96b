"""Yellow, red and the reminder on the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake109.clock import MovedClock
from intake109.store import appeals
from tests.review_ui.office import Office, empty_database, open_office

DAY = timedelta(days=1)


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    yield open_office(database, clock, tmp_path)
    database.close()


def numbers(page: str) -> list[str]:
    """Return the numbers of a list, in its order."""
    return re.findall(r'class="number" href="/appeals/([\d-]+)"', page)


def test_a_page_says_in_one_line_how_its_date_was_counted_in_three_languages(office: Office) -> None:
    number = office.register("a", "Яма")
    with office.database.write() as session:
        row = appeals.by_number(session, number)
        assert row is not None
        skipped = [{"day": f"2026-12-{day}", "ru": "праздник", "kk": "мереке", "en": "holiday"} for day in (16, 17)]
        row.deadline_why = {"norm": "5wd", "from": "2026-12-14", "skipped": skipped, "waited_s": 2 * 86400}
    supervisor = office.desk("supervisor")

    said = []
    for language in ("ru", "kk", "en"):
        supervisor.post("/preferences", language=language)
        found = re.search(r'class="term-why"[^>]*>([^<]+)<', supervisor.get(f"/appeals/{number}"))
        said.append(found[1] if found else "")

    assert said == [
        "5 рабочих дней; 16–17 декабря — праздник; плюс 2 дня ожидания ответа жителя",
        "5 жұмыс күні; 16–17 желтоқсан — мереке; тұрғынның жауабын күткен 2 күн қосылды",
        "5 working days; December 16–17: holiday; plus 2 days of waiting for the citizen",
    ]


def test_red_is_listed_with_the_most_late_first_and_page_by_page(office: Office) -> None:
    first = office.register("a", "Яма")
    office.clock.advance(DAY)
    second = office.register("b", "Яма")
    supervisor = office.desk("supervisor")
    calm = supervisor.get("/appeals?age=red")
    office.clock.advance(30 * DAY)
    supervisor = office.desk("supervisor")

    red = supervisor.get("/appeals?age=red")

    assert numbers(calm) == []
    assert "Сейчас таких обращений нет" in calm
    assert numbers(red) == [first, second]
    assert numbers(supervisor.get("/appeals?age=red&before=1")) == [second]
    assert "просрочено" in red


def test_yellow_is_the_last_working_day(office: Office) -> None:
    number = office.register("a", "Яма")
    office.clock.advance(5 * DAY)
    early = numbers(office.desk("supervisor").get("/appeals?age=yellow"))
    office.clock.advance(2 * DAY)

    late = office.desk("supervisor").get("/appeals?age=yellow")

    assert early == []
    assert numbers(late) == [number]
    assert "срок близко" in late


def test_a_reminder_is_sent_by_one_key_and_taken_back(office: Office) -> None:
    number = office.register("a", "Яма")
    quality = office.desk("quality")
    before = quality.get(f"/appeals/{number}")

    headers = {"X-CSRF-Token": quality.csrf, "HX-Request": "true"}
    done, again, undone = (
        quality.client.post(f"/appeals/{number}/{what}", headers=headers) for what in ("press", "press", "unpress")
    )

    assert 'data-key="KeyP"' in before
    assert "Напомнили исполнителю" in done.text
    assert 'data-key="KeyU"' in done.text
    assert again.status_code == 409
    assert 'data-key="KeyP"' in undone.text


def test_an_executor_neither_reminds_itself_nor_sees_how_much_is_late(office: Office) -> None:
    number = office.register("a", "Яма")
    office.clock.advance(30 * DAY)
    executor = office.desk("executor")

    answer = executor.client.post(f"/appeals/{number}/press", headers={"X-CSRF-Token": executor.csrf})

    assert answer.status_code == 403
    assert "?age=red" not in executor.get("/appeals")


def test_the_form_says_how_the_date_of_a_service_was_counted(office: Office) -> None:
    card = office.desk("inspector").client.get("/services?q=Яма").json()[0]

    assert card["whys"] == {"ordinary": "5 рабочих дней", "incident": "24 часа"}
    assert card["terms"].keys() == card["whys"].keys()
