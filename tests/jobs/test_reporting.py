"""The night: days are sealed, sent once to everybody who subscribes, and what was asked for is made in between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake109.clock import MovedClock
from intake109.config import Config
from intake109.errors import RefusedError
from intake109.jobs.loop import Threads
from intake109.jobs.reporting import Reporting
from intake109.media.files import FileStore
from intake109.reports import mailing, seal
from intake109.reports.formats.record import figures_of
from intake109.store import report_orders, seals, subscribers
from intake109.store.database import Database
from intake109.store.tables import OutboxRow, ReportOrderRow
from tests.city import CATALOGUE
from tests.desk import Desk
from tests.reports.made import of_day

DAY = timedelta(days=1)


class Night:
    """A desk whose nights can be made to pass."""

    def __init__(self, database: Database, clock: MovedClock, folder: Path) -> None:
        self.desk = Desk(database, clock)
        self.files = FileStore(folder, 2**24)
        self.threads = Threads()
        self.jobs = Reporting(Config(), lambda: CATALOGUE, self.files, database, clock, self.threads)

    def subscribe(self, way: str, address: str, language: str = "ru") -> None:
        with self.desk.database.write() as session:
            mailing.subscribe(session, way, address, language, self.desk.anna, self.desk.clock.now())

    def passes(self) -> list[OutboxRow]:
        """Let the chore run and return all that is owed."""
        asyncio.run(self.jobs.night())
        return [row for row in self.desk.rows(OutboxRow) if row.purpose == "alert"]


@pytest.fixture
def night(database: Database, clock: MovedClock, tmp_path: Path) -> Iterator[Night]:
    found = Night(database, clock, tmp_path)
    yield found
    found.threads.close()


def test_yesterday_is_sealed_and_sent_with_its_digest_and_its_files(night: Night) -> None:
    night.desk.register(night.desk.waits())
    night.subscribe("email", "akim@example.kz", "kk")
    night.subscribe("telegram", "-100123")
    night.desk.clock.advance(DAY)

    mail, chat = night.passes()

    with night.desk.database.read() as session:
        (link,) = seals.of_day(session, "2026-11-20")
    assert figures_of(link.content).flow.mentions == 1
    assert (mail.channel, json.loads(mail.address)) == ("email", {"to": "akim@example.kz"})
    assert (chat.channel, json.loads(chat.address)) == ("telegram", {"chat_id": -100123})
    assert link.digest in mail.text
    assert link.digest in chat.text
    assert mail.text.startswith("109 есебі, 20.11.2026")
    assert "/reports/2026-11-20" in mail.text
    assert [one["name"] for one in mail.details["files"]] == ["109-2026-11-20.pdf", "109-2026-11-20.xlsx"]
    for file in (*mail.details["files"], *chat.details["files"]):
        assert night.files.path(file["sha256"]).stat().st_size > 1000


def test_a_night_that_runs_twice_seals_and_sends_once(night: Night) -> None:
    night.subscribe("email", "akim@example.kz")
    night.desk.clock.advance(DAY)

    first, second = night.passes(), night.passes()

    assert len(first) == len(second) == 1


def test_whoever_subscribes_later_begins_with_the_next_day(night: Night) -> None:
    night.desk.clock.advance(DAY)
    night.passes()
    night.desk.clock.advance(timedelta(hours=1))
    night.subscribe("email", "late@example.kz")

    assert night.passes() == []

    night.desk.clock.advance(DAY)
    assert len(night.passes()) == 1


def test_a_correction_is_sent_too_with_its_reason(night: Night) -> None:
    night.subscribe("email", "akim@example.kz")
    night.desk.clock.advance(DAY)
    night.passes()
    with night.desk.database.write() as session:
        seal.correct(session, of_day("2026-11-20"), "журнал пришёл позже", night.desk.anna, night.desk.clock.now())

    _, corrected = night.passes()

    assert "журнал пришёл позже" in corrected.text


def test_nobody_subscribes_to_no_address(night: Night) -> None:
    for way, address in (("email", "x"), ("email", "a@b,c@d"), ("telegram", "@name"), ("post", "x@y.kz")):
        with pytest.raises(RefusedError):
            night.subscribe(way, address)
    night.subscribe("email", "akim@example.kz")
    night.subscribe("email", "akim@example.kz")

    with night.desk.database.write() as session:
        (row,) = subscribers.all_of(session)
        mailing.unsubscribe(session, row.id or 0, night.desk.anna, night.desk.clock.now())

    night.desk.clock.advance(DAY)
    assert night.passes() == []


def test_a_range_that_was_asked_for_is_made_once(night: Night) -> None:
    night.desk.register(night.desk.waits())
    with night.desk.database.write() as session:
        report_orders.add(session, "2026-11-19", "2026-11-20", night.desk.anna, night.desk.clock.now())

    made = [asyncio.run(night.jobs.step()), asyncio.run(night.jobs.step())]

    (order,) = night.desk.rows(ReportOrderRow)
    assert made == [True, False]
    assert (order.share, order.attempts, order.problem) == (1.0, 1, "")
    assert order.done_at is not None
    assert figures_of(order.content).flow.mentions == 1


def test_what_was_asked_for_a_month_ago_is_forgotten(night: Night) -> None:
    for _ in range(2):
        with night.desk.database.write() as session:
            report_orders.add(session, "2026-11-19", "2026-11-20", night.desk.anna, night.desk.clock.now())
        night.desk.clock.advance(31 * DAY)
    night.desk.clock.advance(-5 * DAY)

    night.passes()

    assert [row.id for row in night.desk.rows(ReportOrderRow)] == [2]


def test_an_order_whose_maker_died_is_taken_again_but_not_for_ever(night: Night) -> None:
    desk = night.desk
    with desk.database.write() as session:
        report_orders.add(session, "2026-11-20", "2026-11-20", desk.anna, desk.clock.now())
    for _ in range(3):
        with desk.database.write() as session:
            assert report_orders.take(session, desk.clock.now(), timedelta(minutes=5)) is not None
            assert report_orders.take(session, desk.clock.now(), timedelta(minutes=5)) is None
        desk.clock.advance(timedelta(minutes=6))

    assert night.jobs.make()

    (order,) = desk.rows(ReportOrderRow)
    assert (order.problem, order.content) == ("broken off too often", "")
