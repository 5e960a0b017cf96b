"""Being told to stop is not being killed: what has left is noted as sent."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from intake109.clock import MovedClock
from intake109.jobs.carrying import Carrying
from intake109.jobs.delivering import Delivering
from intake109.jobs.fetching import Fetching
from intake109.jobs.housekeeping import Housekeeping
from intake109.jobs.looking_up import LookingUp
from intake109.jobs.loop import Threads
from intake109.jobs.polling import Polling
from intake109.jobs.promising import Promising
from intake109.jobs.worker import Elected, Worker
from intake109.media.files import FileStore
from intake109.model import Batch, Channel, Outgoing, Receipt
from intake109.store.database import Database
from intake109.store.tables import OutboxRow
from tests.city import RULES, Street
from tests.conftest import NOON
from tests.promise import SILENT

TIMEOUT_S = 10.0


class SlowPlatform:
    """Takes a message at once and answers when it is let."""

    channel = Channel.TELEGRAM

    def __init__(self) -> None:
        self.has_taken = threading.Event()
        self.may_answer = threading.Event()

    async def send(self, message: Outgoing) -> Receipt:
        self.has_taken.set()
        await asyncio.to_thread(self.may_answer.wait, TIMEOUT_S)
        return Receipt("7:1")


class QuietPoller:
    """Waits for news that never come, and tells when it is cut off."""

    name = "quiet"
    channel = Channel.TELEGRAM
    pause = timedelta(0)

    def __init__(self) -> None:
        self.is_asked = threading.Event()
        self.is_cut_off = threading.Event()

    async def poll(self, cursor: str | None, now: datetime) -> Batch:
        self.is_asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.is_cut_off.set()
        return Batch((), None)


@pytest.fixture
def platform() -> Iterator[SlowPlatform]:
    slow = SlowPlatform()
    yield slow
    slow.may_answer.set()


def owe(database: Database) -> int:
    with database.write() as session:
        row = OutboxRow(
            idempotency_key="k",
            purpose="dialogue",
            channel="telegram",
            address="{}",
            text="Принято",
            language="ru",
            not_before=NOON,
            created_at=NOON,
        )
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id


def worker_of(database: Database, poller: QuietPoller, platform: SlowPlatform, folder: Path) -> Worker:
    clock, threads, files = MovedClock(NOON), Threads(), FileStore(folder, 2**20)
    return Worker(
        elected=lambda _: Elected(
            [Polling(poller, database, clock, threads)], Housekeeping([], [], database, clock, threads, files)
        ),
        election=None,
        carrying=Carrying(Street(database, clock).pipeline, database, clock, threads),
        promising=Promising(lambda: RULES, SILENT, database, clock, threads),
        delivering=[Delivering(Channel.TELEGRAM, platform, "template", database, clock, threads)],
        fetching=Fetching({}, files, database, clock, threads),
        looking_up=LookingUp({}, database, clock, threads),
        database=database,
        clock=clock,
        threads=threads,
        introductions=[],
        closers=[],
    )


def test_a_message_on_its_way_when_told_to_stop_is_noted_as_sent(
    database: Database, platform: SlowPlatform, tmp_path: Path
) -> None:
    row_id, poller = owe(database), QuietPoller()
    worker = worker_of(database, poller, platform, tmp_path)
    worker.start()
    assert platform.has_taken.wait(TIMEOUT_S)
    assert poller.is_asked.wait(TIMEOUT_S)

    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    assert poller.is_cut_off.wait(TIMEOUT_S)
    platform.may_answer.set()
    stopping.join(TIMEOUT_S)

    with database.read() as session:
        row = session.get(OutboxRow, row_id)
    assert row is not None
    assert (row.state, row.attempts) == ("sent", 1)
