"""In a storm: many tasks are one alert, its number grows silently, and one answer covers all that is in it."""

from __future__ import annotations

import json

import pytest

from intake109.alerts.gathering import TAKE_ONE
from intake109.alerts.raising import INSPECTORS, Kind, acknowledge, raise_alert
from intake109.alerts.ways import Ways
from intake109.clock import MovedClock
from intake109.config import Alerts
from intake109.model import Author, Channel, Press, Receipt
from intake109.outbox import delivery
from intake109.queue import claims
from intake109.store import outbox
from intake109.store.database import Database
from intake109.store.tables import AlertRoundRow, AlertRow, OutboxRow, UserRow
from tests.desk import MINUTE, SECOND, Desk
from tests.promise import CHAT, SILENT, Keeper, on_shift, told

MAIL = {"host": "mail", "from_address": "109@example.kz", "to": ["duty@example.kz"]}


@pytest.fixture
def desk(database: Database, clock: MovedClock) -> Desk:
    return Desk(database, clock)


@pytest.fixture
def keeper(desk: Desk) -> Keeper:
    return Keeper(desk.database, desk.clock)


def letters(desk: Desk, channel: str = "telegram") -> list[OutboxRow]:
    return [row for row in desk.rows(OutboxRow) if row.purpose == "alert" and row.channel == channel]


def said(desk: Desk) -> list[str]:
    """Return the first lines of what the staff's chat is told, oldest first."""
    return [row.text.splitlines()[0] for row in letters(desk)]


def deliver(desk: Desk) -> None:
    """Let the chat take everything that is owed; each message gets the number of its row."""
    while True:
        with desk.database.write() as session:
            row = outbox.lease(session, Channel.TELEGRAM, desk.clock.now(), delivery.LEASE)
        if row is None:
            return
        external_id = "" if row.details.get("edits") else f"{CHAT}:{row.id}"
        with desk.database.write() as session:
            delivery.settle_sent(session, row, Receipt(external_id), desk.clock.now())


def press(desk: Desk, round_id: int, telegram_id: str = "42") -> str:
    """Let Anna press the button under a number of tasks and return what is answered."""
    with desk.database.write() as session:
        session.get_one(UserRow, desk.anna).telegram_id = "42"
    before = len(desk.rows(OutboxRow))
    chat = json.dumps({"chat_id": CHAT, "message_id": 5})
    pressed = Press(
        f"p{before}", str(CHAT), Author(telegram_id), f"{TAKE_ONE}{round_id}", desk.clock.now(), chat, callback="c"
    )
    desk.street.hear(pressed)
    return next((row.text for row in desk.rows(OutboxRow)[before:] if row.details.get("callback")), "")


def test_many_tasks_that_wait_together_are_one_message(desk: Desk, keeper: Keeper) -> None:
    for _ in range(14):
        desk.waits()

    keeper.at(11)

    assert [row.kind for row in desk.rows(AlertRow)] == ["waiting"] * 14
    assert said(desk) == ["Ждут решения: 14. Самая старая задача ждёт 11 мин, до обещанного срока 9 мин."]
    assert letters(desk)[0].text.endswith("http://here/")
    assert letters(desk)[0].details["buttons"] == [["Беру", f"{TAKE_ONE}1"]]


def test_one_task_alone_is_told_with_its_own_link(desk: Desk, keeper: Keeper) -> None:
    task_id = desk.waits()

    keeper.at(11)

    assert said(desk) == [f"Задача {task_id} (Telegram) никем не решена, до обещанного срока 9 мин."]
    assert letters(desk)[0].text.endswith(f"http://here/tasks/{task_id}")


