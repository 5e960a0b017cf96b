"""Files by content hash: the same picture is stored once, however often it is sent."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from intake109.errors import MediaError

_SNIFF_BYTES = 64
_MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftyp", 4, "video/mp4"),
    (b"\x1a\x45\xdf\xa3", 0, "video/webm"),
    (b"OggS", 0, "audio/ogg"),
    (b"ID3", 0, "audio/mpeg"),
    (b"\xff\xfb", 0, "audio/mpeg"),
    (b"\xff\xf1", 0, "audio/aac"),
    (b"#!AMR", 0, "audio/amr"),
    (b"RIFF", 0, "audio/wav"),
    (b"%PDF-", 0, "application/pdf"),
    (b"PK\x03\x04", 0, "application/zip"),
    (b"\xd0\xcf\x11\xe0", 0, "application/msword"),
)
_NEVER = ((b"MZ", "a Windows program"), (b"\x7fELF", "a program"), (b"#!/", "a script"), (b"<", "a web page"))
_INCOMING = ".incoming-"
_HALF = (f"{_INCOMING}*", "*/*.part")
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the store."""

    sha256: str
    mime: str
    size_bytes: int


class FileStore:
    """A folder of files named by their SHA-256. A file gets its name once it is complete."""

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self._folder = folder
        self._limit = limit_bytes

    def path(self, sha256: str, *, thumbnail: bool = False) -> Path:
        """Return where a file is or would be.

        Raises:
            ValueError: `sha256` is no hash; a path is never built from anything else.
        """
        if len(sha256) != 64 or not all(letter in "0123456789abcdef" for letter in sha256):
            raise ValueError("not a SHA-256")
        return self._folder / sha256[:2] / (f"{sha256}.thumbnail.webp" if thumbnail else sha256)

    def sweep(self, before: datetime) -> int:
        """Remove half files last written before a moment and return how many; a process that was killed left them.

        Younger ones stay: another process may be writing them now.
        """
        removed = 0
        for pattern in _HALF:
            for path in self._folder.glob(pattern):
                with contextlib.suppress(FileNotFoundError):  # finished, or swept by another process
                    if path.stat().st_mtime < before.timestamp():
                        path.unlink()
                        removed += 1
        return removed

    async def put(
        self, chunks: AsyncIterator[bytes], *, expected_sha256: str = "", stated_bytes: int | None = None
    ) -> Stored:
        """Store a stream.

        Raises:
            MediaError: too big, empty, of a kind we do not keep, or not what was announced.
        """
        self._refuse_size(stated_bytes or 0)
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=_INCOMING)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                digest, size, head = hashlib.sha256(), 0, b""
                async for chunk in chunks:
                    size += len(chunk)
                    self._refuse_size(size)
                    digest.update(chunk)
                    head = (head + chunk)[:_SNIFF_BYTES] if len(head) < _SNIFF_BYTES else head
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            sha256 = digest.hexdigest()
            if expected_sha256 and expected_sha256.lower() != sha256:
                raise MediaError("the file is not the one that was announced (SHA-256 differs)")
            mime = kind_of(head)
            target = self.path(sha256)
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(target)
            return Stored(sha256, mime, size)
        finally:
            temporary.unlink(missing_ok=True)

    def _refuse_size(self, size: int) -> None:
        if size > self._limit:
            raise MediaError(f"larger than {self._limit // 2**20} MB", permanent=True)


def kind_of(head: bytes) -> str:
    """Tell the type of a file from its first bytes; what a sender claims is not believed.

    Raises:
        MediaError: empty, or a kind that is never kept.
    """
    if not head:
        raise MediaError("the file is empty")
    for magic, at, mime in _MAGIC:
        if head[at : at + len(magic)] == magic:
            return mime
    bare = head.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    for magic, what in _NEVER:
        if bare.lstrip()[: len(magic)] == magic:
            raise MediaError(f"not kept: it is {what}", permanent=True)
    return "application/octet-stream"
