"""Chores that keep the ledger of blind minutes."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from intake109.clock import MovedClock
from intake109.jobs.housekeeping import Housekeeping, Subscription
from intake109.jobs.loop import Threads
from intake109.media.files import FileStore
from intake109.store import health, spells
from intake109.store.database import Database
from intake109.store.tables import BlindSpellRow
from tests.conftest import NOON

MINUTE = timedelta(minutes=1)


class Forgetful:
    """A platform that has stopped calling us, and calls again once it is asked to."""

    name = "instagram.webhook"
    channel = "instagram"

    def __init__(self) -> None:
        self.asked = 0

    async def check(self, now: datetime) -> str | None:
        self.asked += 1
        return "webhooks were off and have been switched on again" if self.asked == 1 else None


def housekeeping(database: Database, clock: MovedClock, threads: Threads, *found: Subscription) -> Housekeeping:
    return Housekeeping([], found, database, clock, threads, FileStore(Path("unused"), 1))


def ledger(database: Database) -> list[BlindSpellRow]:
    with database.read() as session:
        return spells.since(session, NOON - 999 * MINUTE)


def test_a_lost_subscription_was_blind_until_it_was_renewed(
    sqlite: Database, clock: MovedClock, threads: Threads
) -> None:
    with sqlite.write() as session:
        health.heard(session, "instagram.webhook", "instagram", NOON - 50 * MINUTE)
    chores = housekeeping(sqlite, clock, threads, Forgetful())

    asyncio.run(chores.check())
    clock.advance(60 * MINUTE)
    asyncio.run(chores.check())

    (spell,) = ledger(sqlite)
    assert (spell.reason, spell.began_at, spell.ended_at) == ("unsubscribed", NOON - 50 * MINUTE, NOON)


def test_silence_is_noticed_by_the_clock_alone(sqlite: Database, clock: MovedClock, threads: Threads) -> None:
    with sqlite.write() as session:
        row = health.of(session, "telegram", "telegram")
        row.last_good_at, row.rhythm_s = NOON, 120.0
    chores = housekeeping(sqlite, clock, threads)

    asyncio.run(chores.watch())
    before = len(ledger(sqlite))
    clock.advance(3 * MINUTE)
    for _ in range(2):
        asyncio.run(chores.watch())

    assert (before, [(one.began_at, one.reason) for one in ledger(sqlite)]) == (0, [(NOON, "silence")])
