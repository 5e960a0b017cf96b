"""People who tell of one problem, and neighbours who do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.catalogue.load import load
from intake109.catalogue.services import Service
from intake109.config import SameProblem
from intake109.dedup.families import Spread, Tie, families
from intake109.dedup.problem import Place, Problem, Problems
from intake109.dedup.whereabouts import Whereabouts, cell, cells_around, corrected, metres, whereabouts
from intake109.model import Place as Told
from intake109.model import Point

CATALOGUE = load()
PROBLEMS = Problems()
NOW = datetime(2026, 11, 20, 18, 40, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HOUSE_57 = Whereabouts("кривогуз 57", "кривогуз", "михайловк")
HOUSE_61 = Whereabouts("кривогуз 61", "кривогуз", "михайловк")
ELSEWHERE = Whereabouts("аба 10", "аба", "майкудук")


def service(code: str) -> Service:
    found = CATALOGUE.get(code)
    assert found is not None
    return found


def problem(code: str, where: Whereabouts, at: datetime = NOW, **more: object) -> Problem:
    return Problem(((service(code), 0.9),), where, at, **more)  # type: ignore[arg-type]


def test_the_same_house_and_service_minutes_ago_is_the_strongest_reason() -> None:
    mine = problem("GAS-002", HOUSE_57)

    found = PROBLEMS.compare(mine, problem("GAS-002", HOUSE_57, NOW - 12 * MINUTE))

    assert found is not None
    assert (found.tie, found.place, found.ago) == (Tie.SAME, Place.HOUSE, 12 * MINUTE)


def test_reasons_are_ranked_by_place_then_service_then_time() -> None:
    mine = problem("POWER-003", HOUSE_57)
    others = [
        problem("POWER-003", HOUSE_57, NOW - MINUTE),
        problem("POWER-003", HOUSE_57, NOW - 6 * HOUR),
        problem("POWER-005", HOUSE_61, NOW - MINUTE),
        problem("POWER-005", Whereabouts(area_key="михайловк"), NOW - MINUTE),
    ]

    scores = [found.score for one in others if (found := PROBLEMS.compare(mine, one))]

    assert len(scores) == 4
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("code", ["LIFT-006", "ROAD-001", "WASTE-001"])
def test_what_stays_at_its_house_is_never_the_neighbouring_houses_problem(code: str) -> None:
    assert PROBLEMS.compare(problem(code, HOUSE_57), problem(code, HOUSE_61)) is None


def test_a_house_problem_on_the_same_street_is_worth_a_look_while_one_names_no_house() -> None:
    found = PROBLEMS.compare(problem("LIFT-006", HOUSE_57), problem("LIFT-006", Whereabouts(street_key="кривогуз")))

    assert found is not None
    assert found.place is Place.STREET


def test_power_is_cut_in_a_whole_district_and_only_there() -> None:
    mine = problem("POWER-003", HOUSE_57)

    assert PROBLEMS.compare(mine, problem("POWER-005", Whereabouts(area_key="михайловк")))
    assert PROBLEMS.compare(mine, problem("POWER-005", ELSEWHERE)) is None


def test_another_problem_of_the_same_house_is_none_of_it() -> None:
    assert PROBLEMS.compare(problem("LIFT-006", HOUSE_57), problem("POWER-003", HOUSE_57)) is None


def test_what_citizens_mistake_for_each_other_is_suggested_below_what_they_do_not() -> None:
    mine = problem("POWER-003", HOUSE_57)

    near = PROBLEMS.compare(mine, problem("LIGHT-001", HOUSE_57))
    same = PROBLEMS.compare(mine, problem("POWER-003", HOUSE_57))

    assert near is not None
    assert same is not None
    assert (near.tie, near.score < same.score) == (Tie.NEAR, True)


def test_exactly_at_the_end_of_the_window_it_still_counts_and_after_it_no_more() -> None:
    window = PROBLEMS.families.habit(service("POWER-003")).window
    mine = problem("POWER-003", HOUSE_57)

    assert PROBLEMS.compare(mine, problem("POWER-003", HOUSE_57, NOW - window))
    assert PROBLEMS.compare(mine, problem("POWER-003", HOUSE_57, NOW - window - MINUTE)) is None


def test_one_citizens_own_flat_is_nobody_elses_problem() -> None:
    assert PROBLEMS.compare(problem("POWER-001", HOUSE_57), problem("POWER-003", HOUSE_57)) is None


def test_points_on_the_map_meet_within_the_radius() -> None:
    here, near, far = Point(49.8, 73.1), Point(49.801, 73.1), Point(49.803, 73.1)
    mine = problem("ROAD-001", Whereabouts(cell=cell(here)), point=here)

    found = PROBLEMS.compare(mine, problem("ROAD-001", Whereabouts(cell=cell(near)), point=near))

    assert found is not None
    assert (found.place, found.distance_m) == (Place.NEARBY, 111)
    assert PROBLEMS.compare(mine, problem("ROAD-001", Whereabouts(cell=cell(far)), point=far)) is None


def test_many_people_rank_a_case_higher() -> None:
    mine, alone = problem("POWER-003", HOUSE_57), problem("POWER-003", HOUSE_57, NOW - MINUTE)

    crowd, single = PROBLEMS.compare(mine, replace(alone, people=43)), PROBLEMS.compare(mine, alone)

    assert crowd is not None
    assert single is not None
    assert crowd.score > single.score


def group(
    *guesses: tuple[str, float], where: Whereabouts = HOUSE_57, age: timedelta = MINUTE, danger: bool = False
) -> str:
    return PROBLEMS.group(guesses, where, age, CATALOGUE, is_incident=danger)


def test_services_of_one_family_make_one_group_together() -> None:
    unsure_which = group(("POWER-003", 0.3), ("POWER-005", 0.3))

    assert unsure_which == group(("POWER-005", 0.9), where=Whereabouts(area_key="михайловк")) == "power|михайловк"


def test_who_is_unsure_of_the_family_stands_alone() -> None:
    assert group(("POWER-003", 0.3), ("LIGHT-001", 0.3)) == ""
    assert group() == ""


def test_danger_stands_only_with_danger() -> None:
    assert group(("POWER-003", 0.9), danger=True) == "!power|михайловк"


def test_what_names_no_place_stands_alone() -> None:
    assert group(("POWER-003", 0.9), where=Whereabouts()) == ""


def test_what_was_said_longer_ago_than_the_problem_lasts_stands_alone() -> None:
    assert group(("POWER-003", 0.9), age=13 * HOUR) == ""


def test_a_lift_is_grouped_by_its_house_and_snow_by_its_street() -> None:
    assert group(("LIFT-006", 0.9)) == "lift|кривогуз 57"
    assert group(("ROAD-026", 0.9)) == "snow|кривогуз"


def test_settings_change_how_far_and_how_long_a_family_or_a_sphere_reaches() -> None:
    changed = families(
        SameProblem(window_hours={"power": 3, "roads": 1}, spreads={"lift": "street", "gas.meters": "area"})
    )

    assert changed.habit(service("POWER-003")).window == 3 * HOUR
    assert changed.habit(service("ROAD-001")).window == HOUR
    assert changed.habit(service("LIFT-006")).spreads is Spread.STREET
    assert changed.habit(service("LIFT-006")).window == 48 * HOUR


def test_every_code_of_the_shipped_table_is_in_the_catalogue() -> None:
    found = families(SameProblem())
    groups = {one.group for one in CATALOGUE.services.values()}
    known = groups | set(found.families)

    assert set(found.of_group) <= groups
    assert found.own <= set(CATALOGUE.services)
    assert all(pair <= known for pair in found.near)
    assert set(found.spheres) <= set(CATALOGUE.spheres)


def test_an_entrance_is_no_landmark_and_a_school_is_one() -> None:
    assert whereabouts(Told(landmark="2 подъезд")).place_key == ""
    assert whereabouts(Told(landmark="Школа №12")).place_key == "@школа 12"


def test_a_corrected_house_takes_the_place_of_the_read_one() -> None:
    assert corrected("кривогуз 61", HOUSE_57) == HOUSE_61
    assert corrected("аба 10", HOUSE_57) == Whereabouts("аба 10", "аба")
    assert corrected("", HOUSE_57) == HOUSE_57


@given(st.floats(40, 56), st.floats(50, 87), st.floats(-0.0022, 0.0022), st.floats(-0.002, 0.002))
def test_points_within_the_largest_radius_lie_in_neighbouring_squares(
    latitude: float, longitude: float, up: float, right: float
) -> None:
    one, other = Point(latitude, longitude), Point(latitude + up, longitude + right)

    if metres(one, other) <= 250:
        assert cell(other) in cells_around(cell(one))


@given(st.sampled_from(sorted(CATALOGUE.services)), st.sampled_from(sorted(CATALOGUE.services)))
def test_what_two_services_have_in_common_does_not_depend_on_who_came_first(one: str, other: str) -> None:
    found = PROBLEMS.families

    assert found.tie(service(one), service(other)) == found.tie(service(other), service(one))
