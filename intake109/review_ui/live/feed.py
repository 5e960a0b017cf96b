"""What open screens are told live. One task per process reads the hints in the store and tells every client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from anyio import CapacityLimiter, to_thread
from sqlalchemy.orm import Session

from intake109.clock import Clock
from intake109.config import SameProblem
from intake109.review_ui.desk.desk_line import sign
from intake109.review_ui.live.hints import Hints
from intake109.store import alerts, appeals, changes, checks, outbox, people, readers, tasks, together
from intake109.store.changes import Change, Topic
from intake109.store.database import Database
from intake109.store.tables import AlertRow, TaskRow

_STORM_FROM = SameProblem().storm_from
_PAUSE = timedelta(milliseconds=200)
_COUNTS_EVERY = timedelta(seconds=10)
_LONGEST_ABSENCE = timedelta(seconds=5)
"""What a page did not show because it was not committed yet is told once more to a screen that has just opened."""
_MOST_RETOLD = 100
_WAITING = 64
_MOST_MISSED = 400
_MOST_APART = 10


@dataclass(frozen=True, slots=True)
class News:
    """One thing told to every screen: the name of the event, the last hint it covers, JSON."""

    event: str
    last_id: int
    data: str


class Feed:
    """Fans hints out to the open screens of this process. Reads nothing while nobody looks."""

    def __init__(self, database: Database, clock: Clock, storm_from: int = _STORM_FROM) -> None:
        self._database = database
        self._storm_from = storm_from
        self._clock = clock
        self._clients: set[asyncio.Queue[News]] = set()
        self._hints = Hints()
        self._told_at: datetime | None = None
        self._slot = CapacityLimiter(1)
        self._wakened = asyncio.Event()
        self._is_closing = False
        self._is_behind = False

    async def run(self) -> None:
        """Look for hints until cancelled; a database that is away for a while only delays them."""
        while True:
            await self._wakened.wait()
            for one in await to_thread.run_sync(self._look_or_wait, limiter=self._slot):
                self.tell(one)
            await asyncio.sleep(_PAUSE.total_seconds())

    def close(self) -> None:
        """Let every open stream end."""
        self._is_closing = True
        for client in self._clients:
            _put(client, News("close", 0, "{}"))

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[asyncio.Queue[News]]:
        """Open a place for one screen's news."""
        queue: asyncio.Queue[News] = asyncio.Queue(_WAITING)
        if not self._clients:
            await to_thread.run_sync(self._begin, limiter=self._slot)
        self._clients.add(queue)
        self._wakened.set()
        try:
            yield queue
        finally:
            self._clients.discard(queue)
            if not self._clients:
                self._wakened.clear()

    @property
    def is_closing(self) -> bool:
        return self._is_closing

    def missed(self, since_id: int) -> News:
        """Return what a screen missed since a hint; `resync` when it is too much to tell one by one."""
        now = self._clock.now()
        with self._database.read() as session:
            found = changes.since(session, since_id, _MOST_MISSED + 1)
            newest = changes.last_id(session)
            if len(found) > _MOST_MISSED or since_id > newest:
                return News("resync", newest, json.dumps({"counts": counts(session, now), "now": _ms(now)}))
            if not self._database.is_sqlite:
                found += changes.lately(session, since_id, now - _LONGEST_ABSENCE, _MOST_RETOLD)
            return News("changes", newest, json.dumps(_told(session, found, now, self._storm_from)))

    def _begin(self) -> None:
        """Take what is there for told: a new screen asks for what it missed by itself."""
        with self._database.read() as session:
            self._hints.begin(session, self._clock.now())

    def _look_or_wait(self) -> list[News]:
        """Return the news. After a look that failed in the middle every screen is told to look at everything anew."""
        try:
            news = self._look()
        except Exception:  # the database may be away; screens show that by themselves
            self._is_behind = True
            return []
        if self._is_behind:
            self._is_behind = False
            return [News("resync", self._hints.last_id, "{}")]
        return news

    def _look(self) -> list[News]:
        now = self._clock.now()
        with self._database.read() as session:
            found = self._hints.fresh(session, now)
            is_due = self._told_at is None or now - self._told_at >= _COUNTS_EVERY
            if not found and not is_due:
                return []
            self._told_at = now
            return [News("changes", self._hints.last_id, json.dumps(_told(session, found, now, self._storm_from)))]

    def tell(self, news: News) -> None:
        """Tell every open screen."""
        for client in self._clients:
            _put(client, news)


