"""What an inspector saw somewhere and put into the queue by hand: a link, a text, a screenshot.

The web app writes the event, `ManualParser` reads it, and `ManualMedia` opens the screenshot, which was stored before.
Nobody can be answered this way; the reply becomes a person's work.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from intake109.clock import require_aware
from intake109.collectors.base import Download
from intake109.collectors.payload import dict_of, list_of, needed_id, object_of, text_of
from intake109.errors import MediaError, PayloadError
from intake109.model import Attachment, AttachmentKind, Author, Channel, Event, Incoming, Message, Unreadable

SOURCE = "manual.form"
_CHUNK = 64 * 1024
_PLATFORMS = {
    "instagram.com": "instagram",
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "t.me": "telegram",
    "telegram.me": "telegram",
    "wa.me": "whatsapp",
    "tiktok.com": "tiktok",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "vk.com": "vk",
    "x.com": "x",
    "twitter.com": "x",
    "threads.net": "threads",
    "threads.com": "threads",
    "ok.ru": "ok",
}
_TRACKING = frozenset(
    {"igsh", "igshid", "img_index", "fbclid", "gclid", "si", "feature", "ref", "mibextid", "hl", "_r", "_t"}
)
PLATFORMS = ("instagram", "facebook", "telegram", "whatsapp", "tiktok", "youtube", "vk", "x", "threads", "ok", "other")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file put into the store before the entry was sent."""

    sha256: str
    mime: str
    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What the inspector filled in. `id` is random, made with the form: the same form sent twice is one entry."""

    id: str
    link: str = ""
    text: str = ""
    author: str = ""
    platform: str = ""
    files: tuple[StoredFile, ...] = ()
    is_another: bool = False
    """The link is in the queue already and the inspector wants a task of its own all the same."""


def normal_link(link: str) -> str:
    """Return one form of a link, without marks of tracking, or an empty text if it is no web address."""
    text = link.strip()
    if "://" not in text and "." in text.partition("/")[0]:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or "." not in host or any(letter.isspace() for letter in text):
        return ""
    kept = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query)
        if name.lower() not in _TRACKING and not name.lower().startswith("utm_")
    )
    path = parts.path.rstrip("/")
    return f"https://{host}{path}" + (f"?{urlencode(kept)}" if kept else "")


def platform_of(link: str) -> str:
    """Return the platform a link leads to, `other` if it is none we know, empty for no link."""
    normal = normal_link(link)
    if not normal:
        return ""
    host = urlsplit(normal).hostname or ""
    found = (name for ending, name in _PLATFORMS.items() if host == ending or host.endswith(f".{ending}"))
    return next(found, "other")


def links_like(link: str) -> list[str]:
    """Return the ways in which platforms write the same link, to look for it among permalinks."""
    normal = normal_link(link)
    if not normal:
        return []
    bare = normal.removeprefix("https://")
    return list(dict.fromkeys([link.strip(), normal, f"{normal}/", f"https://www.{bare}", f"https://www.{bare}/"]))


def event_of(entry: Entry, entered_by: int, now: datetime) -> Event:
    """Return the event of an entry made at `now`; its clock runs from then."""
    link = normal_link(entry.link)
    key = f"{link}#{entry.id}" if link and entry.is_another else link or entry.id
    fields = {
        **asdict(entry),
        "key": key,
        "link": link,
        "platform": entry.platform or platform_of(link) or "other",
        "entered_by": entered_by,
        "created_at": now.isoformat(),
    }
    return Event(Channel.MANUAL, key, json.dumps(fields, ensure_ascii=False), SOURCE)


class ManualParser:
    """Reads what the form wrote; see `base.Parser`."""

    def __call__(self, event: Event) -> tuple[Incoming, ...]:
        """Return the message."""
        try:
            return (_message(object_of(event.payload)),)
        except PayloadError as error:
            return (Unreadable("body", str(error)),)


class ManualMedia:
    """Opens what was stored before; see `base.MediaSource`. `path_of` tells where a file lies by its SHA-256."""

    channel = Channel.MANUAL

    def __init__(self, path_of: Callable[[str], Path]) -> None:
        self._path_of = path_of

    @asynccontextmanager
    async def open(self, reference: str) -> AsyncIterator[Download]:
        """Open one file.

        Raises:
            MediaError: permanent, it is not in the store.
        """
        try:
            fields = dict_of(json.loads(reference))
            path = self._path_of(text_of(fields.get("sha256")))
            size = path.stat().st_size
        except (ValueError, OSError) as error:
            raise MediaError("the screenshot is not in the store", permanent=True) from error
        yield Download(_chunks(path), text_of(fields.get("mime")), size, text_of(fields.get("sha256")))


def _message(fields: dict[str, object]) -> Message:
    key = needed_id(fields, "key")
    author, platform = text_of(fields.get("author")).strip(), text_of(fields.get("platform")) or "other"
    link = text_of(fields.get("link"))
    return Message(
        key=key,
        thread=key,
        author=Author(
            id=f"{platform}:{author.casefold()}" if author else f"entry:{needed_id(fields, 'id')}", name=author
        ),
        text=text_of(fields.get("text")).strip(),
        mentioned_at=_created_at(fields),
        reply_to="",
        attachments=tuple(_attachment(dict_of(one)) for one in list_of(fields.get("files"))),
        permalink=link,
        is_public=bool(link),
    )


def _attachment(fields: dict[str, object]) -> Attachment:
    sha256, mime = text_of(fields.get("sha256")), text_of(fields.get("mime"))
    kind = AttachmentKind.PHOTO if mime.startswith("image/") else AttachmentKind.DOCUMENT
    reference = json.dumps({"sha256": sha256, "mime": mime})
    return Attachment(kind, reference, mime=mime, file_name=text_of(fields.get("name")), sha256=sha256)


def _created_at(fields: dict[str, object]) -> datetime:
    try:
        return require_aware(datetime.fromisoformat(text_of(fields.get("created_at"))))
    except (ValueError, OverflowError) as error:
        raise PayloadError("created_at is no moment with a zone") from error


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
