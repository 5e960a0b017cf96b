"""Organisations and the places they answer for, entered and read from tables by an administrator."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from intake109.classifier.place.gazetteer import Gazetteer, Named, NameKind
from intake109.clock import MovedClock
from intake109.config import City
from intake109.review_ui.parts import announcements_of
from intake109.review_ui.routing import exporting, reading
from intake109.store import audit, organisations
from intake109.store.tables import AppealRow, OrganisationRow, RouteRow, RoutingDraftRow
from tests.city import CATALOGUE
from tests.conftest import NOON
from tests.organisations import city_wide, found
from tests.review_ui.office import Desk, Office, empty_database, open_office

NEW_LINE = "\n"
HEADING = "Код;Вид исполнителя;Название;Способ;Адрес;Весь город"
ROADS = {"code": "roads-1", "executor": "road_service", "name_ru": "ТОО Дороги", "way": "page", "is_active": "yes"}


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    yield open_office(database, clock, tmp_path)
    database.close()


def upload(desk: Desk, kind: str, content: str, encoding: str = "utf-8") -> str:
    """Send a table and return the address of what was read."""
    answer = desk.client.post(
        f"/routing-drafts/{kind}",
        data={"csrf": desk.csrf},
        files={"file": ("table.csv", content.encode(encoding), "text/csv")},
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def routes(office: Office) -> set[tuple[str, str, str]]:
    with office.database.read() as session:
        return {(row.kind, row.key, row.organisation) for row in session.execute(select(RouteRow)).scalars()}


def codes(office: Office) -> list[str]:
    with office.database.read() as session:
        return [row.code for row in organisations.all_of(session)]


def test_an_organisation_for_the_whole_city_gets_the_next_appeal(office: Office) -> None:
    desk = office.desk("administrator")

    assert desk.post("/organisations/new", **ROADS, is_city="yes") == 303

    assert "ТОО Дороги" in desk.get("/organisations")
    assert routes(office) == {("city", "", "roads-1")}
    with office.database.read() as session:
        (row,) = session.execute(select(OrganisationRow)).scalars()
        done = [one.action for one in audit.of(session, "organisation", row.id or 0)]
    assert done == ["organisation entered", "route set"]
    number = office.register("1", "Яма")
    assert "ТОО Дороги" in desk.get(f"/appeals/{number}")
    with office.database.read() as session:
        assert [one.organisation for one in session.execute(select(AppealRow)).scalars()] == ["roads-1"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", "Дороги"), ("executor", "nobody"), ("name_ru", " "), ("way", "pigeon"), ("superior_email", "x")],
)
def test_what_breaks_a_rule_is_said_and_what_was_typed_stays(office: Office, field: str, value: str) -> None:
    desk = office.desk("administrator")

    answer = desk.client.post("/organisations/new", data={"csrf": desk.csrf, **ROADS, "name_kk": "Жол", field: value})

    assert answer.status_code == 422
    assert "Жол" in answer.text
    assert codes(office) == []


def test_mail_needs_a_mailbox_and_telegram_a_chat(office: Office) -> None:
    desk = office.desk("administrator")

    def enter(way: str, address: str) -> int:
        fields = {"csrf": desk.csrf, **ROADS, "way": way, "address": address}
        return desk.client.post("/organisations/new", data=fields).status_code

    refused = [enter(way, "x") for way in ("email", "telegram")]

    assert refused == [422, 422]
    assert enter("email", "a@b.kz") == 303


def test_a_table_is_looked_at_before_it_counts(office: Office) -> None:
    desk = office.desk("administrator")
    table = "\n".join(
        (
            HEADING,
            "roads-1;Дорожная служба;ТОО Дороги;почта;a@b.kz;да",
            "roads-2;Дирижабли;ТОО Небо;;;",
            "roads-3;road_service;=HYPERLINK(1);;;",
        )
    )

    address = upload(desk, "organisations", table, "cp1251")

    page = desk.get(address)
    assert "ТОО Дороги" in page
    assert "Дирижабли" in page
    assert codes(office) == []
    assert desk.post(f"{address}/save") == 303
    assert codes(office) == ["roads-1"]
    assert routes(office) == {("city", "", "roads-1")}


def test_a_table_of_addresses_gives_houses_streets_and_objects(office: Office) -> None:
    city_wide(office.database, office.clock, "roads-1")
    desk = office.desk("administrator")
    table = "\n".join(
        (
            "организация,улица,дома,район,объект",
            'roads-1,Абая,"10-14 чётные, 21а",,',
            "roads-1,Мира,,,",
            "roads-1,,,,Школа 5",
            "roads-9,Абая,1,,",
            "roads-1,,,,",
        )
    )

    address = upload(desk, "routes", table)
    page = desk.get(address)
    desk.post(f"{address}/save")

    found = routes(office)
    kinds = sorted(kind for kind, _, _ in found)
    assert kinds == ["city", "house", "house", "house", "house", "landmark", "street"]
    assert "roads-9" in page
    assert len({key for kind, key, _ in found if kind == "house"}) == 4


def test_a_table_saved_twice_is_saved_once(office: Office) -> None:
    desk = office.desk("administrator")
    address = upload(desk, "organisations", f"{HEADING}\nroads-1;road_service;Дороги;;;")

    assert [desk.post(f"{address}/save") for _ in range(2)] == [303, 404]
    with office.database.read() as session:
        assert session.execute(select(RoutingDraftRow)).scalars().all() == []


def test_a_file_that_is_no_table_is_said_to_be_none(office: Office) -> None:
    desk = office.desk("administrator")

    page = desk.get(upload(desk, "organisations", "%PDF-1.7\nfoo"))

    assert "CSV" in page or "заголовк" in page


def test_an_address_is_added_found_and_removed_by_hand(office: Office) -> None:
    city_wide(office.database, office.clock, "roads-1")
    desk = office.desk("administrator")

    assert desk.post("/routes", organisation="roads-1", street="Абая", houses="10") == 303
    assert "Абая 10" in desk.get("/routes?q=абая")
    with office.database.read() as session:
        row_id = max(row.id or 0 for row in session.execute(select(RouteRow)).scalars())
    assert desk.post(f"/routes/{row_id}/forget") == 303

    assert routes(office) == {("city", "", "roads-1")}
    assert desk.post("/routes", organisation="roads-1", street="", houses="") == 422
    assert desk.post("/routes", organisation="nobody", street="Абая") == 422


def test_appeals_that_found_nobody_are_counted_among_the_gaps(office: Office) -> None:
    office.register("1", "Яма")

    page = office.desk("administrator").get("/organisations")

    assert "1 обращение за 30 дней" in page


@pytest.mark.parametrize("address", ["/organisations", "/organisations/new", "/routes", "/routing-drafts/1"])
@pytest.mark.parametrize("role", ["inspector", "supervisor", "quality", "executor"])
def test_only_administrators_see_these_pages(office: Office, address: str, role: str) -> None:
    assert office.desk(role).status(address) == 403


def test_a_table_that_takes_a_place_from_another_says_so_in_the_history(office: Office) -> None:
    city_wide(office.database, office.clock, "roads-1")
    desk = office.desk("administrator")
    desk.post("/organisations/new", **{**ROADS, "code": "roads-2"})
    for code in ("roads-1", "roads-2", "roads-2"):
        desk.post(f"{upload(desk, 'routes', f'организация,улица,дома{NEW_LINE}{code},Абая,10-12')}/save")

    with office.database.read() as session:
        row = organisations.by_code(session, "roads-2")
        assert row is not None
        (told,) = [one.detail for one in audit.of(session, "organisation", row.id or 0) if one.action == "routes set"]
    assert set(told["of"].values()) == {"roads-1"}
    assert len(told["keys"]) == 3
    assert {code for kind, _, code in routes(office) if kind == "house"} == {"roads-2"}


def test_a_street_the_city_does_not_have_is_read_and_marked() -> None:
    names = Gazetteer((Named(NameKind.STREET, "Абая"),))
    known = {"roads-1": OrganisationRow(code="roads-1", executor="road_service", name_ru="Дороги", created_at=NOON)}
    table = "организация,улица,дома\nroads-1,Абая,1\nroads-1,Абвгда,1"

    read = reading.routes(table.encode(), known, announcements_of(names, City()).places)

    assert [line.is_doubtful for line in read.lines] == [False, True]
    assert read.problems == []


def test_what_is_downloaded_is_read_back_as_it_was(office: Office) -> None:
    city_wide(office.database, office.clock, "roads-1", way="telegram", address="-1001234567", name_kk="Жол «А»; Б")
    found(office.database, office.clock, "roads-2", way="email", address="a@b.kz", is_active=False, is_private=True)
    desk = office.desk("administrator")
    table = "\n".join(
        (
            "организация,улица,дома,район,объект",
            'roads-1,Абая,"10-90, 21а, 5/2",,',
            "roads-1,8 Марта,,,",
            "roads-2,28 Панфиловцев,3,,",
            "roads-1,Мира,,Михайловка,",
            "roads-1,,,Майкудук,",
            "roads-1,,,,'=Школа 5",
            'roads-2,,,,"Рынок «Алтын-Арман», ряд 2"',
        )
    )
    desk.post(f"{upload(desk, 'routes', table)}/save")
    before, known = routes(office), [row.model_dump() for row in organisations_of(office)]
    files = {name: desk.client.get(f"/routing-tables/{name}.csv").content for name in ("organisations", "routes")}
    with office.database.write() as session:
        session.execute(delete(RouteRow))
        session.execute(delete(OrganisationRow))

    for name, content in files.items():
        desk.post(f"{upload(desk, name, content.decode('utf-8'))}/save")

    assert len(before) > 80
    assert routes(office) == before
    left_out = {"id", "created_at"}
    assert [row.model_dump(exclude=left_out) for row in organisations_of(office)] == [
        {name: value for name, value in one.items() if name not in left_out} for one in known
    ]


@given(st.text(max_size=30).map(str.strip))
def test_no_cell_is_computed_and_every_cell_comes_back(said: str) -> None:
    cell = "".join(letter for letter in said if letter.isprintable())
    row = OrganisationRow(code="a", executor="road_service", name_ru=cell or "x", created_at=NOON)

    content = exporting.organisations([row], set(), CATALOGUE)

    written = content.decode("utf-8-sig")
    (read,) = reading.organisations(content, CATALOGUE).lines
    assert read.entry is not None
    assert read.entry.name_ru == row.name_ru.strip()
    cells = next(iter(csv.reader(written.splitlines()[1:], delimiter=";")))
    assert not any(one.startswith(("=", "@", "\t", "\r")) for one in cells)
    assert not any(one.startswith(("+", "-")) and not one[1:].isdigit() for one in cells)


def organisations_of(office: Office) -> list[OrganisationRow]:
    with office.database.read() as session:
        return sorted(organisations.all_of(session), key=lambda row: row.code)
