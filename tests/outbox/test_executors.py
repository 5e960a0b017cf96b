"""Organisations hear of their work by their own way, in both languages, without who the citizen is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from intake109.clock import MovedClock
from intake109.model import Channel, Receipt
from intake109.outbox import delivery, executors, links
from intake109.queue import decisions
from intake109.queue.decisions import Form
from intake109.store import appeals
from intake109.store.database import Database
from intake109.store.tables import AppealRow, OutboxRow
from tests.city import RULES
from tests.desk import PIT, SECOND, Desk
from tests.organisations import ADDRESS, city_wide, found

LINKED = replace(RULES, address=ADDRESS)


@pytest.fixture
def desk(database: Database, clock: MovedClock) -> Desk:
    return Desk(database, clock)


def register(desk: Desk, text: str = "Яма у дома, тел. 87011234567", form: Form = PIT) -> AppealRow:
    task_id = desk.waits(text)
    with desk.database.write() as session:
        return decisions.register(session, task_id, desk.anna, form, LINKED, desk.clock.now())


def work(desk: Desk) -> list[OutboxRow]:
    """Return what organisations are owed."""
    told = {"forward", "reminder", "withdrawal", "renewal"}
    return [row for row in desk.rows(OutboxRow) if row.purpose in told]


@pytest.mark.parametrize(
    ("way", "address", "channel", "to"),
    [
        ("email", "roads@example.kz", Channel.EMAIL, {"to": "roads@example.kz"}),
        ("telegram", "-100123", Channel.TELEGRAM, {"chat_id": -100123}),
        ("registry", "R-17", Channel.REGISTRY, {"organisation": "R-17"}),
    ],
)
def test_work_is_forwarded_the_way_of_the_organisation(
    desk: Desk, way: str, address: str, channel: Channel, to: dict[str, object]
) -> None:
    city_wide(desk.database, desk.clock, way=way, address=address)

    appeal = register(desk)

    (row,) = work(desk)
    assert (row.purpose, row.channel, json.loads(row.address)) == ("forward", channel.value, to)
    assert (row.appeal_id, row.not_before - desk.clock.now()) == (appeal.id, 10 * SECOND)


def test_a_forward_tells_what_where_and_by_when_in_both_languages_but_not_who(desk: Desk) -> None:
    city_wide(desk.database, desk.clock, way="email", address="roads@example.kz")

    appeal = register(desk)

    text = work(desk)[0].text
    assert text.splitlines()[0] == f"№ {appeal.number} · Абая 10"
    assert "Вам передано обращение" in text
    assert "Сізге" in text
    assert "Яма у дома" in text
    assert "87011234567" not in text
    assert "citizen" not in text
    assert f"{ADDRESS}/x/" in text


def test_an_organisation_that_looks_at_its_page_is_written_to_by_nobody(desk: Desk) -> None:
    city_wide(desk.database, desk.clock, way="page")

    register(desk)

    assert work(desk) == []


def test_an_organisation_without_a_way_is_told_by_a_person(desk: Desk) -> None:
    city_wide(desk.database, desk.clock, "by-phone", way="hand")

    register(desk)

    assert [(row.channel, row.address) for row in work(desk)] == [("manual", "by-phone")]


def test_without_organisations_nothing_is_forwarded_and_withdrawing_stays_by_hand(desk: Desk) -> None:
    appeal = register(desk)
    with desk.database.write() as session:
        executors.withdraw(session, appeal, "withdrawn", {"number": "1"}, "k", desk.clock.now(), desk.clock.now())

    assert [(row.purpose, row.channel, row.address) for row in work(desk)] == [("withdrawal", "manual", "road_service")]


def test_an_undone_decision_is_never_forwarded(desk: Desk) -> None:
    city_wide(desk.database, desk.clock, way="email", address="roads@example.kz")
    task_id = desk.waits()
    desk.register(task_id)

    desk.undo(task_id)

    assert [row.state for row in work(desk)] == ["cancelled"]


def test_what_goes_to_another_organisation_is_taken_from_the_first(desk: Desk) -> None:
    city_wide(desk.database, desk.clock, way="email", address="roads@example.kz")
    found(desk.database, desk.clock, "second", way="telegram", address="77")
    appeal = register(desk)
    leave(desk)

    hand_over(desk, appeal, "second")

    assert [(row.purpose, row.channel) for row in work(desk)] == [
        ("forward", "email"),
        ("withdrawal", "email"),
        ("forward", "telegram"),
    ]


def test_what_the_first_organisation_was_not_sent_yet_it_is_never_sent(desk: Desk) -> None:
    city_wide(desk.database, desk.clock, way="email", address="roads@example.kz")
    found(desk.database, desk.clock, "second", way="telegram", address="77")
    appeal = register(desk)

    hand_over(desk, appeal, "second")

    assert [(row.channel, row.state) for row in work(desk)] == [("email", "cancelled"), ("telegram", "owed")]


def test_every_reminder_is_one_message_more(desk: Desk) -> None:
    city_wide(desk.database, desk.clock, way="email", address="roads@example.kz")
    appeal = register(desk)

    for _ in range(2):
        with desk.database.write() as session:
            executors.remind(session, session.get_one(AppealRow, appeal.id), LINKED, desk.clock.now())

    assert [row.purpose for row in work(desk)] == ["forward", "reminder", "reminder"]


def test_the_registrys_number_is_kept_beside_ours(desk: Desk) -> None:
    city_wide(desk.database, desk.clock, way="registry")
    appeal = register(desk)
    (row,) = work(desk)

    with desk.database.write() as session:
        delivery.settle_sent(session, row, Receipt("r1", {"number": "ЕР-55"}), desk.clock.now())

    with desk.database.read() as session:
        assert session.get_one(AppealRow, appeal.id).external_number == "ЕР-55"


def test_a_link_opens_one_appeal_for_one_organisation_until_it_is_too_old(desk: Desk) -> None:
    organisation_id = city_wide(desk.database, desk.clock, way="email", address="roads@example.kz")
    appeal = register(desk)
    token = work(desk)[0].text.partition("/x/")[2].split()[0]
    too_late = appeal.deadline_at + links.GOOD_FOR + timedelta(seconds=1)

    with desk.database.read() as session:
        assert links.read(session, token, desk.clock.now()) == links.Ticket(appeal.id or 0, organisation_id)
        assert links.read(session, token, too_late) is None


@pytest.mark.parametrize("broken", ["", "x", "абв", "A" * 43, "=" * 9, "/../"])
def test_a_forged_link_says_nothing(desk: Desk, broken: str) -> None:
    city_wide(desk.database, desk.clock, way="email", address="roads@example.kz")
    register(desk)
    token = work(desk)[0].text.partition("/x/")[2].split()[0]

    with desk.database.read() as session:
        assert links.read(session, broken, desk.clock.now()) is None
        assert links.read(session, ("B" if token[0] == "A" else "A") + token[1:], desk.clock.now()) is None


def leave(desk: Desk) -> None:
    with desk.database.write() as session:
        for row in work(desk):
            session.get_one(OutboxRow, row.id).state = "sent"


def hand_over(desk: Desk, appeal: AppealRow, to: str) -> None:
    with desk.database.write() as session:
        row = appeals.lock(session, appeal.id or 0)
        former, row.organisation = row.organisation, to
        executors.hand_over(session, row, former, LINKED, desk.clock.now())
