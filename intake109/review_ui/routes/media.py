"""Citizens' files. What a citizen sends is never run: fixed types, no sniffing, a sandbox around everything."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from intake109.errors import NotFoundError
from intake109.media.files import PICTURES
from intake109.review_ui.access.auth import Reader
from intake109.review_ui.context import Here
from intake109.store import attachments

router = APIRouter()
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
    if row is None or not here.parts.files.path(row.sha256).is_file():
        raise NotFoundError("there is no such file")
    is_shown = row.mime in PICTURES or row.mime in _PLAYED
    name = quote(row.file_name or f"{row.kind}-{row.sha256[:8]}", safe="")
    way = "inline" if is_shown else "attachment"
    headers = {**_HEADERS, "Content-Disposition": f"{way}; filename*=UTF-8''{name}"}
    mime = row.mime if is_shown else "application/octet-stream"
    return FileResponse(here.parts.files.path(row.sha256), media_type=mime, headers=headers)


@router.get("/media/{sha256}/thumbnail")
def thumbnail(sha256: str, viewer: Reader, here: Here) -> Response:
    """Return the small picture of a file."""
    with here.parts.database.read() as session:
        row = attachments.with_hash(session, sha256)
    if row is None or not row.has_thumbnail or not here.parts.files.path(row.sha256, thumbnail=True).is_file():
        raise NotFoundError("there is no such picture")
    path = here.parts.files.path(row.sha256, thumbnail=True)
    return FileResponse(path, media_type="image/webp", headers=_HEADERS)
