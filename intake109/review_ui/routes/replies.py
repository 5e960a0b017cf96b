"""What executors wrote back and is no answer by itself: a person says which appeal it answers, or puts it away."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Response
from fastapi.responses import FileResponse, RedirectResponse

from intake109.appeals.work import replies as taking
from intake109.errors import NotFoundError, RefusedError
from intake109.media.files import PICTURES
from intake109.review_ui.context import Here
from intake109.review_ui.office import pages
from intake109.store.tables import ReplyRow

router = APIRouter(prefix="/outbox/replies")
_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, max-age=3600"}


@router.post("/{row_id}/answer")
def answer(viewer: pages.Runner, here: Here, row_id: int, number: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Take it as the answer of an appeal."""
    try:
        with here.parts.database.write() as session:
            taking.take_as_answer(session, row_id, number, viewer.user_id, here.parts.rules.setting, here.now)
    except (NotFoundError, RefusedError):
        return RedirectResponse(f"/outbox?wrong={row_id}#reply-{row_id}", 303)
    return RedirectResponse("/outbox?done=reply_taken&n=1", 303)


@router.post("/{row_id}/away")
def away(viewer: pages.Runner, here: Here, row_id: int) -> Response:
    """Note that nothing more is to be done."""
    with here.parts.database.write() as session:
        taking.put_away(session, row_id, viewer.user_id, here.now)
    return RedirectResponse("/outbox?done=reply_away&n=1", 303)


@router.get("/{row_id}/files/{sha256}")
def file(viewer: pages.Runner, here: Here, row_id: int, sha256: str) -> Response:
    """Return a file that came with it.

    Raises:
        NotFoundError: it has no such file, or the file is gone.
    """
    with here.parts.database.read() as session:
        row = session.get(ReplyRow, row_id)
    found = next((one for one in row.files if one.get("sha256") == sha256), None) if row else None
    path = here.parts.files.path(sha256) if found else None
    if found is None or path is None or not path.is_file():
        raise NotFoundError("there is no such file")
    is_shown = found["mime"] in PICTURES
    name = quote(str(found["file_name"]) or sha256[:8], safe="")
    headers = {**_HEADERS, "Content-Disposition": f"{'inline' if is_shown else 'attachment'}; filename*=UTF-8''{name}"}
    return FileResponse(
        path, media_type=str(found["mime"]) if is_shown else "application/octet-stream", headers=headers
    )
