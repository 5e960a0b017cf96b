"""Fetching citizens' files, by a job of its own: text never waits for a picture."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog

from intake109.clock import Clock
from intake109.collectors.base import MediaSource
from intake109.collectors.breaker import patient_retry_at
from intake109.errors import ChannelError, IntakeError, MediaError
from intake109.jobs.loop import Threads
from intake109.media.files import PICTURES, FileStore, Stored
from intake109.media.thumbnails import make_thumbnail
from intake109.model import Channel
from intake109.store import attachments, changes
from intake109.store.database import Database
from intake109.store.tables import AttachmentRow

log = structlog.get_logger(__name__)
_LEASE = timedelta(minutes=5)
_LONGEST_PAUSE = timedelta(minutes=30)
_MOST_ATTEMPTS = 15
"""Some three hours: a photo must outlive an outage of the platform."""


class Fetching:
    """Fetches one file at a time, checks it, stores it by content, makes its thumbnail."""

    def __init__(
        self,
        sources: Mapping[Channel, MediaSource],
        files: FileStore,
        database: Database,
        clock: Clock,
        threads: Threads,
    ) -> None:
        self._sources = sources
        self._files = files
        self._database = database
        self._clock = clock
        self._threads = threads

    async def step(self) -> bool:
        """Fetch one file; False if none was due."""
        row = await self._threads.run(self._lease)
        if row is None:
            return False
        try:
            stored = await self._fetch(row)
            size = await self._threads.run(lambda: self._thumbnail(stored))
        except (MediaError, ChannelError) as error:
            failure: IntakeError = error
        except Exception as error:  # a full disk, a fault of ours: counted like any failure, or it is tried for ever
            log.error("fetching failed", attachment=row.id, problem=type(error).__name__)
            failure = MediaError(f"{type(error).__name__}: {error}")
        else:
            await self._threads.run(lambda: self._note_stored(row, stored, size))
            return True
        await self._threads.run(lambda: self._note_failure(row, failure))
        return True

    def _lease(self) -> AttachmentRow | None:
        now = self._clock.now()
        with self._database.read() as session:
            if not attachments.is_any_due(session, now):
                return None
        with self._database.write() as session:
            return attachments.lease(session, now, _LEASE)

    async def _fetch(self, row: AttachmentRow) -> Stored:
        source = self._sources.get(Channel(row.channel))
        if source is None:
            raise MediaError(f"the channel {row.channel} is switched off here", permanent=True)
        async with source.open(row.reference) as download:
            return await self._files.put(
                download.chunks,
                expected_sha256=download.sha256 or row.expected_sha256,
                stated_bytes=download.size_bytes or row.size_bytes,
            )

    def _thumbnail(self, stored: Stored) -> tuple[int, int] | None:
        if stored.mime not in PICTURES:
            return None
        return make_thumbnail(self._files.path(stored.sha256), self._files.path(stored.sha256, thumbnail=True))

    def _note_stored(self, leased: AttachmentRow, stored: Stored, size: tuple[int, int] | None) -> None:
        now = self._clock.now()
        with self._database.write() as session:
            row = session.get(AttachmentRow, leased.id)
            if row is None or row.state == "stored":
                return
            row.state, row.reason, row.lease_until = "stored", "", None
            row.sha256, row.mime, row.size_bytes = stored.sha256, stored.mime, stored.size_bytes
            row.has_thumbnail = size is not None
            row.width, row.height = size or (None, None)
            changes.tell(session, changes.Topic.MEDIA, row.mention_id, now)

    def _note_failure(self, leased: AttachmentRow, error: IntakeError) -> None:
        now = self._clock.now()
        with self._database.write() as session:
            row = session.get(AttachmentRow, leased.id)
            if row is None or row.state == "stored":
                return
            row.reason = str(error)[:500]
            row.lease_until = None
            if error.permanent or row.attempts >= _MOST_ATTEMPTS:
                row.state = "failed"
            failure = error if isinstance(error, ChannelError) else ChannelError(str(error))
            row.next_attempt_at = patient_retry_at(failure, row.attempts, _LONGEST_PAUSE, now)
            changes.tell(session, changes.Topic.MEDIA, row.mention_id, now)
