"""When a channel is blind, what the ledger says of it, and what was found late because of it."""

from __future__ import annotations

from datetime import datetime

import pytest

from intake109.clock import MovedClock
from intake109.errors import RefusedError
from intake109.model import Channel
from intake109.queue import blindness, lateness
from intake109.store import health, pauses, spells
from intake109.store.database import Database
from intake109.store.tables import HealthRow, TaskRow
from tests.city import PROMISE, hire, said
from tests.conftest import NOON
from tests.desk import MINUTE, SECOND, Desk

NAME, CHANNEL = "instagram.tags", "instagram"
PAUSE = 2 * MINUTE


def view(database: Database, now: datetime, name: str = NAME) -> None:
    """Read the channel once with success, as a poller does."""
    with database.write() as session:
        row = health.of(session, name, CHANNEL)
        blindness.good_view(session, row, now)
        row.last_good_at, row.errors_in_row, row.backoff = now, 0, ""
        row.rhythm_s = blindness.rhythm(PAUSE).total_seconds()


def fail(database: Database, now: datetime, times: int = 3, backoff: str = "transient") -> None:
    with database.write() as session:
        row = health.of(session, NAME, CHANNEL)
        row.errors_in_row, row.backoff, row.last_error_at = row.errors_in_row + times, backoff, now
        blindness.keep(session, now)


def keep(database: Database, now: datetime) -> None:
    with database.write() as session:
        blindness.keep(session, now)


def ledger(database: Database) -> list[tuple[str, str, datetime, datetime | None]]:
    with database.read() as session:
        return [
            (one.name, one.reason, one.began_at, one.ended_at) for one in spells.since(session, NOON - 9999 * MINUTE)
        ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (HealthRow(name=NAME, channel=CHANNEL, errors_in_row=2, backoff="transient"), ""),
        (HealthRow(name=NAME, channel=CHANNEL, errors_in_row=3), "errors"),
        (HealthRow(name=NAME, channel=CHANNEL, errors_in_row=1, backoff="auth_lost"), "errors"),
        (HealthRow(name=NAME, channel=CHANNEL, credentials_expire_at=NOON), "expired"),
        (HealthRow(name=NAME, channel=CHANNEL, last_good_at=NOON - 6 * MINUTE, rhythm_s=360), ""),
        (HealthRow(name=NAME, channel=CHANNEL, last_good_at=NOON - 6 * MINUTE - SECOND, rhythm_s=360), "silence"),
        (HealthRow(name="whatsapp", channel="whatsapp", last_good_at=NOON - 999 * MINUTE), ""),
        (HealthRow(name="job.carrying", channel="system", errors_in_row=9), ""),
        (HealthRow(name="alerts", channel="system", errors_in_row=9), ""),
    ],
)
def test_a_way_in_is_blind_by_errors_by_silence_or_by_its_token(row: HealthRow, reason: str) -> None:
    assert blindness.why(row, NOON) == reason


def test_a_spell_begins_with_the_last_good_view_and_ends_with_the_next(database: Database, clock: MovedClock) -> None:
    view(database, NOON)
    fail(database, clock.advance(2 * MINUTE))
    fail(database, clock.advance(2 * MINUTE))
    view(database, clock.advance(20 * MINUTE))

    assert ledger(database) == [(NAME, "errors", NOON, NOON + 24 * MINUTE)]


def test_silence_is_noticed_without_any_error(database: Database) -> None:
    view(database, NOON)
    keep(database, NOON + 6 * MINUTE)
    before = ledger(database)

    keep(database, NOON + 6 * MINUTE + SECOND)

    assert (before, ledger(database)) == ([], [(NAME, "silence", NOON, None)])


def test_a_silence_while_nothing_ran_is_written_down_afterwards(database: Database) -> None:
    view(database, NOON)

    view(database, NOON + 60 * MINUTE)

    assert ledger(database) == [(NAME, "silence", NOON, NOON + 60 * MINUTE)]


def test_a_renewed_token_ends_the_spell(database: Database) -> None:
    with database.write() as session:
        health.of(session, NAME, CHANNEL).credentials_expire_at = NOON
    keep(database, NOON)
    with database.write() as session:
        row = health.of(session, NAME, CHANNEL)
        row.credentials_expire_at, row.last_good_at = NOON + 9999 * MINUTE, NOON + MINUTE

    keep(database, NOON + 2 * MINUTE)

    assert ledger(database) == [(NAME, "expired", NOON, NOON + MINUTE)]


