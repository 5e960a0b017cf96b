"""Small pictures of what executors and the staff send; made when they are first looked at."""

from __future__ import annotations

from html import escape

from fastapi import Response
from fastapi.responses import FileResponse

from intake109.media.files import FileStore
from intake109.media.thumbnails import kept_or_made

_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox"}


def small_picture(files: FileStore, sha256: str, gone: str, damaged: str, cache: str) -> Response:
    """Return the small picture of a file; where there is none, one that says so in words.

    Browsers show a picture that comes with 404, so that the page needs no script to tell what is missing.

    Args:
        gone: says that the file is not there; `damaged`: that it is and cannot be opened.
    """
    source, target = files.path(sha256), files.path(sha256, thumbnail=True)
    if kept_or_made(source, target):
        return FileResponse(target, media_type="image/webp", headers={**_HEADERS, "Cache-Control": cache})
    return _words(damaged if source.is_file() else gone)


def _words(text: str) -> Response:
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="180" height="120" role="img">'
        '<rect width="180" height="120" fill="#808080" fill-opacity=".18"/>'
        '<text x="90" y="64" text-anchor="middle" font-family="sans-serif" font-size="14" fill="#767676">'
        f"{escape(text)}</text></svg>"
    )
    return Response(picture, 404, {**_HEADERS, "Cache-Control": "no-store"}, "image/svg+xml")
