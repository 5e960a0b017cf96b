"""Citizens' files."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from intake109.clock import MovedClock
from intake109.errors import Backoff, ChannelError, MediaError
from intake109.jobs.fetching import Fetching
from intake109.jobs.loop import Threads
from intake109.media.files import FileStore
from intake109.model import Attachment, AttachmentKind, Channel
from intake109.store import changes, errands
from intake109.store.database import Database
from intake109.store.tables import AttachmentRow
from tests.desk import Desk
from tests.jobs.platform import FakeMedia

PHOTO = Attachment(AttachmentKind.PHOTO, '{"file_id": "1"}', mime="image/jpeg")


def jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 480), "red").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def desk(sqlite: Database, clock: MovedClock) -> Desk:
    """A desk with one photo to fetch."""
    found = Desk(sqlite, clock)
    found.waits(attachments=(PHOTO,))
    return found


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "media", 100_000)


def fetch(desk: Desk, threads: Threads, files: FileStore, media: FakeMedia | None) -> bool:
    sources = {Channel.TELEGRAM: media} if media else {}
    return asyncio.run(Fetching(sources, files, desk.database, desk.clock, threads).step())


def photo(desk: Desk) -> AttachmentRow:
    (row,) = desk.rows(AttachmentRow)
    return row


def test_a_photo_is_stored_with_its_size_and_thumbnail_and_screens_hear_of_it(
    desk: Desk, threads: Threads, files: FileStore
) -> None:
    media = FakeMedia(jpeg())

    fetched = [fetch(desk, threads, files, media) for _ in range(2)]

    row = photo(desk)
    assert (fetched, media.calls) == ([True, False], 1)
    assert (row.state, row.mime, row.width, row.height, row.has_thumbnail) == ("stored", "image/jpeg", 640, 480, True)
    assert files.path(row.sha256).exists()
    assert files.path(row.sha256, thumbnail=True).exists()
    with desk.database.read() as session:
        assert changes.since(session, 0)[-1].topic == "media"


def test_what_is_no_picture_has_no_thumbnail(desk: Desk, threads: Threads, files: FileStore) -> None:
    fetch(desk, threads, files, FakeMedia(b"%PDF-1.7 ..."))

    assert (photo(desk).state, photo(desk).mime, photo(desk).has_thumbnail) == ("stored", "application/pdf", False)


@pytest.mark.parametrize(
    ("media", "reason"),
    [
        (FakeMedia(MediaError("gone", permanent=True)), "gone"),
        (FakeMedia(ChannelError("forbidden", permanent=True)), "forbidden"),
        (FakeMedia(b"<html><script>"), "not kept: it is a web page"),
        (FakeMedia(b"\xff\xd8\xff broken"), "the picture is damaged"),
        (FakeMedia(b"\xff\xd8\xff" + bytes(100_000)), "larger than 0 MB"),
        (None, "the channel telegram is switched off here"),
    ],
)
def test_what_cannot_be_had_is_marked_with_the_reason_at_once(
    desk: Desk, threads: Threads, files: FileStore, media: FakeMedia | None, reason: str
) -> None:
    fetch(desk, threads, files, media)
    desk.clock.advance(timedelta(days=1))

    assert (photo(desk).state, photo(desk).reason) == ("failed", reason)
    assert not fetch(desk, threads, files, media)


def test_an_expired_link_is_asked_for_again(desk: Desk, threads: Threads, files: FileStore) -> None:
    media = FakeMedia(MediaError("the link has expired"), jpeg())

    fetch(desk, threads, files, media)
    waiting = photo(desk)
    too_early = fetch(desk, threads, files, media)
    desk.clock.advance(timedelta(seconds=2))
    fetch(desk, threads, files, media)

    assert (waiting.state, waiting.reason, too_early) == ("waiting", "the link has expired", False)
    assert (photo(desk).state, photo(desk).reason) == ("stored", "")


def test_another_file_than_announced_is_asked_for_again(desk: Desk, threads: Threads, files: FileStore) -> None:
    fetch(desk, threads, files, FakeMedia(jpeg(), sha256="0" * 64))

    assert photo(desk).state == "waiting"


@pytest.mark.parametrize("error", [ChannelError("503"), OSError(28, "No space left on device"), KeyError("file_path")])
def test_an_hour_of_trouble_is_outlived_and_endless_trouble_is_shown(
    desk: Desk, threads: Threads, files: FileStore, error: Exception
) -> None:
    media = FakeMedia(error)
    began = desk.clock.now()
    while photo(desk).state == "waiting":
        fetch(desk, threads, files, media)
        desk.clock.advance(max(photo(desk).next_attempt_at - desk.clock.now(), timedelta(0)))

    assert timedelta(hours=1) < desk.clock.now() - began < timedelta(days=1)
    assert photo(desk).state == "failed"
    assert media.calls < 20


def test_what_the_platform_asks_for_is_waited(desk: Desk, threads: Threads, files: FileStore) -> None:
    asked = timedelta(minutes=7)

    fetch(desk, threads, files, FakeMedia(ChannelError("slow", backoff=Backoff.RATE_LIMITED, retry_after=asked)))

    assert photo(desk).next_attempt_at == desk.clock.now() + asked


def test_a_file_whose_worker_died_is_taken_up_when_the_lease_ends(
    desk: Desk, threads: Threads, files: FileStore
) -> None:
    with desk.database.write() as session:
        assert errands.lease(session, AttachmentRow, desk.clock.now(), timedelta(minutes=5))
    media = FakeMedia(jpeg())

    early = fetch(desk, threads, files, media)
    desk.clock.advance(timedelta(minutes=5))
    fetch(desk, threads, files, media)

    assert (early, photo(desk).state, photo(desk).attempts) == (False, "stored", 2)
