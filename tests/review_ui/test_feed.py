"""The live line: what changed reaches every open screen, and one that was away is told what it missed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from intake109.queue import claims
from intake109.review_ui.live.feed import Feed, News
from intake109.store import changes
from intake109.store.changes import Topic
from intake109.store.database import Database
from tests.city import PROMISE
from tests.review_ui.workplace import Workplace

PATIENCE_S = 10.0


def data(news: News) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(news.data)
    return found


def test_a_screen_that_was_away_is_told_what_it_missed(workplace: Workplace) -> None:
    feed = Feed(workplace.database, workplace.clock)
    workplace.waits("Яма")
    with workplace.database.read() as session:
        seen = changes.last_id(session)
    task_id = workplace.waits("Люк открыт", author="b")

    missed = feed.missed(seen)

    assert missed.event == "changes"
    (task,) = data(missed)["tasks"]
    assert (task["id"], task["is_open"], task["is_incident"]) == (task_id, True, True)
    (alert,) = data(missed)["alerts"]
    assert (alert["audience"], alert["why"]) == ("everybody", "")
    assert data(missed)["counts"]["queue"] == 2


def test_who_reads_a_task_is_told_and_forgotten_when_the_lease_ends(workplace: Workplace) -> None:
    feed = Feed(workplace.database, workplace.clock)
    task_id = workplace.waits()
    anna = workplace.office.staff["inspector"]
    with workplace.database.write() as session:
        claims.claim(session, task_id, anna, PROMISE, workplace.clock.now())

    held = data(feed.missed(0))["tasks"][0]
    workplace.clock.advance(timedelta(minutes=2))
    free = data(feed.missed(0))["tasks"][0]

    assert (held["holder"], held["holder_name"]) == (anna, "Inspector")
    assert (free["holder"], free["holder_name"]) == (None, "")


def test_too_much_to_tell_one_by_one_means_look_again(workplace: Workplace) -> None:
    feed = Feed(workplace.database, workplace.clock)
    with workplace.database.write() as session:
        for number in range(401):
            changes.tell(session, Topic.HEALTH, number, workplace.clock.now())

    assert feed.missed(0).event == "resync"
    assert feed.missed(10_000).event == "resync"


def test_a_change_reaches_every_open_screen_once(workplace: Workplace) -> None:
    feed = Feed(workplace.database, workplace.clock)
    workplace.waits("Яма, о которой уже знают")

    async def watch() -> tuple[list[int], list[int], int]:
        running = asyncio.create_task(feed.run())
        async with feed.listening() as one, feed.listening() as two:
            task_id = await asyncio.to_thread(workplace.waits, "Люк открыт", author="b")
            found: list[list[int]] = [[], []]
            for index, queue in enumerate((one, two)):
                while task_id not in found[index]:
                    news = await asyncio.wait_for(queue.get(), PATIENCE_S)
                    found[index] += [task["id"] for task in data(news)["tasks"]]
            feed.close()
            last = await asyncio.wait_for(one.get(), PATIENCE_S)
            running.cancel()
            assert last.event == "close"
            return found[0], found[1], task_id

    first, second, task_id = asyncio.run(watch())

    assert first == second == [task_id]


def test_a_screen_that_reads_too_slowly_is_told_to_look_again_and_harms_nobody(workplace: Workplace) -> None:
    feed = Feed(workplace.database, workplace.clock)

    async def overflow() -> str:
        async with feed.listening() as queue:
            for number in range(70):
                feed.tell(News("changes", number, "{}"))
            return queue.get_nowait().event

    assert asyncio.run(overflow()) == "resync"


def test_after_a_look_that_failed_in_the_middle_screens_are_told_to_look_again(workplace: Workplace) -> None:
    class AwayForAMoment(Database):
        fails = False

        @contextmanager
        def read(self) -> Iterator[Session]:
            with super().read() as session:
                yield session
                if self.fails:
                    self.fails = False
                    raise OperationalError("SELECT", {}, Exception("the database is away"))

    database = AwayForAMoment(workplace.database.url.render_as_string(hide_password=False))
    feed = Feed(database, workplace.clock)

    async def watch() -> str:
        async with feed.listening() as queue:
            database.fails = True
            workplace.waits("Люк открыт")
            running = asyncio.create_task(feed.run())
            news = await asyncio.wait_for(queue.get(), PATIENCE_S)
            running.cancel()
            return news.event

    assert asyncio.run(watch()) == "resync"
    database.close()


def test_the_stream_needs_a_login(workplace: Workplace) -> None:
    workplace.anna.client.cookies.clear()

    assert workplace.anna.client.get("/events", headers={"Accept": "text/event-stream"}).status_code == 401
