"""What an executor gave back goes to another one, and never to the same again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from intake109.appeals.executors import rerouting
from intake109.appeals.voice import telling
from intake109.appeals.work import answers
from intake109.errors import ConflictError, RefusedError
from tests.appeals.cases import SETTING, appeal, registered
from tests.appeals.voices import owed
from tests.appeals.work import answer, course_of, wait
from tests.city import CATALOGUE
from tests.desk import Desk
from tests.organisations import city_wide


def give_back(desk: Desk, number: str) -> None:
    with desk.database.write() as session:
        answers.give_back(session, appeal(desk, number).id or 0, "не наше", None, desk.clock.now())


def reroute(desk: Desk, number: str, service: str, executor: str = "") -> None:
    with desk.database.write() as session:
        found, now = CATALOGUE.services[service], desk.clock.now()
        rerouting.reroute(session, appeal(desk, number).id or 0, found, executor, desk.anna, SETTING, now)


def test_what_was_given_back_goes_to_another_and_keeps_its_term(desk: Desk) -> None:
    number = registered(desk)
    before = appeal(desk, number)
    give_back(desk, number)

    reroute(desk, number, "HEAT-001", "heat_company")

    after = appeal(desk, number)
    assert (after.service, after.executor, after.status) == ("HEAT-001", "heat_company", "forwarded")
    assert (after.deadline_at, after.address) == (before.deadline_at, before.address)
    assert course_of(desk, number) == ["forwarded", "returned", "forwarded"]
    assert "Вам передано" in owed(desk, "renewal")[-1].text


def test_it_does_not_go_back_to_who_gave_it_back(desk: Desk) -> None:
    number = registered(desk)
    give_back(desk, number)

    with pytest.raises(RefusedError, match="has given it back"):
        reroute(desk, number, "HEAT-001")

    assert appeal(desk, number).status == "returned"
    assert appeal(desk, number).service == "ROAD-001"


def test_what_is_answered_is_not_rerouted(desk: Desk) -> None:
    number = registered(desk)
    answer(desk, number)

    with pytest.raises(ConflictError, match="reopen it first"):
        reroute(desk, number, "HEAT-001", "heat_company")


def test_a_setting_without_address_still_tells(desk: Desk) -> None:
    number = registered(desk)

    with desk.database.write() as session:
        rerouting.reroute(
            session,
            appeal(desk, number).id or 0,
            CATALOGUE.services["HEAT-001"],
            "heat_company",
            desk.anna,
            replace(SETTING, address=""),
            desk.clock.now(),
        )

    assert owed(desk, "renewal")[-1].address == "heat_company"


@pytest.mark.parametrize("status", ["forwarded", "in_work"])
def test_the_citizens_hear_of_it_though_nobody_gave_it_back(desk: Desk, status: str) -> None:
    with desk.database.write() as session:
        telling.catch_up(session, SETTING, desk.clock.now(), 10)
    number = registered(desk)
    if status == "in_work":
        with desk.database.write() as session:
            answers.take(session, appeal(desk, number).id or 0, None, desk.clock.now())
    reroute(desk, number, "HEAT-001", "heat_company")
    desk.clock.advance(timedelta(minutes=1))

    with desk.database.write() as session:
        telling.catch_up(session, SETTING, desk.clock.now(), 10)

    assert [row.details["text"] for row in owed(desk, "news")] == ["news_rerouted"]


def test_a_service_of_the_same_executor_is_no_news(desk: Desk) -> None:
    with desk.database.write() as session:
        telling.catch_up(session, SETTING, desk.clock.now(), 10)
    number = registered(desk)
    reroute(desk, number, "HEAT-001")
    desk.clock.advance(timedelta(minutes=1))

    with desk.database.write() as session:
        telling.catch_up(session, SETTING, desk.clock.now(), 10)

    assert owed(desk, "news") == []


def test_from_an_organisation_to_a_kind_that_has_none_a_person_tells_it(desk: Desk) -> None:
    city_wide(desk.database, desk.clock, way="email", address="roads@example.kz")
    number = registered(desk)

    reroute(desk, number, "HEAT-001", "heat_company")

    assert appeal(desk, number).organisation == ""
    assert [(row.channel, row.address) for row in owed(desk, "renewal")] == [("manual", "heat_company")]


def test_what_still_waits_for_its_citizen_is_rerouted_with_that_time(desk: Desk) -> None:
    number = registered(desk)
    before = appeal(desk, number).deadline_at
    wait(desk, number, days=10)
    desk.clock.advance(timedelta(days=7))

    reroute(desk, number, "HEAT-001", "heat_company")

    row = appeal(desk, number)
    assert (row.deadline_at, row.waiting_since) == (before + timedelta(days=7), None)
