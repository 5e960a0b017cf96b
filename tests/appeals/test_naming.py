"""Citizens read who works for them by name, in their language, and never how it is reached."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake109.appeals.voice import telling
from intake109.appeals.work import answers
from intake109.dialogue import standing
from intake109.store.tables import AppealRow, OrganisationRow
from tests.appeals.cases import SETTING, appeal, letters, registered
from tests.appeals.cases import heard as leave
from tests.appeals.voices import answered, owed, say
from tests.city import CATALOGUE, ZONE
from tests.desk import PIT, SECOND, Desk
from tests.organisations import city_wide

NAMED = replace(PIT, reply="Исполнитель: {executor}")


def found(desk: Desk) -> None:
    city_wide(desk.database, desk.clock, way="email", address="ivanov@osi.kz", name_kk="Заря МИБ")


@pytest.mark.parametrize(
    ("language", "name"),
    [("ru", "Организация roads-1"), ("kk", "Заря МИБ"), ("mixed", "Заря МИБ"), ("en", "Организация roads-1")],
)
def test_how_an_appeal_stands_names_the_organisation(desk: Desk, language: str, name: str) -> None:
    found(desk)
    number = registered(desk)

    with desk.database.read() as session:
        said = standing.line(session, appeal(desk, number), language, CATALOGUE, ZONE)

    assert name in said
    assert "osi.kz" not in said


def test_the_acknowledgement_names_who_the_appeal_was_routed_to(desk: Desk) -> None:
    found(desk)

    registered(desk, form=NAMED)

    assert letters(desk, 1) == ["Исполнитель: Организация roads-1"]


def test_news_of_the_work_and_of_a_reopening_name_it_too(desk: Desk) -> None:
    found(desk)
    number = registered(desk)
    with desk.database.write() as session:
        telling.catch_up(session, SETTING, desk.clock.now(), 9)
        answers.take(session, appeal(desk, number).id or 0, None, desk.clock.now())
    desk.clock.advance(20 * SECOND)
    with desk.database.write() as session:
        telling.catch_up(session, SETTING, desk.clock.now(), 9)
    leave(desk)
    answered(desk, number)
    say(desk, 1, is_solved=False)

    told = [row.text for row in owed(desk, "news")]

    assert len(told) == 2
    assert all("Организация roads-1" in text for text in told)


def test_without_an_organisation_the_kind_is_named(desk: Desk) -> None:
    number = registered(desk)

    with desk.database.read() as session:
        assert "Дорожная служба" in standing.line(session, appeal(desk, number), "ru", CATALOGUE, ZONE)


def test_a_telephone_in_a_name_is_not_shown_to_everybody(desk: Desk) -> None:
    number = registered(desk)
    city_wide(desk.database, desk.clock, "ip-1")
    with desk.database.write() as session:
        session.execute(AppealRow.__table__.update().values(organisation="ip-1"))  # type: ignore[attr-defined]
        session.execute(OrganisationRow.__table__.update().values(name_ru="ИП Иванов 8 701 123 45 67"))  # type: ignore[attr-defined]

    with desk.database.read() as session:
        said = standing.line(session, appeal(desk, number), "ru", CATALOGUE, ZONE)

    assert "ИП Иванов […]" in said
