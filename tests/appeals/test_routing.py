"""Who answers for a place: the narrowest route of the service's kind of executor."""

from __future__ import annotations

import pytest

from intake109.appeals.executors.organisations import Place, answer_for_all
from intake109.appeals.executors.routing import RouteKind, organisation_for
from intake109.dedup.whereabouts import Whereabouts
from intake109.store.tables import AppealRow, OrganisationRow
from tests.city import CATALOGUE
from tests.desk import Desk
from tests.organisations import answers_for, city_wide, found

SERVICE = CATALOGUE.services["ROAD-001"]
HOUSE = Whereabouts("абая 10", "абая", "центр")


@pytest.fixture
def city(desk: Desk) -> Desk:
    """A city whose streets lie with five organisations."""
    for code, kind, key in (
        ("all", RouteKind.CITY, ""),
        ("centre", RouteKind.AREA, "центр"),
        ("abay", RouteKind.STREET, "абая"),
        ("ten", RouteKind.HOUSE, "абая 10"),
        ("school", RouteKind.LANDMARK, "@школа 5"),
    ):
        found(desk.database, desk.clock, code)
        answers_for(desk.database, desk.clock, code, kind, key)
    return desk


def whose(desk: Desk, place: Whereabouts, executor: str = "") -> str:
    with desk.database.read() as session:
        return organisation_for(session, SERVICE, place, executor)


@pytest.mark.parametrize(
    ("place", "organisation"),
    [
        (HOUSE, "ten"),
        (Whereabouts("абая 12", "абая", "центр"), "abay"),
        (Whereabouts("мира 1", "мира", "центр"), "centre"),
        (Whereabouts("мира 1", "мира"), "all"),
        (Whereabouts("@школа 5", "", "центр"), "school"),
        (Whereabouts(), "all"),
    ],
)
def test_the_narrowest_place_decides(city: Desk, place: Whereabouts, organisation: str) -> None:
    assert whose(city, place) == organisation


def test_of_two_streets_of_one_name_the_one_in_the_told_district_counts(city: Desk) -> None:
    found(city.database, city.clock, "village")
    answers_for(city.database, city.clock, "village", RouteKind.STREET, "абая", area="село")

    assert whose(city, Whereabouts("", "абая", "село")) == "village"
    assert whose(city, Whereabouts("", "абая")) == "abay"


def test_an_organisation_that_was_switched_off_gets_nothing_new(city: Desk) -> None:
    with city.database.write() as session:
        for row in city.rows(OrganisationRow):
            session.get_one(OrganisationRow, row.id).is_active = row.code != "ten"

    assert whose(city, HOUSE) == "abay"


def test_nobody_is_named_for_a_kind_of_executor_without_organisations(city: Desk) -> None:
    assert whose(city, HOUSE, "lift_company") == ""


def test_registering_names_the_organisation_of_the_house(desk: Desk) -> None:
    city_wide(desk.database, desk.clock, "all")
    found(desk.database, desk.clock, "ten")
    answers_for(desk.database, desk.clock, "ten", RouteKind.HOUSE, "абая 10")

    desk.register(desk.waits("Яма, Абая 10"))

    assert [row.organisation for row in desk.rows(AppealRow)] == ["ten"]


def test_many_places_change_hands_at_once_and_only_those_that_do_count(desk: Desk) -> None:
    for code in ("one", "two"):
        found(desk.database, desk.clock, code)
    houses = [Place(RouteKind.HOUSE, f"абая {n}", name=f"Абая {n}") for n in range(300)]

    counts = [
        give(desk, "one", houses),
        give(desk, "one", houses),
        give(desk, "two", houses[:5]),
        give(desk, "one", []),
    ]

    assert counts == [300, 0, 5, 0]
    assert whose(desk, Whereabouts("абая 4", "абая")) == "two"
    assert whose(desk, Whereabouts("абая 5", "абая")) == "one"


def give(desk: Desk, code: str, places: list[Place]) -> int:
    with desk.database.write() as session:
        return answer_for_all(session, code, places, desk.anna, desk.clock.now())