def _put(client: asyncio.Queue[News], news: News) -> None:
    """Give a screen its news; one that reads too slowly is told to look at everything anew."""
    try:
        client.put_nowait(news)
    except asyncio.QueueFull:
        while not client.empty():
            client.get_nowait()
        client.put_nowait(News("resync" if news.event != "close" else "close", news.last_id, "{}"))


def counts(session: Session, now: datetime) -> dict[str, Any]:
    """Return the figures of the header; `oldest` is the earliest promise in milliseconds, None if nothing waits."""
    oldest = tasks.oldest_promise(session)
    return {
        **tasks.counts(session, now),
        "news": tasks.count_news(session),
        "unchecked": checks.count_unchecked(session),
        "oldest": _ms(oldest) if oldest else None,
        "desk": sign(session, now),
    }


def _told(session: Session, found: list[Change], now: datetime, storm_from: int) -> dict[str, Any]:
    by_topic: dict[Topic, list[int]] = {}
    for one in found:
        by_topic.setdefault(one.topic, []).append(one.subject_id)
    about: dict[int, set[str]] = {}
    for topic, ids in (
        ("task", by_topic.get(Topic.TASK, [])),
        ("claim", by_topic.get(Topic.CLAIM, [])),
        ("reading", by_topic.get(Topic.READING, [])),
        ("media", tasks.ids_of_mentions(session, by_topic.get(Topic.MEDIA, []))),
        ("outbox", outbox.task_ids(session, by_topic.get(Topic.OUTBOX, []))),
    ):
        for task_id in ids:
            about.setdefault(task_id, set()).add(topic)
    told = alerts.by_ids(session, by_topic.get(Topic.ALERT, []))
    names = people.names(session) if about or told else {}
    rows = tasks.by_ids(session, list(about)) if about else []
    reading = readers.of(session, list(about), now)
    heads, loose = _storms(session, {row.group_key for row in rows if row.group_key}, storm_from)
    return {
        "now": _ms(now),
        "counts": counts(session, now),
        "tasks": [
            _task(row, about[row.id or 0], reading.get(row.id or 0, []), names, now)
            | {"group": row.group_key, "storm": heads.get(row.group_key, 0)}
            for row in rows
        ],
        "loose": loose,
        "alerts": [_alert(row, names) for row in told],
        "appeals": _numbers(session, by_topic.get(Topic.APPEAL, [])),
    }


def _numbers(session: Session, appeal_ids: list[int]) -> list[str]:
    return sorted(row.number for row in appeals.by_ids(session, set(appeal_ids)).values()) if appeal_ids else []


def _storms(session: Session, keys: set[str], storm_from: int) -> tuple[dict[str, int], list[int]]:
    """Return which lines stand for the groups that are storms, and the open tasks of groups that are none."""
    found = [storm for key in sorted(keys) for storm in together.storms(session, storm_from, key)]
    heads = {one.key: one.head_id for one in found}
    apart = [task.id for key in sorted(keys - heads.keys()) for task in together.members(session, key, _MOST_APART)]
    return heads, [one for one in apart if one is not None]


def _alert(row: AlertRow, names: dict[int, str]) -> dict[str, Any]:
    """Say that an alert has begun, was repeated or is over; what it is about is fetched by the screens concerned."""
    return {
        "id": row.id,
        "audience": row.audience,
        "why": row.ended_why,
        "by": row.acknowledged_by,
        "name": names.get(row.acknowledged_by or 0, ""),
        "at": _ms(row.ended_at) if row.ended_at else None,
    }


def _task(row: TaskRow, what: set[str], reading: list[int], names: dict[int, str], now: datetime) -> dict[str, Any]:
    is_held = row.claimed_by is not None and row.lease_until is not None and row.lease_until > now
    return {
        "id": row.id,
        "what": sorted(what),
        "rank": row.rank,
        "turn": row.turn,
        "shelf": row.shelf,
        "is_open": row.decided_at is None,
        "is_incident": row.is_incident,
        "channel": row.channel,
        "language": row.language,
        "sphere": row.sphere,
        "holder": row.claimed_by if is_held else None,
        "holder_name": names.get(row.claimed_by or 0, "") if is_held else "",
        "given_by": names.get(row.given_by or 0, "") if is_held else "",
        "readers": [[one, names.get(one, "")] for one in reading],
        "until": _ms(row.lease_until) if is_held and row.lease_until else None,
        "decider": row.decided_by,
        "decider_name": names.get(row.decided_by or 0, ""),
        "outcome": row.outcome,
        "unchecked": checks.is_unchecked(row),
        "checker": row.checked_by,
        "checker_name": names.get(row.checked_by or 0, ""),
        "check": row.checked_as,
        "has_news": row.news_at is not None and (row.news_seen_at is None or row.news_seen_at < row.news_at),
    }


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