def test_what_joins_within_the_quiet_time_is_not_heard_and_then_all_of_it_once(desk: Desk, keeper: Keeper) -> None:
    desk.waits()
    for minute in range(1, 5):
        keeper.at(minute)
        desk.waits()

    keeper.at(11)
    keeper.at(13)
    first = said(desk)
    keeper.at(16)

    assert len(first) == 1
    waiting = [row for row in desk.rows(AlertRoundRow) if row.kind == "waiting"]
    assert [(row.count, row.ended_at is None) for row in waiting] == [(3, False), (5, True)]
    assert "Ждут решения: 5. Самая старая задача ждёт 16 мин, до обещанного срока 4 мин." in said(desk)


def test_after_the_quiet_time_nothing_is_told_unless_something_is_new(desk: Desk, keeper: Keeper) -> None:
    desk.waits()
    desk.waits()

    for second in range(0, 300, 20):
        keeper.at(11 + second / 60)

    assert len([row for row in desk.rows(AlertRoundRow) if row.kind == "waiting"]) == 1


def test_danger_is_never_gathered(desk: Desk, keeper: Keeper) -> None:
    for _ in range(3):
        desk.waits("Открытый люк")

    keeper.at(3)

    assert [kind for kind, _ in told(desk)] == ["incident"] * 3 + ["unanswered"] * 3
    assert len(letters(desk)) == 6


def test_the_message_in_the_chat_follows_the_number_silently(desk: Desk, keeper: Keeper) -> None:
    for _ in range(3):
        desk.waits()
    desk.clock.advance(30 * SECOND)
    desk.waits()
    keeper.at(11)
    deliver(desk)

    keeper.at(11.5)
    keeper.at(11.6)
    deliver(desk)

    (first, change) = letters(desk)
    assert first.text.startswith("Ждут решения: 3.")
    assert change.text.startswith("Ждут решения: 4.")
    assert (change.details["edits"], change.details["buttons"]) == (first.external_id, first.details["buttons"])


def test_a_message_that_has_not_left_yet_is_put_right_before_it_does(desk: Desk, keeper: Keeper) -> None:
    ids = [desk.waits() for _ in range(3)]
    keeper.at(11)

    desk.register(ids[0])
    keeper.at(11.5)

    (only,) = letters(desk)
    assert only.text.startswith("Ждут решения: 2.")


def test_when_nothing_of_it_waits_any_more_the_message_says_so_and_loses_its_button(desk: Desk, keeper: Keeper) -> None:
    ids = [desk.waits() for _ in range(2)]
    keeper.at(11)
    deliver(desk)
    for task_id in ids:
        desk.register(task_id)

    keeper.at(11.5)

    change = letters(desk)[-1]
    assert change.text == "Об этом больше ничего не ждёт: решено или принято к сведению."
    assert change.details["buttons"] == []
    assert desk.rows(AlertRoundRow)[0].ended_at == desk.clock.now()


def test_the_button_takes_the_most_urgent_and_acknowledges_what_was_told(desk: Desk, keeper: Keeper) -> None:
    ids = [desk.waits() for _ in range(3)]
    desk.clock.advance(30 * SECOND)
    later = desk.waits()
    keeper.at(11)
    keeper.at(11.25)
    with desk.database.write() as session:
        raise_alert(session, Kind.WAITING, later, INSPECTORS, desk.clock.now())

    answer = press(desk, 1)

    assert answer == f"Anna берёт задачу {ids[0]}. Принято к сведению: 3."
    assert desk.task(ids[0]).claimed_by == desk.anna
    live = [row.task_id for row in desk.rows(AlertRow) if row.ended_at is None]
    assert live == [later]
    assert press(desk, 1) == "Здесь уже ничего не ждёт."


def test_a_stranger_takes_nothing_of_many(desk: Desk, keeper: Keeper) -> None:
    desk.waits()
    desk.waits()
    keeper.at(11)

    assert "666" in press(desk, 1, "666")
    assert press(desk, 4711) == ""
    assert all(row.ended_at is None for row in desk.rows(AlertRow))


