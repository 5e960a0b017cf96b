"""The editor of the catalogue: administrators write, supervisors look, everybody else stays outside."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from intake109.catalogue.current import CurrentCatalogue
from intake109.catalogue.load import load
from intake109.catalogue.services import SPHERES, Words
from intake109.clock import MovedClock
from intake109.review_ui.app import create_app
from intake109.store import people
from intake109.store.revisions import Revisions
from tests.city import CATALOGUE, Street, hire
from tests.review_ui.office import Desk, Office, empty_database, parts_of

PIT = "/catalogue/service/ROAD-001"
HOSTILE = "<script>alert(1)</script>"
FORM = {
    "opened": "0",
    "ru": "Яма",
    "kk": "Яма",
    "en": "Яма",
    "group": "roads.all",
    "executor": "road_service",
    "danger": "ordinary",
}
FAST = {"deadline": "3h", "deadline_source": "Приказ 7"}


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    """An office whose catalogue is edited: this process sees every edit at once."""
    database = empty_database(sqlite_template, tmp_path)
    staff = {role: hire(database, clock, role, role) for role in people.ROLES}
    base = replace(CATALOGUE, spheres={code: Words(code, code, code) for code in SPHERES})
    current = CurrentCatalogue(base, Revisions(database))
    app = create_app(replace(parts_of(database, clock, tmp_path), current=current))
    yield Office(app, database, clock, Street(database, clock), staff)
    database.close()


def send(desk: Desk, address: str, **fields: str) -> tuple[int, str]:
    answer = desk.client.post(address, data={"csrf": desk.csrf, **fields})
    return answer.status_code, answer.text


def found(desk: Desk, query: str) -> list[str]:
    """Return the services an inspector would find."""
    return [one["code"] for one in desk.client.get("/services", params={"q": query}).json()]


def test_the_tree_shows_spheres_groups_and_services(office: Office) -> None:
    desk = office.desk("supervisor")

    page = desk.get("/catalogue?sphere=roads")

    assert "ROAD-001" in page
    assert "Группа" in page
    assert "5 рабочих дней" in page
    assert "GAS-003" not in page
    assert "GAS-003" in desk.get("/catalogue?q=газ")


def test_an_edit_is_saved_shown_with_its_author_and_counts_at_once(office: Office) -> None:
    desk = office.desk("administrator")

    status, _ = send(desk, PIT, **{**FORM, **FAST, "ru": f"Провал {HOSTILE}", "note": "Приказ акима"})

    page = desk.get(f"{PIT}?done=catalogue_edited&n=1")
    assert status == 303
    assert "изменено у нас" in page
    assert "<ins>3 часа</ins>" in page
    assert "Приказ акима" in page
    assert "Administrator" in page
    assert HOSTILE not in page
    assert found(desk, "провал") == ["ROAD-001"]
    assert "ROAD-001" in desk.get("/catalogue?only=edited")


def test_phrases_stand_one_a_line_and_asks_must_be_known(office: Office) -> None:
    desk = office.desk("administrator")

    send(desk, PIT, **{**FORM, "phrases.ru": "яма  на дороге\r\n\r\nвыбоина\nвыбоина", "answer.ru": "", "ask": ""})

    page = desk.get(PIT)
    assert "яма на дороге\nвыбоина</textarea>" in page
    assert "<ins>выбоина</ins>" in page
    assert send(desk, PIT, **{**FORM, "opened": "1", "ask": "colour"})[0] == 422


def test_what_breaks_a_rule_is_said_and_kept_as_typed(office: Office) -> None:
    desk = office.desk("administrator")

    status, page = send(desk, PIT, **{**FORM, "deadline": "скоро", "deadline_source": "x", "kk": "Шұңқыр"})

    assert status == 422
    assert "Срок пишут как 3h, 5wd или 15d" in page
    assert 'value="скоро"' in page
    assert 'value="Шұңқыр"' in page
    assert "изменено у нас" not in desk.get(PIT)


def test_the_second_editor_sees_the_difference_and_both_edits_together(office: Office) -> None:
    first, second = office.desk("administrator"), office.desk("administrator")
    send(first, PIT, **{**FORM, **FAST})

    status, page = send(second, PIT, **{**FORM, "ru": "Провал"})

    assert status == 409
    assert "Пока вы правили, Administrator уже сохранил(а) свои изменения" in page
    assert 'value="3h"' in page, "theirs"
    assert 'value="Провал"' in page, "mine"
    assert 'name="opened" value="1"' in page
    assert "Яма" in first.get(PIT), "nothing is overwritten yet"


def test_a_retired_service_is_chosen_no_more_and_still_found_in_appeals(office: Office) -> None:
    number = office.register("1", "Яма на Абая", address="Абая 10")
    desk = office.desk("administrator")

    status, _ = send(desk, f"{PIT}/retire", opened="0", note="передано области")

    assert status == 303
    assert found(desk, "яма") == []
    assert "Яма" in desk.get(f"/appeals/{number}")
    assert number in desk.get("/appeals?q=яма&sphere=roads")
    assert "ROAD-001" in desk.get("/catalogue?only=retired")


def test_what_was_retired_comes_back_and_an_old_version_too(office: Office) -> None:
    desk = office.desk("administrator")
    send(desk, PIT, **{**FORM, **FAST})
    send(desk, f"{PIT}/retire", opened="1")

    assert send(desk, f"{PIT}/restore", opened="2")[0] == 303
    assert found(desk, "яма") == ["ROAD-001"]
    assert send(desk, f"{PIT}/undo", opened="3", version="0")[0] == 303

    page = desk.get(PIT)
    assert 'name="deadline" value=""' in page
    assert "изменено у нас" not in page
    assert page.count("Вернуть как было") == 4


def test_an_act_on_a_page_that_is_out_of_date_is_refused_with_the_news(office: Office) -> None:
    desk = office.desk("administrator")
    send(desk, PIT, **{**FORM, **FAST})

    status, page = send(desk, f"{PIT}/retire", opened="0")

    assert status == 409
    assert "<ins>3 часа</ins>" in page
    assert found(desk, "яма") == ["ROAD-001"]


def test_a_new_service_gets_a_code_of_the_centre_and_can_be_chosen(office: Office) -> None:
    desk = office.desk("administrator")
    form = desk.get("/catalogue/add/service?sphere=roads")

    fields = {**FORM, "opened": "", "code": "ROAD-901", "ru": "Лежачий", "kk": "Жатқан", "en": "Hump"}
    status, _ = send(desk, "/catalogue/add/service", **fields)

    assert 'value="ROAD-901"' in form
    assert status == 303
    assert found(desk, "лежачий") == ["ROAD-901"]
    again, page = send(desk, "/catalogue/add/service", **{**fields, "ru": "a", "kk": "b", "en": "c"})
    assert (again, "Этот код занят" in page) == (422, True)


def test_executors_stand_under_curators_and_cannot_leave_while_in_use(office: Office) -> None:
    desk = office.desk("administrator")
    names = {"ru": "Зам по ЖКХ", "kk": "ТКШ орынбасары", "en": "Deputy"}

    assert send(desk, "/catalogue/add/curator", opened="", code="deputy", **names)[0] == 303
    roads = {"opened": "0", "ru": "Дороги", "kk": "Жол", "en": "Roads", "curator": "deputy"}
    assert send(desk, "/catalogue/executor/road_service", **roads)[0] == 303

    assert "Зам по ЖКХ" in desk.get("/catalogue/executor")
    assert "1 исполнитель" in desk.get("/catalogue/curator")
    status, page = send(desk, "/catalogue/executor/road_service/retire", opened="1")
    assert (status, "Это ещё используется: ROAD-001" in page) == (422, True)
    assert send(desk, "/catalogue/curator/deputy/retire", opened="1")[0] == 422


def test_groups_are_renamed_and_added(office: Office) -> None:
    desk = office.desk("administrator")
    names = {"ru": "Мосты", "kk": "Көпірлер", "en": "Bridges"}

    assert send(desk, "/catalogue/add/group", opened="", code="roads.bridges", **names)[0] == 303
    assert send(desk, "/catalogue/add/group", opened="", code="bridges", **names)[0] == 422

    assert "Мосты" in desk.get("/catalogue/group")
    assert 'value="roads.bridges"' in desk.get(PIT)


def test_questions_are_added_asked_and_leave_only_unused(office: Office) -> None:
    desk = office.desk("administrator")
    names = {"ru": "Номер счётчика", "kk": "Есептегіш нөмірі", "en": "Meter number"}

    assert send(desk, "/catalogue/add/ask", opened="", code="meter_number", **names)[0] == 303
    assert send(desk, PIT, **{**FORM, "ask": "meter_number"})[0] == 303

    assert "Номер счётчика" in desk.get("/catalogue/ask")
    status, page = send(desk, "/catalogue/ask/meter_number/retire", opened="1")
    assert (status, "Это ещё используется: ROAD-001" in page) == (422, True)
    send(desk, PIT, **{**FORM, "opened": "1"})
    assert send(desk, "/catalogue/ask/meter_number/retire", opened="1")[0] == 303
    assert 'value="meter_number"' not in desk.get(PIT)


def test_a_sphere_is_renamed_and_neither_added_nor_retired(office: Office) -> None:
    desk = office.desk("administrator")
    names = {"ru": "Дороги города", "kk": "Қала жолдары", "en": "City roads"}

    assert send(desk, "/catalogue/sphere/roads", opened="0", note="как в приказе", **names)[0] == 303

    assert "Дороги города" in desk.get("/catalogue?sphere=roads")
    page = desk.get("/catalogue/sphere/roads")
    assert "как в приказе" in page
    assert "Вывести из каталога" not in page
    assert send(desk, "/catalogue/sphere/roads/retire", opened="1")[0] == 422
    assert desk.status("/catalogue/add/sphere") == 404


def test_a_phrase_like_another_is_warned_of_while_typing(office: Office) -> None:
    desk = office.desk("administrator")
    send(desk, PIT, **{**FORM, "phrases.ru": "колесо пробил на яме"})
    headers = {"X-CSRF-Token": desk.csrf}

    typed = {"code": "GAS-003", "phrases.ru": "запах газа\nколесо пробила на яме"}
    page = desk.client.post("/catalogue/likeness", data=typed, headers=headers).text

    assert "«колесо пробила на яме» ≈ «колесо пробил на яме»" in page
    assert "запах" not in page


def test_what_is_downloaded_is_the_catalogue_as_it_is_now(office: Office, tmp_path: Path) -> None:
    desk = office.desk("supervisor")
    send(office.desk("administrator"), PIT, **{**FORM, **FAST})

    answer = desk.client.get("/catalogue/download")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as folder:
        folder.extractall(tmp_path / "out")
    assert load(tmp_path / "out" / "catalogue").services["ROAD-001"].deadline == "3h"
    assert answer.headers["content-disposition"] == 'attachment; filename="catalogue-2026-11-20.zip"'


def test_supervisors_look_and_inspectors_stay_outside(office: Office) -> None:
    supervisor, inspector = office.desk("supervisor"), office.desk("inspector")

    page = supervisor.get(PIT)

    assert '<fieldset class="bare" disabled>' in page
    assert "Вывести из каталога" not in page
    assert send(supervisor, PIT, **FORM)[0] == 403
    assert send(supervisor, f"{PIT}/retire", opened="0")[0] == 403
    assert inspector.status("/catalogue") == 403
    assert office.desk("administrator").forge(PIT, **FORM) == 403


@pytest.mark.parametrize("address", ["/catalogue/service/NO-001", "/catalogue/executor/nobody", "/catalogue/thing/x"])
def test_what_is_not_there_is_not_found(office: Office, address: str) -> None:
    assert office.desk("administrator").status(address) in {404, 422}
