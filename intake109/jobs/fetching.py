"""Fetching citizens' files, by a job of its own: text never waits for a picture."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake109.clock import Clock
from intake109.collectors.base import MediaSource
from intake109.dedup import pictures
from intake109.errors import MediaError
from intake109.jobs.errand import Errand, Patience
from intake109.jobs.loop import Threads
from intake109.media.files import PICTURES, FileStore, Stored
from intake109.media.likeness import picture_hash
from intake109.media.thumbnails import make_thumbnail
from intake109.model import AttachmentKind, Channel
from intake109.store import changes
from intake109.store.database import Database
from intake109.store.tables import AttachmentRow

Fetched = tuple[Stored, tuple[int, int] | None, int | None]
"""A file as it is kept; width and height of a picture, and its hash if it can be told from others."""


class Fetching(Errand[AttachmentRow, Fetched]):
    """Fetches one file at a time, checks it, stores it by content, makes its thumbnail."""

    kind = AttachmentRow
    done = "stored"
    patience = Patience(lease=timedelta(minutes=5), longest_pause=timedelta(minutes=30), most_attempts=15)
    """Some three hours: a photo must outlive an outage of the platform."""

    def __init__(
        self,
        sources: Mapping[Channel, MediaSource],
        files: FileStore,
        database: Database,
        clock: Clock,
        threads: Threads,
    ) -> None:
        super().__init__(database, clock, threads)
        self._sources = sources
        self._files = files

    async def _ask(self, row: AttachmentRow) -> Fetched:
        source = self._sources.get(Channel(row.channel))
        if source is None:
            raise MediaError(f"the channel {row.channel} is switched off here", permanent=True)
        async with source.open(row.reference) as download:
            stored = await self._files.put(
                download.chunks,
                expected_sha256=download.sha256 or row.expected_sha256,
                stated_bytes=download.size_bytes or row.size_bytes,
            )
        return stored, *await self._threads.run(lambda: self._thumbnail(stored))

    def _thumbnail(self, stored: Stored) -> tuple[tuple[int, int] | None, int | None]:
        if stored.mime not in PICTURES:
            return None, None
        small = self._files.path(stored.sha256, thumbnail=True)
        return make_thumbnail(self._files.path(stored.sha256), small), picture_hash(small)

    def _keep(self, session: Session, row: AttachmentRow, found: Fetched, now: datetime) -> None:
        stored, size, picture = found
        row.sha256, row.mime, row.size_bytes = stored.sha256, stored.mime, stored.size_bytes
        row.has_thumbnail = size is not None
        row.width, row.height = size or (None, None)
        if picture is not None and row.id is not None and row.kind != AttachmentKind.STICKER.value:
            pictures.note(session, row.id, row.mention_id, picture, now)

    def _tell(self, session: Session, row: AttachmentRow, now: datetime) -> None:
        changes.tell(session, changes.Topic.MEDIA, row.mention_id, now)