def test_new_tasks_after_an_answer_wait_for_the_quiet_time(desk: Desk, keeper: Keeper) -> None:
    began_at = desk.clock.now()
    desk.waits()
    desk.waits()
    desk.clock.advance(MINUTE)
    desk.waits()
    keeper.at(11)
    with desk.database.write() as session:
        for alert_id in (1, 2):
            acknowledge(session, alert_id, desk.anna, desk.clock.now())

    for minute in (12, 13.9, 16):
        keeper.at(minute)

    waiting = [row for row in desk.rows(AlertRoundRow) if row.kind == "waiting"]
    assert [row.told_at - began_at for row in waiting] == [11 * MINUTE, 16 * MINUTE]


def test_mail_goes_once_a_round(desk: Desk) -> None:
    mailing = Keeper(
        desk.database, desk.clock, Ways(Alerts.model_validate({"email": MAIL}), "http://here", has_telegram=False)
    )
    for _ in range(5):
        desk.waits()

    for minute in (11, 11.5, 12, 13):
        mailing.at(minute)

    (mail,) = letters(desk, "email")
    assert mail.text.startswith("Ждут решения: 5.")
    assert mail.details["buttons"] == []


def test_many_alerts_that_reach_nobody_do_not_use_up_the_turn(desk: Desk) -> None:
    desk.waits()
    desk.waits()
    keeper = Keeper(desk.database, desk.clock, SILENT)
    keeper.at(11)
    assert [(row.ways, row.rounds) for row in desk.rows(AlertRow)] == [("", 1)] * 2

    on_shift(desk.database, desk.clock, desk.anna)
    keeper.at(12)

    assert [(row.ways, row.rounds) for row in desk.rows(AlertRow)] == [("screen", 2)] * 2
    assert [row.count for row in desk.rows(AlertRoundRow)] == [2]


def test_the_quiet_time_is_configured(desk: Desk) -> None:
    alerts = Alerts(telegram_chat=CHAT, quiet_minutes=1)
    keeper = Keeper(desk.database, desk.clock, Ways(alerts, "http://here", has_telegram=True))
    for _ in range(3):
        desk.waits()
        desk.clock.advance(MINUTE)

    for minute in (11, 12, 13):
        keeper.at(minute)

    assert [row.count for row in desk.rows(AlertRoundRow)] == [1, 2, 3]


def test_taking_a_task_ends_every_alert_about_it(desk: Desk, keeper: Keeper) -> None:
    task_id = desk.waits("Открытый люк")
    keeper.at(3)

    desk.claim(task_id)

    assert told(desk) == [("incident", "everybody"), ("unanswered", "role:supervisor")]
    assert {(row.ended_why, row.acknowledged_by) for row in desk.rows(AlertRow)} == {("taken", desk.anna)}


def test_going_on_with_ones_own_task_does_not_answer_for_what_is_alerted_meanwhile(desk: Desk, keeper: Keeper) -> None:
    task_id = desk.waits()
    keeper.at(13)
    desk.claim(task_id)
    keeper.at(14)

    desk.claim(task_id)

    assert [(row.kind, row.ended_why) for row in desk.rows(AlertRow)][-1] == ("escalation", "")


def test_danger_that_is_given_back_undecided_sounds_again(desk: Desk, keeper: Keeper) -> None:
    task_id = desk.waits("Открытый люк")
    keeper.now()
    desk.claim(task_id)
    keeper.at(0.5)
    silent = desk.rows(AlertRow)[0].rounds

    with desk.database.write() as session:
        claims.release(session, task_id, desk.anna, desk.clock.now())
    keeper.at(1)

    assert (silent, desk.rows(AlertRow)[0].rounds) == (1, 2)
    assert desk.rows(AlertRow)[0].acknowledged_by is None


def test_danger_somebody_took_and_left_lying_is_alerted_when_the_machine_registers_it(
    desk: Desk, keeper: Keeper
) -> None:
    desk.claim(desk.waits("Открытый люк"))

    keeper.at(8)

    assert told(desk)[-1] == ("dispatch", "everybody")
