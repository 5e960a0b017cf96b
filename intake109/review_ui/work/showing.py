"""Files of one appeal, for those who may see that appeal and nothing else."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Response
from fastapi.responses import FileResponse

from intake109.errors import NotFoundError
from intake109.media.files import PICTURES
from intake109.review_ui.context import Context
from intake109.review_ui.i18n import Words
from intake109.review_ui.pictures import small_picture
from intake109.review_ui.work.mine import Work
from intake109.store import work as store

_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, max-age=3600"}


def file(here: Context, work: Work, sha256: str, w: Words, *, small: bool) -> Response:
    """Return a citizen's file or a file of the organisation's own answer, or the small picture of either.

    Raises:
        NotFoundError: it belongs to something else, or is not there (any more).
    """
    with here.parts.database.read() as session:
        row = store.file_of(session, work.appeal.id or 0, sha256)
    own = next((one for answer in work.answers for one in answer.files if one.sha256 == sha256), None)
    if row is None and own is None:
        raise NotFoundError("there is no such file")
    if small and own is not None and own.mime in PICTURES:
        gone, damaged = w("file.gone"), w("file.damaged")
        return small_picture(here.parts.files, sha256, gone, damaged, _HEADERS["Cache-Control"])
    is_small = small and row is not None and row.has_thumbnail
    path = here.parts.files.path(sha256, thumbnail=is_small)
    if not path.is_file():
        raise NotFoundError("the file is not there any more")
    if is_small:
        return FileResponse(path, media_type="image/webp", headers=_HEADERS)
    mime, name = (row.mime, row.file_name) if row is not None else (own.mime, own.file_name) if own else ("", "")
    is_shown = mime in PICTURES
    shown_as = "inline" if is_shown else "attachment"
    headers = {**_HEADERS, "Content-Disposition": f"{shown_as}; filename*=UTF-8''{quote(name or sha256[:8], safe='')}"}
    return FileResponse(path, media_type=mime if is_shown else "application/octet-stream", headers=headers)
