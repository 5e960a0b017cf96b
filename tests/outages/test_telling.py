"""When an outage moves, ends or should have ended, everybody who asked is told, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake109.errors import ConflictError
from intake109.outages import entering
from intake109.store import appeals
from intake109.store.tables import AppealRow, MentionRow, OutageChangeRow, OutboxRow
from tests.desk import MINUTE
from tests.outages.neighbourhood import HOUR, Neighbourhood


def test_everybody_who_asked_is_told_of_the_end_once_and_in_the_own_language(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce()
    for said in ("Нет тепла, Абая 10", "Абай көшесі 12, жылу жоқ"):
        quarter.answer_with(quarter.asks(said), outage_id)
    quarter.register(quarter.asks("Нет тепла, Абая 10"))
    quarter.clock.advance(HOUR)

    with quarter.database.write() as session:
        entering.end(session, outage_id, quarter.duty())
    before = quarter.told()
    told = quarter.tell()

    assert before == []
    assert [text.split(":")[0] for text in told] == [
        "По вашему обращению 2026-000001",
        "2026-000002 өтінішіңіз бойынша",
    ]
    assert quarter.tell() == told


def test_a_citizen_attached_to_such_an_appeal_is_told_too(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce()
    appeal = quarter.answer_with(quarter.asks(), outage_id)
    quarter.attach(quarter.asks("Нет тепла, Абая 10"), appeal.number)

    with quarter.database.write() as session:
        entering.move(session, outage_id, quarter.clock.now() + 8 * HOUR, quarter.duty())

    assert [text.count("теперь до 20:00") for text in quarter.tell()] == [1, 1]


def test_who_asked_twice_in_one_talk_is_told_once(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce()
    for minutes in (0, 15):
        quarter.clock.advance(minutes * MINUTE)
        quarter.answer_with(quarter.asks(f"Нет тепла, Абая {10 + minutes // 15 * 2}", author="asel"), outage_id)

    with quarter.database.write() as session:
        entering.end(session, outage_id, quarter.duty())

    assert len(quarter.rows(AppealRow)) == 2
    assert len(quarter.tell()) == 1


def test_many_are_told_in_batches_and_a_stop_between_them_loses_nobody(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce()
    appeal = quarter.answer_with(quarter.asks(), outage_id)
    for _ in range(4):
        quarter.attach(quarter.asks("Нет тепла, Абая 10"), appeal.number)
    with quarter.database.write() as session:
        entering.end(session, outage_id, quarter.duty())
    quarter.clock.advance(timedelta(seconds=10))

    quarter.news.keep()
    half = len(quarter.told())
    told = quarter.tell()

    assert half == 2
    assert len(told) == 5


def test_an_end_that_passes_unsaid_asks_whether_it_is_so(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce(hours=3)
    quarter.answer_with(quarter.asks(), outage_id)
    quarter.clock.advance(3 * HOUR - timedelta(seconds=11))

    before = quarter.tell()
    quarter.clock.advance(MINUTE)
    told = quarter.tell()

    assert before == []
    assert len(told) == 1
    assert "должны были закончиться в 15:00" in told[0]
    assert quarter.outage(outage_id).lapsed_at is not None
    assert quarter.outage(outage_id).over_at is None
    assert quarter.tell() == told


def test_an_end_moved_after_it_lapsed_is_told_and_lapses_again(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce(hours=3)
    quarter.answer_with(quarter.asks(), outage_id)
    quarter.clock.advance(4 * HOUR)
    quarter.tell()

    with quarter.database.write() as session:
        entering.move(session, outage_id, quarter.clock.now() + HOUR, quarter.duty())
    quarter.tell()
    quarter.clock.advance(2 * HOUR)
    told = quarter.tell()

    assert [("должны были" in text, "теперь до" in text) for text in told] == [
        (True, False),
        (False, True),
        (True, False),
    ]


def test_a_change_is_undone_before_anybody_is_told(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce(hours=3)
    quarter.answer_with(quarter.asks(), outage_id)
    ends_at = quarter.outage(outage_id).ends_at
    with quarter.database.write() as session:
        entering.end(session, outage_id, quarter.duty())

    with quarter.database.write() as session:
        entering.undo(session, outage_id, quarter.duty())

    assert quarter.tell() == []
    assert (quarter.outage(outage_id).over_at, quarter.outage(outage_id).ends_at) == (None, ends_at)
    assert quarter.rows(OutageChangeRow)[-1].undone_at is not None


def test_a_change_that_was_told_or_is_anothers_stays(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce(hours=3)
    with quarter.database.write() as session:
        entering.end(session, outage_id, quarter.duty())

    with pytest.raises(ConflictError), quarter.database.write() as session:
        entering.undo(session, outage_id, quarter.duty(quarter.bolat))
    quarter.clock.advance(timedelta(seconds=10))
    with pytest.raises(ConflictError), quarter.database.write() as session:
        entering.undo(session, outage_id, quarter.duty())

    assert quarter.outage(outage_id).over_at is not None


def test_only_the_last_of_two_quick_moves_is_told(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce(hours=3)
    quarter.answer_with(quarter.asks(), outage_id)

    for hours in (6, 8):
        with quarter.database.write() as session:
            entering.move(session, outage_id, quarter.clock.now() + hours * HOUR, quarter.duty())

    assert [text[-6:] for text in quarter.tell()] == ["20:00."]


def test_a_citizen_who_cannot_be_written_to_waits_for_a_person_as_always(quarter: Neighbourhood) -> None:
    outage_id = quarter.announce()
    appeal = quarter.answer_with(quarter.asks(), outage_id)
    with quarter.database.write() as session:
        entering.end(session, outage_id, quarter.duty())
    quarter.tell()

    letter = quarter.rows(OutboxRow)[-1]

    with quarter.database.read() as session:
        mention = session.get_one(MentionRow, appeals.mention_ids(session, appeal.id or 0)[0])
    assert (letter.purpose, letter.address, letter.conversation_id) == (
        "outage",
        mention.reply_to,
        mention.conversation_id,
    )
    assert (letter.appeal_id, letter.task_id) == (appeal.id, None)
