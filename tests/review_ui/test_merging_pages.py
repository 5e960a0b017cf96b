"""Appeals that are one case, on the pages: looked for, previewed, merged, split, parted, and taken up again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake109.clock import MovedClock
from intake109.queue import decisions
from intake109.queue.decisions import Form
from intake109.store import appeals
from intake109.store.tables import AppealRow
from tests.city import RULES, said
from tests.review_ui.office import Office, empty_database, newest_task, open_office
from tests.review_ui.workplace import Screen, Workplace, told


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


def test_what_lies_near_is_offered_with_its_reason_before_anything_is_typed(office: Office) -> None:
    first = office.register("1", "Яма на Абая 10", address="Абая 10")
    second = office.register("2", "Яма у Абая 10", address="Абая 10")

    page = office.desk("inspector").get(f"/appeals/{second}/merge")

    assert f"merge?into={first}" in page
    assert "тот же дом" in page


def test_a_number_or_an_address_finds_what_is_not_near(office: Office) -> None:
    first = office.register("1", "Яма", address="Абая 10")
    second = office.register("2", "Яма", address="Сатпаева 22")
    desk = office.desk("inspector")

    by_number, by_address = (
        desk.get(f"/appeals/{first}/merge?q={second}"),
        desk.get(f"/appeals/{first}/merge?q=Сатпаева"),
    )

    assert f"into={second}" in by_number
    assert f"into={second}" in by_address
    assert f"into={first}" not in by_address


def test_the_preview_says_what_will_happen_and_changes_nothing(office: Office) -> None:
    first, second = office.register("1", "Яма"), office.register("2", "Яма")

    page = office.desk("inspector").get(f"/appeals/{second}/merge?into={first}")

    assert f"№ {second} войдёт в № {first}" in page
    assert "1 заявитель узнает об этом" in page
    assert "отдельных работ не нужно" in page
    assert row(office, second).merged_into is None


def test_merging_and_splitting_are_seen_on_both_pages(office: Office) -> None:
    first, second = office.register("1", "Яма"), office.register("2", "Яма")
    desk = office.desk("inspector")

    merged = desk.post(f"/appeals/{second}/merge", into=first)
    page, other = desk.get(f"/appeals/{first}"), desk.get(f"/appeals/{second}")
    split = desk.post(f"/appeals/{second}/split")
    after = desk.get(f"/appeals/{first}")

    assert (merged, split) == (303, 303)
    assert "2 заявителя" in page
    assert f"знает № {second}" in page
    assert f"Присоединено обращение: № {second}" in page
    assert f'<a href="/appeals/{first}">№ {first}</a>' in other
    assert "1 заявитель" in after
    assert f"Отделено обращение: № {second}" in after


def test_who_joined_since_is_asked_about_before_a_split(office: Office) -> None:
    first, second = office.register("1", "Яма"), office.register("2", "Яма")
    desk = office.desk("inspector")
    desk.post(f"/appeals/{second}/merge", into=first)
    before = desk.get(f"/appeals/{second}/split")
    office.clock.advance(timedelta(minutes=1))
    office.street.hear(said("3", "И тут яма", office.clock.now(), author="timur"))
    task = newest_task(office.database)
    with office.database.write() as session:
        form = Form("ROAD-001", reply="№ {number}")
        decisions.attach(session, task, office.staff["inspector"], second, form, RULES, office.clock.now())

    page = desk.get(f"/appeals/{second}/split")

    assert f"№ {second} снова станет отдельным" in before
    assert "1 заявитель уйдёт с ним" in before
    assert "Пришли после" not in before
    assert "Пришли после" in page
    assert "Timur" in page


def test_one_citizen_gets_an_appeal_with_the_chosen_service_and_address(office: Office) -> None:
    first, second = office.register("1", "Яма"), office.register("2", "Не работает лифт")
    desk = office.desk("inspector")
    desk.post(f"/appeals/{second}/merge", into=first)

    page = desk.get(f"/appeals/{first}/part/2")
    fields = {"csrf": desk.csrf, "service": "LIFT-006", "address": "Абая 12"}
    done = desk.client.post(f"/appeals/{first}/part/2", data=fields).status_code

    assert "Не работает лифт" in page
    assert done == 303
    own = row(office, "2026-000003")
    assert (own.service, own.address) == ("LIFT-006", "Абая 12")


def test_what_cannot_be_is_refused_in_words(office: Office) -> None:
    first, second = office.register("1", "Яма"), office.register("2", "Яма")
    with office.database.write() as session:
        found = session.get_one(AppealRow, 2)
        found.status, found.closed_at = "closed", office.clock.now()
    desk = office.desk("inspector")

    page = desk.get(f"/appeals/{first}/merge?into={second}")

    assert "То обращение закрыто" in page
    assert desk.post(f"/appeals/{first}/merge", into=second) == 422
    assert desk.post(f"/appeals/{first}/merge", into=first) == 422
    assert desk.status("/appeals/2020-999999/merge") == 404


def test_only_who_decides_may_merge(office: Office) -> None:
    first, second = office.register("1", "Яма"), office.register("2", "Яма")

    assert office.desk("executor").post(f"/appeals/{second}/merge", into=first) == 403
    assert office.desk("inspector").forge(f"/appeals/{second}/merge", into=first) == 403
    assert "/merge" not in office.desk("executor").get(f"/appeals/{first}")


def close(workplace: Workplace, number: str) -> None:
    with workplace.database.write() as session:
        found = appeals.by_number(session, number)
        assert found is not None
        found.status, found.closed_at = "closed", workplace.clock.now()


def again(workplace: Workplace) -> Screen:
    """Log in on another day."""
    return Screen(workplace.office.desk("inspector"))


def test_a_problem_that_is_back_is_offered_and_taken_up_with_one_key(workplace: Workplace) -> None:
    workplace.anna.decide(workplace.waits("Яма на Абая 10"), address="Абая 10", place_key="абая 10")
    close(workplace, "2026-000001")
    workplace.clock.advance(timedelta(days=3))
    task, anna = workplace.waits("Опять яма, Абая 10"), again(workplace)

    page = anna.open(task)
    answer = anna.send(f"/tasks/{task}/reopen", number="2026-000001")

    assert "Похоже, вернулось: № 2026-000001" in page
    assert "закрыто 3 дня назад" in page
    assert told(answer)["decided"]["outcome"] == "reopened"
    found = row(workplace.office, "2026-000001")
    assert (found.round, found.status, found.closed_at) == (2, "forwarded", None)
    assert "круг 2" in workplace.office.desk("inspector").get("/appeals/2026-000001")


def test_what_was_closed_long_ago_is_not_offered(workplace: Workplace) -> None:
    workplace.anna.decide(workplace.waits("Яма на Абая 10"), address="Абая 10", place_key="абая 10")
    close(workplace, "2026-000001")
    workplace.clock.advance(timedelta(days=31))

    page = again(workplace).open(workplace.waits("Опять яма, Абая 10"))

    assert "Опять яма" in page
    assert "Похоже, вернулось" not in page


def test_another_house_has_a_problem_of_its_own(workplace: Workplace) -> None:
    workplace.anna.decide(workplace.waits("Яма на Абая 10"), address="Абая 10", place_key="абая 10")
    close(workplace, "2026-000001")
    workplace.clock.advance(timedelta(days=3))

    page = again(workplace).open(workplace.waits("Яма на Кривогуза 5"))

    assert "Кривогуза 5" in page
    assert "Похоже, вернулось" not in page