def test_a_subscription_that_was_gone_is_blind_since_it_was_last_seen(database: Database) -> None:
    with database.write() as session:
        health.of(session, "instagram.webhook", CHANNEL).last_good_at = NOON
        blindness.resubscribed(session, "instagram.webhook", CHANNEL, NOON + 60 * MINUTE)

    assert ledger(database) == [("instagram.webhook", "unsubscribed", NOON, NOON + 60 * MINUTE)]


def test_a_pause_is_a_spell_until_the_first_view_after_it(database: Database, clock: MovedClock) -> None:
    bolat = hire(database, clock, "bolat", "supervisor")
    view(database, NOON)
    with database.write() as session:
        blindness.pause(session, CHANNEL, "чужой бот", bolat, NOON + MINUTE)
    keep(database, NOON + 30 * MINUTE)
    with database.write() as session:
        blindness.resume(session, CHANNEL, bolat, NOON + 40 * MINUTE)
    keep(database, NOON + 40 * MINUTE)
    view(database, NOON + 41 * MINUTE)
    view(database, NOON + 41 * MINUTE, "instagram.instaloader")

    assert ledger(database) == [("pause.instagram", "paused", NOON + MINUTE, NOON + 41 * MINUTE)]


def test_a_pause_needs_a_reason_and_is_one_however_often_it_is_pressed(database: Database, clock: MovedClock) -> None:
    bolat = hire(database, clock, "bolat", "supervisor")
    with database.write() as session, pytest.raises(RefusedError):
        blindness.pause(session, CHANNEL, " ", bolat, NOON)

    with database.write() as session:
        blindness.pause(session, CHANNEL, "ремонт", bolat, NOON)
        blindness.pause(session, CHANNEL, "ещё раз", bolat, NOON)

    with database.read() as session:
        assert [one.reason for one in pauses.all_of(session)] == ["ремонт"]


def test_a_channel_that_calls_us_is_not_made_blind_by_a_pause(database: Database, clock: MovedClock) -> None:
    bolat = hire(database, clock, "bolat", "supervisor")
    with database.write() as session:
        blindness.heard(session, "whatsapp", "whatsapp", NOON)
        blindness.pause(session, "whatsapp", "ремонт", bolat, NOON)

    assert ledger(database) == []


def test_what_was_said_in_a_spell_and_found_after_it_is_marked_and_not_charged_to_the_desk(desk: Desk) -> None:
    with desk.database.write() as session:
        spells.note(session, "telegram", "telegram", NOON - 30 * MINUTE, NOON, "errors")

    hidden = _found(desk, "a", NOON - 30 * MINUTE)
    before = _found(desk, "b", NOON - 31 * MINUTE)
    after = _found(desk, "c", NOON)

    assert [desk.task(one).blind_spell_id is not None for one in (hidden, before, after)] == [True, False, False]
    with desk.database.read() as session:
        assert lateness.cause(session, desk.task(hidden), PROMISE, NOON + 20 * MINUTE) == "collector"


def test_what_was_said_on_another_channel_or_heard_during_the_spell_is_not_marked(desk: Desk) -> None:
    with desk.database.write() as session:
        spells.note(session, NAME, CHANNEL, NOON - 30 * MINUTE, NOON, "errors")
        spells.begin(session, "telegram", "telegram", NOON - 30 * MINUTE, "errors")

    assert desk.task(_found(desk, "a", NOON - 10 * MINUTE)).blind_spell_id is None


def test_a_spell_is_open_only_once_however_many_notice_it(database: Database) -> None:
    with database.write() as session:
        first = spells.begin(session, NAME, CHANNEL, NOON, "errors")
        again = spells.begin(session, NAME, CHANNEL, NOON + MINUTE, "silence")

    assert (first, again) == (True, False)
    assert ledger(database) == [(NAME, "errors", NOON, None)]


def _found(desk: Desk, key: str, mentioned_at: datetime) -> int:
    """Let a citizen have written earlier, and us find it now."""
    desk.street.hear(said(key, f"Яма {key}", mentioned_at, author=key), channel=Channel.TELEGRAM)
    return max(row.id for row in desk.rows(TaskRow) if row.id is not None)
