"""Who is told, by which ways, how often; and who answers."""

from __future__ import annotations

import json
import re

import pytest

from intake109.alerts import texts
from intake109.alerts.announcing import TAKE
from intake109.alerts.raising import SUPERVISORS, Kind, acknowledge, raise_alert
from intake109.alerts.ways import Ways
from intake109.clock import MovedClock
from intake109.config import Alerts
from intake109.errors import NotFoundError
from intake109.model import Author, Channel, Press
from intake109.outbox import delivery
from intake109.store import changes, outbox
from intake109.store.database import Database
from intake109.store.tables import AlertRow, HealthRow, OutboxRow, UserRow
from tests.city import hire
from tests.desk import MINUTE, Desk
from tests.promise import CHAT, CHATTING, SILENT, Keeper, on_shift

MAIL = {"host": "mail", "from_address": "109@example.kz", "to": ["duty@example.kz", "boss@example.kz"]}


@pytest.fixture
def desk(database: Database, clock: MovedClock) -> Desk:
    return Desk(database, clock)


def ways(**settings: object) -> Ways:
    return Ways(Alerts.model_validate(settings), "http://here", has_telegram=True)


def only(desk: Desk) -> AlertRow:
    (row,) = desk.rows(AlertRow)
    return row


def reach(desk: Desk) -> str:
    """Return what the health page says of alerts that nobody can hear."""
    return next((row.last_error for row in desk.rows(HealthRow) if row.name == "job.alerts"), "")


def outside(desk: Desk) -> list[tuple[str, dict[str, object]]]:
    return [(row.channel, json.loads(row.address)) for row in desk.rows(OutboxRow) if row.purpose == "alert"]


def press(desk: Desk, telegram_id: str, alert_id: int = 1) -> str:
    """Let somebody press the button under an alert and return what is answered in the chat."""
    before = len(desk.rows(OutboxRow))
    key = f"press{before}"
    chat = json.dumps({"chat_id": CHAT, "message_id": 5})
    author = Author(telegram_id)
    desk.street.hear(Press(key, str(CHAT), author, f"{TAKE}{alert_id}", desk.clock.now(), chat, callback=key))
    said = [row for row in desk.rows(OutboxRow)[before:] if row.details.get("callback") == key]
    return said[0].text if said else ""


def link(desk: Desk, user_id: int, telegram_id: str) -> None:
    with desk.database.write() as session:
        session.get_one(UserRow, user_id).telegram_id = telegram_id


def test_the_staffs_chat_gets_a_link_a_button_and_no_word_of_the_citizen(desk: Desk) -> None:
    task_id = desk.waits("Открытый люк во дворе")

    Keeper(desk.database, desk.clock).now()

    (row,) = desk.rows(OutboxRow)
    assert (row.channel, json.loads(row.address)) == ("telegram", {"chat_id": CHAT})
    assert row.text.endswith(f"http://here/tasks/{task_id}")
    assert row.details["buttons"] == [["Беру", f"{TAKE}{only(desk).id}"]]
    assert "люк" not in row.text.casefold()
    assert (row.not_before, row.task_id) == (desk.clock.now(), None)


def test_an_alert_goes_before_letters_that_wait_longer(desk: Desk) -> None:
    desk.register(desk.waits())
    desk.clock.advance(MINUTE)
    desk.waits("Открытый люк")
    Keeper(desk.database, desk.clock).now()

    with desk.database.write() as session:
        first = outbox.lease(session, Channel.TELEGRAM, desk.clock.now(), delivery.LEASE)

    assert first is not None
    assert first.purpose == "alert"


def test_every_mailbox_gets_a_mail_of_its_own(desk: Desk) -> None:
    desk.waits("Открытый люк")

    Keeper(desk.database, desk.clock, ways(email=MAIL)).now()

    assert outside(desk) == [("email", {"to": "duty@example.kz"}), ("email", {"to": "boss@example.kz"})]
    assert only(desk).ways == "email"


def test_open_screens_hear_of_it_at_once_and_nobody_is_fallen_back_upon(desk: Desk) -> None:
    on_shift(desk.database, desk.clock, desk.anna)
    with desk.database.read() as session:
        seen = changes.last_id(session)

    desk.waits("Открытый люк")
    with desk.database.read() as session:
        assert changes.Topic.ALERT in [one.topic for one in changes.since(session, seen)]
    Keeper(desk.database, desk.clock, ways(fallback={"telegram": 7})).now()

    assert only(desk).ways == "screen"
    assert outside(desk) == []


def test_with_nobody_there_the_fallback_is_told(desk: Desk) -> None:
    boss = hire(desk.database, desk.clock, "boss", "supervisor")
    link(desk, boss, "4242")
    fallback = {"login": "boss", "email": "boss@example.kz"}
    desk.waits("Открытый люк")

    Keeper(desk.database, desk.clock, ways(fallback=fallback, email={**MAIL, "to": []})).now()

    assert outside(desk) == [("telegram", {"chat_id": 4242}), ("email", {"to": "boss@example.kz"})]
    assert only(desk).ways == "fallback telegram,fallback email"


def test_who_went_home_without_logging_out_is_not_there(desk: Desk) -> None:
    on_shift(desk.database, desk.clock, desk.anna)
    desk.clock.advance(16 * MINUTE)
    desk.waits("Открытый люк")

    Keeper(desk.database, desk.clock, SILENT).now()

    assert only(desk).ways == ""


