"""Sending what is owed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from intake109.clock import MovedClock
from intake109.errors import ChannelError, UnreachableError
from intake109.jobs.delivering import Delivering
from intake109.jobs.loop import Threads
from intake109.model import Channel, Receipt
from intake109.outbox import delivery
from intake109.queue import blindness
from intake109.store.database import Database
from intake109.store.tables import OutboxRow
from tests.desk import Desk
from tests.jobs.platform import FakeSender


@pytest.fixture
def desk(sqlite: Database, clock: MovedClock) -> Desk:
    """A desk that owes one question."""
    found = Desk(sqlite, clock)
    found.ask(found.waits())
    return found


def delivering(desk: Desk, threads: Threads, sender: FakeSender | None) -> Delivering:
    return Delivering(Channel.TELEGRAM, sender, "appeal_update", desk.database, desk.clock, threads)


def deliver(desk: Desk, threads: Threads, sender: FakeSender | None) -> bool:
    return asyncio.run(delivering(desk, threads, sender).step())


def states(desk: Desk) -> list[str]:
    return [row.state for row in desk.rows(OutboxRow)]


def test_what_is_owed_is_sent_once(desk: Desk, threads: Threads) -> None:
    sender = FakeSender(Receipt("x1"))

    delivered = [deliver(desk, threads, sender) for _ in range(2)]

    assert (delivered, states(desk)) == ([True, False], ["sent"])
    assert [one.text for one in sender.sent] == ["Какой адрес?"]


def test_nothing_is_held_open_while_the_platform_is_asked(desk: Desk, threads: Threads) -> None:
    class LookingSender(FakeSender):
        async def send(self, message: object) -> Receipt:
            with desk.database.write() as session:  # would wait for ever inside another transaction
                assert session.get_one(OutboxRow, 1).attempts == 1
            return Receipt("x1")

    assert deliver(desk, threads, LookingSender())
    assert states(desk) == ["sent"]


def test_a_channel_that_is_switched_off_leaves_it_to_a_person(desk: Desk, threads: Threads) -> None:
    deliver(desk, threads, None)

    assert states(desk) == ["by_hand"]


def test_a_failure_waits_and_goes_out_later(desk: Desk, threads: Threads) -> None:
    sender = FakeSender(ChannelError("503"), Receipt("x1"))

    deliver(desk, threads, sender)
    too_early = deliver(desk, threads, sender)
    desk.clock.advance(timedelta(seconds=2))
    deliver(desk, threads, sender)

    assert (too_early, states(desk)) == (False, ["sent"])


def test_a_citizen_who_cannot_be_written_to_is_a_persons_work(desk: Desk, threads: Threads) -> None:
    deliver(desk, threads, FakeSender(UnreachableError("blocked the bot")))

    assert states(desk) == ["by_hand"]


def test_a_fault_of_ours_is_counted_and_ends_with_a_person(desk: Desk, threads: Threads) -> None:
    sender = FakeSender(KeyError("chat_id"))
    for _ in range(delivery.MOST_ATTEMPTS):
        deliver(desk, threads, sender)
        desk.clock.advance(timedelta(minutes=10))

    assert states(desk) == ["unknown"]
    assert sender.calls == delivery.MOST_ATTEMPTS


def test_a_message_that_cannot_be_put_together_holds_up_nobody(desk: Desk, threads: Threads) -> None:
    with desk.database.write() as session:
        session.get_one(OutboxRow, 1).language = "xx"
    desk.clock.advance(timedelta(seconds=1))
    desk.ask(1, "А подъезд?")
    sender = FakeSender(Receipt("x1"))

    for _ in range(2):
        deliver(desk, threads, sender)

    assert states(desk) == ["failed", "sent"]
    assert "xx" in desk.rows(OutboxRow)[0].last_error


def test_a_paused_channel_holds_back_citizens_letters_but_never_an_alert(desk: Desk, threads: Threads) -> None:
    sender = FakeSender(Receipt("x1"))
    with desk.database.write() as session:
        blindness.pause(session, "telegram", "ремонт", desk.bolat, desk.clock.now())
    held_back = deliver(desk, threads, sender)

    with desk.database.write() as session:
        session.get_one(OutboxRow, 1).purpose = "alert"
    alert = deliver(desk, threads, sender)

    assert (held_back, alert, states(desk)) == (False, True, ["sent"])


def test_files_are_fetched_for_who_sends_them(desk: Desk, threads: Threads) -> None:
    sender = FakeSender(Receipt("x1"))
    with desk.database.write() as session:
        row = session.get_one(OutboxRow, 1)
        row.details = {"files": [{"sha256": "a1", "name": "r.pdf", "mime": "application/pdf"}]}
    jobs = Delivering(Channel.TELEGRAM, sender, "t", desk.database, desk.clock, threads, {"a1": b"%PDF"}.__getitem__)

    asyncio.run(jobs.step())

    assert [(one.name, one.content) for one in sender.sent[0].files] == [("r.pdf", b"%PDF")]


def test_a_message_whose_file_is_gone_ends_with_a_person(desk: Desk, threads: Threads) -> None:
    def gone(sha256: str) -> bytes:
        raise FileNotFoundError(sha256)

    with desk.database.write() as session:
        row = session.get_one(OutboxRow, 1)
        row.details = {"files": [{"sha256": "a1", "name": "r.pdf", "mime": "application/pdf"}]}
    jobs = Delivering(Channel.TELEGRAM, FakeSender(Receipt("x1")), "t", desk.database, desk.clock, threads, gone)

    asyncio.run(jobs.step())

    assert states(desk) == ["failed"]
