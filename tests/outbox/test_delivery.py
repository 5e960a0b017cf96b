"""What is owed is sent once where that can be known, again where it cannot, and never silently dropped."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.clock import MovedClock
from intake109.errors import Backoff, ChannelError, UnknownOutcomeError, UnreachableError
from intake109.model import Button, Channel, DeliveryState, DeliveryStatus, Receipt
from intake109.outbox import delivery, statuses
from intake109.store import outbox
from intake109.store import statuses as early
from intake109.store.database import Database
from intake109.store.tables import ConversationRow, EarlyStatusRow, MessageRow, OutboxRow
from tests.desk import MINUTE, SECOND, Desk
from tests.race import race

NO_LUCK = ChannelError("no luck")


@pytest.fixture
def desk(database: Database, clock: MovedClock) -> Desk:
    """A desk that owes one question to one citizen."""
    found = Desk(database, clock)
    found.ask(found.waits())
    return found


def lease(desk: Desk) -> OutboxRow | None:
    with desk.database.write() as session:
        return outbox.lease(session, Channel.TELEGRAM, desk.clock.now(), delivery.LEASE)


def leased(desk: Desk) -> OutboxRow:
    row = lease(desk)
    assert row is not None
    return row


def sent(desk: Desk, row: OutboxRow, external_id: str = "x1") -> None:
    with desk.database.write() as session:
        delivery.settle_sent(session, row, Receipt(external_id), desk.clock.now())


def failed(desk: Desk, row: OutboxRow, error: ChannelError = NO_LUCK) -> None:
    with desk.database.write() as session:
        delivery.settle_failure(session, row, error, desk.clock.now())


def told(desk: Desk, state: DeliveryState, external_id: str = "x1", code: str = "") -> None:
    with desk.database.write() as session:
        status = DeliveryStatus(external_id, state, desk.clock.now(), code)
        statuses.note(session, Channel.TELEGRAM, status, desk.clock.now())


def only(desk: Desk) -> OutboxRow:
    (row,) = desk.rows(OutboxRow)
    return row


def test_a_message_is_leased_once_by_however_many_workers(desk: Desk) -> None:
    for _ in range(11):
        desk.ask(1)

    def work() -> list[int]:
        return [row.id for _ in range(4) if (row := lease(desk)) is not None and row.id is not None]

    found = race([work] * 8)

    assert sorted(one for some in found if isinstance(some, list) for one in some) == list(range(1, 13))


def test_an_attempt_is_counted_when_it_is_leased(desk: Desk) -> None:
    row = leased(desk)

    assert (row.attempts, only(desk).attempts, only(desk).state) == (1, 1, "owed")
    assert only(desk).lease_until == desk.clock.now() + delivery.LEASE


def test_the_lease_of_a_dead_worker_is_taken_up_exactly_at_its_end(desk: Desk) -> None:
    leased(desk)

    desk.clock.advance(delivery.LEASE - timedelta(microseconds=1))
    before = lease(desk)
    desk.clock.advance(timedelta(microseconds=1))
    after = lease(desk)

    assert before is None
    assert after is not None
    assert after.attempts == 2


def test_who_lost_the_lease_no_longer_settles(desk: Desk) -> None:
    slow = leased(desk)
    desk.clock.advance(delivery.LEASE)
    quick = leased(desk)

    sent(desk, quick, "quick")
    sent(desk, slow, "slow")
    failed(desk, slow, UnreachableError("blocked"))

    assert (only(desk).state, only(desk).external_id) == ("sent", "quick")
    assert [row.key for row in desk.rows(MessageRow) if row.is_ours] == ["quick"]


def test_who_lost_the_lease_does_not_settle_what_another_is_sending(desk: Desk) -> None:
    slow = leased(desk)
    desk.clock.advance(delivery.LEASE)
    quick = leased(desk)

    sent(desk, slow, "slow")
    failed(desk, slow, UnreachableError("blocked"))
    failed(desk, slow)
    between = (only(desk).state, only(desk).lease_until)
    sent(desk, quick, "quick")

    assert between == ("owed", desk.clock.now() + delivery.LEASE)
    assert (only(desk).state, only(desk).external_id) == ("sent", "quick")


def test_nothing_leaves_before_its_time(desk: Desk) -> None:
    sent(desk, leased(desk))
    desk.register(1)

    desk.clock.advance(10 * SECOND - timedelta(microseconds=1))
    before = lease(desk)
    desk.clock.advance(timedelta(microseconds=1))

    assert before is None
    assert leased(desk).purpose == "acknowledgement"


def test_what_was_cancelled_is_never_sent(desk: Desk) -> None:
    sent(desk, leased(desk))
    desk.register(1)
    desk.undo(1)
    desk.clock.advance(MINUTE)

    assert lease(desk) is None


def test_a_sent_message_stands_in_the_conversation_and_is_not_sent_again(desk: Desk) -> None:
    sent(desk, leased(desk))
    desk.clock.advance(timedelta(days=1))

    (ours,) = [row for row in desk.rows(MessageRow) if row.is_ours]
    assert (only(desk).state, only(desk).delivery, only(desk).settled_at) == ("sent", "sent", ours.at)
    assert (ours.key, ours.text, ours.mention_id) == ("x1", "Какой адрес?", 1)
    assert lease(desk) is None


def test_pauses_grow_and_the_platform_may_only_lengthen_them(desk: Desk) -> None:
    pauses = []
    for asked in (None, None, timedelta(seconds=1), timedelta(minutes=3)):
        failed(desk, leased(desk), ChannelError("slow down", backoff=Backoff.RATE_LIMITED, retry_after=asked))
        pauses.append(only(desk).not_before - desk.clock.now())
        assert lease(desk) is None
        desk.clock.advance(pauses[-1])

    assert pauses == [2 * SECOND, 4 * SECOND, 8 * SECOND, 3 * MINUTE]


@given(st.integers(1, 200), st.one_of(st.none(), st.timedeltas(timedelta(0), timedelta(hours=1))))
def test_a_pause_is_never_nothing_never_falls_and_never_less_than_asked(attempts: int, asked: timedelta | None) -> None:
    found = delivery.pause(attempts, asked)

    assert found >= max(2 * SECOND, asked or 2 * SECOND)
    assert delivery.pause(attempts + 1, asked) >= found
    assert found <= max(10 * MINUTE, asked or 10 * MINUTE)


def test_an_hour_without_the_platform_is_outlived(desk: Desk) -> None:
    end = desk.clock.now() + timedelta(hours=1)
    while desk.clock.now() < end:
        failed(desk, leased(desk))
        desk.clock.advance(only(desk).not_before - desk.clock.now())

    sent(desk, leased(desk))

    assert only(desk).state == "sent"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (UnreachableError("blocked the bot"), "by_hand"),
        (ChannelError("bad request", permanent=True), "failed"),
    ],
)
def test_what_cannot_succeed_is_shown_at_once_with_its_reason(desk: Desk, error: ChannelError, state: str) -> None:
    failed(desk, leased(desk), error)

    assert (only(desk).state, only(desk).last_error) == (state, str(error))
    with desk.database.read() as session:
        assert outbox.count_by_state(session) == {state: 1}


@pytest.mark.parametrize(("error", "state"), [(NO_LUCK, "failed"), (UnknownOutcomeError("silence"), "unknown")])
def test_in_the_end_a_person_is_shown_what_is_not_known_and_what_failed(
    desk: Desk, error: ChannelError, state: str
) -> None:
    for _ in range(delivery.MOST_ATTEMPTS):
        failed(desk, leased(desk), error)
        desk.clock.advance(10 * MINUTE)

    assert only(desk).state == state
    assert lease(desk) is None


@pytest.mark.parametrize("order", [["read", "delivered", "sent"], ["sent", "read", "delivered"], ["read"]])
def test_statuses_in_any_order_end_with_the_furthest(desk: Desk, order: list[str]) -> None:
    sent(desk, leased(desk))

    for state in order:
        told(desk, DeliveryState(state))

    assert only(desk).delivery == "read"


def test_a_failure_told_later_becomes_a_persons_work_and_stays(desk: Desk) -> None:
    sent(desk, leased(desk))

    told(desk, DeliveryState.FAILED, code="131026")
    told(desk, DeliveryState.SENT)

    assert (only(desk).state, only(desk).delivery, only(desk).last_error) == ("by_hand", "failed", "131026")


def test_a_status_that_comes_before_its_message_is_settled_is_not_lost(desk: Desk) -> None:
    row = leased(desk)

    told(desk, DeliveryState.FAILED, code="131026")
    told(desk, DeliveryState.DELIVERED, external_id="another")
    sent(desk, row)

    assert (only(desk).state, only(desk).delivery, only(desk).last_error) == ("by_hand", "failed", "131026")
    assert [one.external_id for one in desk.rows(EarlyStatusRow)] == ["another"]


def test_a_status_at_the_very_moment_of_settling_is_not_lost(desk: Desk) -> None:
    for one in range(8):
        row = leased(desk)

        race([partial(sent, desk, row, f"x{one}"), partial(told, desk, DeliveryState.READ, f"x{one}")])

        with desk.database.read() as session:
            settled = session.get(OutboxRow, row.id)
        assert settled is not None
        assert settled.delivery == "read"
        desk.ask(1)


def test_statuses_of_messages_that_are_not_ours_are_forgotten(desk: Desk) -> None:
    told(desk, DeliveryState.READ, external_id="another")

    with desk.database.write() as session:
        early.sweep(session, desk.clock.now() + SECOND)

    assert desk.rows(EarlyStatusRow) == []


@pytest.mark.parametrize(
    ("channel", "silence", "is_closed"),
    [
        ("whatsapp", timedelta(hours=24), True),
        ("whatsapp", timedelta(hours=24) - SECOND, False),
        ("telegram", timedelta(days=30), False),
    ],
)
def test_whatsapp_wants_a_template_a_day_after_the_citizens_last_word(
    desk: Desk, channel: str, silence: timedelta, is_closed: bool
) -> None:
    with desk.database.write() as session:
        row = session.get_one(OutboxRow, 1)
        row.channel = channel
        row.details = {"buttons": [["Қазақша", "language:kk"]]}
        session.get_one(ConversationRow, 1).last_incoming_at = desk.clock.now() - silence

        message = delivery.outgoing(session, row, "appeal_update", desk.clock.now())

    assert (message.must_use_template, message.template) == (is_closed, "appeal_update")
    assert (message.to, message.text, message.buttons) == (
        '{"to": "citizen1"}',
        "Какой адрес?",
        (Button("Қазақша", "language:kk"),),
    )