def test_an_alert_that_reaches_nobody_is_an_error_and_tried_again(desk: Desk) -> None:
    desk.waits("Открытый люк")
    keeper = Keeper(desk.database, desk.clock, SILENT)
    keeper.now()
    assert reach(desk) == "alert 1 reaches nobody: nobody is here; set alerts.fallback"

    on_shift(desk.database, desk.clock, desk.anna)
    keeper.at(1)

    assert (only(desk).ways, only(desk).rounds) == ("screen", 2)
    assert reach(desk) == ""


def test_an_alert_that_is_over_is_no_error_any_more(desk: Desk) -> None:
    task_id = desk.waits("Открытый люк")
    keeper = Keeper(desk.database, desk.clock, SILENT)
    keeper.now()
    before = reach(desk)

    desk.register(task_id)
    keeper.at(1)

    assert (before != "", reach(desk)) == (True, "")


def test_supervisors_are_told_who_are_there_not_inspectors(desk: Desk) -> None:
    on_shift(desk.database, desk.clock, desk.anna)
    task_id = desk.waits()
    with desk.database.write() as session:
        raise_alert(session, Kind.ESCALATION, task_id, SUPERVISORS, desk.clock.now())

    Keeper(desk.database, desk.clock, ways(fallback={"telegram": 7})).now()

    assert only(desk).ways == "fallback telegram"


def test_danger_repeats_with_growing_pauses_until_somebody_acknowledges(desk: Desk) -> None:
    desk.waits("Открытый люк")
    keeper = Keeper(desk.database, desk.clock)
    for minute in (0, 0.5, 1, 2, 3):
        keeper.at(minute)
    assert only_rounds(desk, Kind.INCIDENT) == 3

    with desk.database.write() as session:
        assert acknowledge(session, 1, desk.anna, desk.clock.now())
        assert not acknowledge(session, 1, desk.bolat, desk.clock.now())
    keeper.at(7.5)

    assert only_rounds(desk, Kind.INCIDENT) == 3
    assert desk.rows(AlertRow)[0].acknowledged_by == desk.anna
    states = [row.state for row in desk.rows(OutboxRow) if row.idempotency_key.startswith("alert:1:")]
    assert states == ["cancelled"] * 3


def only_rounds(desk: Desk, kind: Kind) -> int:
    return next(row.rounds for row in desk.rows(AlertRow) if row.kind == kind.value)


def test_what_is_no_danger_is_said_once(desk: Desk) -> None:
    desk.waits()
    keeper = Keeper(desk.database, desk.clock)

    for minute in range(17):
        keeper.at(minute)

    assert [row.rounds for row in desk.rows(AlertRow)] == [1, 1]


def test_acknowledging_what_was_never_alerted_is_an_error(desk: Desk) -> None:
    with desk.database.write() as session, pytest.raises(NotFoundError):
        acknowledge(session, 4711, desk.anna, desk.clock.now())


def test_a_press_in_the_chat_takes_the_task_for_whose_telegram_it_is(desk: Desk) -> None:
    task_id = desk.waits("Открытый люк")
    link(desk, desk.anna, "4242")

    said = press(desk, "4242")

    assert said == f"Anna берёт задачу {task_id}."
    assert desk.task(task_id).claimed_by == desk.anna
    assert only(desk).ended_why == "taken"


def test_a_press_of_a_stranger_takes_nothing_and_tells_the_own_number(desk: Desk) -> None:
    task_id = desk.waits("Открытый люк")

    said = press(desk, "666")

    assert "666" in said
    assert desk.task(task_id).claimed_by is None
    assert only(desk).ended_at is None


def test_the_second_who_presses_hears_who_was_first(desk: Desk) -> None:
    desk.waits("Открытый люк")
    link(desk, desk.anna, "1")
    link(desk, desk.bolat, "2")
    press(desk, "1")

    assert "Anna" in press(desk, "2")


def test_a_press_under_a_registered_incident_acknowledges_it(desk: Desk) -> None:
    desk.waits("Открытый люк")
    Keeper(desk.database, desk.clock).at(8)
    link(desk, desk.anna, "1")
    dispatch = next(row.id for row in desk.rows(AlertRow) if row.kind == "dispatch")

    assert "принята к сведению" in press(desk, "1", dispatch or 0)
    assert "уже решена" in press(desk, "1", dispatch or 0)


@pytest.mark.parametrize("alert_id", [4711])
def test_a_press_under_nothing_is_nothing(desk: Desk, alert_id: int) -> None:
    assert press(desk, "1", alert_id) == ""


@pytest.mark.parametrize("name", texts.names())
def test_the_staff_reads_the_same_in_every_language(name: str) -> None:
    values = dict.fromkeys(("task", "channel", "minutes", "name", "holder", "id", "count", "waited"), "7")
    said = [texts.text(name, language, **values) for language in ("ru", "kk", "en")]

    assert len(set(said)) == 3
    assert len({tuple(sorted(re.findall("7", one))) for one in said}) == 1


def test_the_ways_of_the_tests_are_those_of_a_centre() -> None:
    assert CHATTING.alerts.telegram_chat == CHAT
