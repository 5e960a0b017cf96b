"""Fetching the photos of what executors replied in Telegram, and making an answer of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake109.appeals.news import Setting
from intake109.appeals.work import replies
from intake109.appeals.work.answers import Enclosed
from intake109.clock import Clock
from intake109.collectors.base import MediaSource
from intake109.errors import MediaError
from intake109.jobs.errand import Errand, Patience
from intake109.jobs.loop import Threads
from intake109.jobs.mailbox import KEPT
from intake109.media.files import FileStore
from intake109.model import Channel
from intake109.store.database import Database
from intake109.store.tables import ReplyRow

Fetched = tuple[tuple[Enclosed, ...], tuple[str, ...]]
"""The files as they are kept, and the names of those that are not."""


class Replying(Errand[ReplyRow, Fetched]):
    """Takes one reply at a time. One file that cannot be had does not hold back the words; a person is told of it."""

    kind = ReplyRow
    done = "settled"
    patience = Patience(lease=timedelta(minutes=5), longest_pause=timedelta(minutes=15), most_attempts=15)
    """Some three hours of trying to fetch the photos; then a person sees the words without them."""

    def __init__(
        self,
        sources: Mapping[Channel, MediaSource],
        files: FileStore,
        setting: Callable[[], Setting],
        database: Database,
        clock: Clock,
        threads: Threads,
    ) -> None:
        super().__init__(database, clock, threads)
        self._sources = sources
        self._files = files
        self._setting = setting

    async def _ask(self, row: ReplyRow) -> Fetched:
        kept, left_out = [], []
        for file in row.files:
            name = str(file.get("file_name") or file.get("kind") or "")
            try:
                kept.append(await self._fetch(Channel(row.via), str(file.get("reference", "")), name))
            except MediaError as error:
                if not error.permanent:
                    raise
                left_out.append(name)
        return tuple(kept), tuple(left_out)

    async def _fetch(self, channel: Channel, reference: str, name: str) -> Enclosed:
        source = self._sources.get(channel)
        if source is None:
            raise MediaError(f"the channel {channel} is switched off here", permanent=True)
        async with source.open(reference) as download:
            stored = await self._files.put(download.chunks, stated_bytes=download.size_bytes)
        if stored.mime not in KEPT:
            raise MediaError("an answer takes pictures and PDFs", permanent=True)
        return Enclosed(stored.sha256, stored.mime, name)

    def _keep(self, session: Session, row: ReplyRow, found: Fetched, now: datetime) -> None:
        replies.settle(session, row, *found, self._setting(), now)
