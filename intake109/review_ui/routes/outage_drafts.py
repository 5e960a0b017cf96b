"""Outages from a pasted text or a table: read, shown with whatever is wrong, saved only after somebody has looked."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from intake109.errors import RefusedError
from intake109.review_ui.access.auth import Inspector
from intake109.review_ui.context import Context, Here
from intake109.review_ui.office import pages
from intake109.review_ui.outages import importing
from intake109.review_ui.outages.importing import LARGEST_BYTES, Reading
from intake109.review_ui.routes.outages import desk_of, list_page
from intake109.review_ui.viewer import Viewer

router = APIRouter(prefix="/outages-drafts")


@router.post("/paste")
def paste(
    request: Request, viewer: Inspector, here: Here, text: Annotated[str, Form(max_length=60_000)] = ""
) -> Response:
    """Read a pasted text; one announcement opens in the form at once, several as a list."""
    try:
        with here.parts.database.write() as session:
            draft_id = importing.paste(session, text, here.parts.announcements, desk_of(here, viewer))
    except RefusedError:
        return list_page(request, here, viewer, pasted=text, fault="nothing_read", status=422)
    with here.parts.database.read() as session:
        is_single = importing.item(session, draft_id, 1) is None
    return RedirectResponse(
        f"/outages/new?draft={draft_id}&item=0" if is_single else f"/outages-drafts/{draft_id}", 303
    )


@router.post("/upload")
async def upload(
    request: Request, viewer: Inspector, here: Here, file: Annotated[UploadFile | None, File()] = None
) -> Response:
    """Take a table apart; it is read in the steps that its page asks for."""
    content = await file.read(LARGEST_BYTES + 1) if file else b""
    if not content or len(content) > LARGEST_BYTES:
        return await to_thread.run_sync(lambda: list_page(request, here, viewer, fault="no_file", status=422))
    name = file.filename or "" if file else ""
    draft_id = await to_thread.run_sync(_keep, here, viewer, name, content)
    return RedirectResponse(f"/outages-drafts/{draft_id}", 303)


@router.get("/{draft_id}")
def show(request: Request, viewer: Inspector, here: Here, draft_id: int) -> Response:
    """Show what was read."""
    return pages.page(request, here, viewer, "outages/draft.html", reading=_read(here, viewer, draft_id))


@router.post("/{draft_id}/step")
def step(request: Request, viewer: Inspector, here: Here, draft_id: int) -> Response:
    """Do the next piece of a long reading or saving, and show how far it is."""
    with here.parts.database.write() as session:
        importing.step(session, draft_id, here.parts.announcements, desk_of(here, viewer))
    reading = _read(here, viewer, draft_id)
    headers = {"HX-Refresh": "true"} if reading.share is None else None
    return here.pages.show(request, "outages/_progress.html", here.now, headers=headers, reading=reading)


@router.post("/{draft_id}/save")
def save(viewer: Inspector, here: Here, draft_id: int) -> Response:
    """Save everything that was read without a problem."""
    with here.parts.database.write() as session:
        importing.begin_saving(session, draft_id)
        importing.step(session, draft_id, here.parts.announcements, desk_of(here, viewer))
    return RedirectResponse(f"/outages-drafts/{draft_id}", 303)


def _keep(here: Context, viewer: Viewer, name: str, content: bytes) -> int:
    with here.parts.database.write() as session:
        return importing.upload(session, name, content, viewer.user_id, here.now)


def _read(here: Context, viewer: Viewer, draft_id: int) -> Reading:
    with here.parts.database.read() as session:
        return importing.read(session, draft_id, here.parts.catalogue, viewer.language)
