"""The files of a message, as references our media source understands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Protocol

from telegram import (
    ExternalReplyInfo,
    Message,
    PaidMedia,
    PaidMediaLivePhoto,
    PaidMediaPhoto,
    PaidMediaVideo,
    PhotoSize,
    Sticker,
)

from intake109.collectors.telegram.fields import words
from intake109.model import Attachment, AttachmentKind

_LARGEST_SIZE = 2**53


class _Medium(Protocol):
    """What every file of Telegram tells of itself."""

    @property
    def file_id(self) -> str: ...
    @property
    def file_unique_id(self) -> str: ...
    @property
    def file_size(self) -> int | None: ...


class _NamedMedium(_Medium, Protocol):
    @property
    def mime_type(self) -> str | None: ...
    @property
    def file_name(self) -> str | None: ...


def attachments_of(message: Message | ExternalReplyInfo) -> tuple[Attachment, ...]:
    """Return every file of a message, of each photo its largest size.

    Too big ones are among them: that a citizen sent a film we cannot fetch is worth showing.
    """
    return tuple(_all(message))


def _all(message: Message | ExternalReplyInfo) -> Iterator[Attachment]:
    yield from _photo(message.photo)
    if message.live_photo is not None:
        yield from _photo(message.live_photo.photo)
        yield _file(AttachmentKind.VIDEO, message.live_photo, message.live_photo.mime_type or "video/mp4")
    if message.video is not None:
        yield _named(AttachmentKind.VIDEO, message.video, "video/mp4")
    if message.video_note is not None:
        yield _file(AttachmentKind.VIDEO, message.video_note, "video/mp4")
    if message.voice is not None:
        yield _file(AttachmentKind.VOICE, message.voice, message.voice.mime_type or "audio/ogg")
    if message.audio is not None:
        yield _named(AttachmentKind.AUDIO, message.audio, "audio/mpeg")
    if message.animation is not None:
        yield _named(AttachmentKind.VIDEO, message.animation, "video/mp4")
    elif message.document is not None:
        # an animation carries the same file once more as a document, for old programs
        yield _named(AttachmentKind.DOCUMENT, message.document, "")
    if message.sticker is not None:
        yield _file(AttachmentKind.STICKER, message.sticker, _sticker_mime(message.sticker))
    if message.paid_media is not None:
        yield from _paid(message.paid_media.paid_media)


def _photo(sizes: Sequence[PhotoSize] | None) -> Iterator[Attachment]:
    if sizes:
        largest = max(sizes, key=lambda size: (size.width * size.height, size.file_size or 0))
        yield _file(AttachmentKind.PHOTO, largest, "image/jpeg")


def _paid(items: Sequence[PaidMedia]) -> Iterator[Attachment]:
    for item in items:
        if isinstance(item, PaidMediaPhoto):
            yield from _photo(item.photo)
        elif isinstance(item, PaidMediaVideo):
            yield _named(AttachmentKind.VIDEO, item.video, "video/mp4")
        elif isinstance(item, PaidMediaLivePhoto):
            yield from _photo(item.live_photo.photo)


def _named(kind: AttachmentKind, medium: _NamedMedium, default_mime: str) -> Attachment:
    return _file(kind, medium, words(medium.mime_type) or default_mime, words(medium.file_name))


def _file(kind: AttachmentKind, medium: _Medium, mime: str, name: str = "") -> Attachment:
    reference = {"file_id": words(medium.file_id), "file_unique_id": words(medium.file_unique_id)}
    return Attachment(kind, json.dumps(reference), words(mime), name, _size(medium.file_size))


def _size(value: object) -> int | None:
    """A size is only a hint here, so a wrong one is as good as none."""
    return value if type(value) is int and 0 <= value < _LARGEST_SIZE else None


def _sticker_mime(sticker: Sticker) -> str:
    if sticker.is_animated:
        return "application/x-tgsticker"
    return "video/webm" if sticker.is_video else "image/webp"
