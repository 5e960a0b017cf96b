"""Citizens' files. What a citizen sends is never run: fixed types, no sniffing, a sandbox around everything."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from intake109.errors import NotFoundError
from intake109.media.files import PICTURES, kind_of
from intake109.review_ui.access.auth import Reader
from intake109.review_ui.context import Here
from intake109.review_ui.i18n import words
from intake109.review_ui.pictures import small_picture
from intake109.store import answers, attachments, sightings

router = APIRouter()
_HEAD_BYTES = 64
_PLAYED = frozenset({"video/mp4", "video/webm", "audio/ogg", "audio/mpeg", "audio/aac", "audio/amr", "audio/wav"})
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=86400, immutable",
}


@router.get("/media/{sha256}")
def file(sha256: str, viewer: Reader, here: Here) -> Response:
    """Return a file; pictures, video and sound are shown in the page, everything else is only downloaded."""
    with here.parts.database.read() as session:
        row = attachments.with_hash(session, sha256)
        enclosed = answers.file_with_hash(session, sha256) if row is None else None
        is_seen = row is None and enclosed is None and sightings.is_picture_of(session, sha256)
    if not (row or enclosed or is_seen) or not here.parts.files.path(sha256).is_file():
        raise NotFoundError("there is no such file")
    path = here.parts.files.path(sha256)
    mime = row.mime if row else enclosed.mime if enclosed else _kind(path)
    own = row.file_name if row else enclosed.file_name if enclosed else ""
    is_shown = mime in PICTURES or mime in _PLAYED
    name = quote(own or f"{row.kind if row else 'file'}-{sha256[:8]}", safe="")
    way = "inline" if is_shown else "attachment"
    headers = {**_HEADERS, "Content-Disposition": f"{way}; filename*=UTF-8''{name}"}
    return FileResponse(path, media_type=mime if is_shown else "application/octet-stream", headers=headers)


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        return kind_of(file.read(_HEAD_BYTES))


@router.get("/media/{sha256}/thumbnail")
def thumbnail(sha256: str, viewer: Reader, here: Here) -> Response:
    """Return the small picture of a file; of what executors and the staff sent, one that says so if it is gone."""
    with here.parts.database.read() as session:
        row = attachments.with_hash(session, sha256)
        is_ours = row is None and (
            answers.file_with_hash(session, sha256) is not None or sightings.is_picture_of(session, sha256)
        )
    if is_ours:
        w = words(viewer.language)
        gone, damaged = w("file.gone"), w("file.damaged")
        return small_picture(here.parts.files, sha256, gone, damaged, _HEADERS["Cache-Control"])
    if row is None or not row.has_thumbnail or not here.parts.files.path(row.sha256, thumbnail=True).is_file():
        raise NotFoundError("there is no such picture")
    path = here.parts.files.path(row.sha256, thumbnail=True)
    return FileResponse(path, media_type="image/webp", headers=_HEADERS)
