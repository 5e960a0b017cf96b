"""A whole catalogue sent as a file: shown with whatever it would change, saved and taken back in one go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from intake109.catalogue import incoming, packing
from intake109.catalogue.incoming import Thing
from intake109.catalogue.packing import LARGEST_BYTES
from intake109.errors import CatalogueError, RefusedError
from intake109.review_ui.catalogue import importing
from intake109.review_ui.catalogue.editing import NOTE_LIMIT
from intake109.review_ui.catalogue.entry import Names
from intake109.review_ui.catalogue.importing import OvertakenError
from intake109.review_ui.catalogue.problems import told
from intake109.review_ui.context import Context, Here
from intake109.review_ui.office import pages
from intake109.review_ui.rendering import words_of
from intake109.review_ui.viewer import Viewer
from intake109.store import catalogue_imports, people

router = APIRouter(prefix="/catalogue-imports")
_LISTED = 30
_LINES_SHOWN = 300
Note = Annotated[str, Form(max_length=NOTE_LIMIT)]


@router.get("")
def show_all(request: Request, viewer: pages.Administrator, here: Here) -> Response:
    """Show where a file is sent, and what was sent before."""
    return _list(request, here, viewer)


@router.post("")
async def upload(
    request: Request, viewer: pages.Administrator, here: Here, file: Annotated[UploadFile | None, File()] = None
) -> Response:
    """Read a file; nothing counts before somebody has looked at it."""
    content = await file.read(LARGEST_BYTES + 1) if file else b""
    name = PurePath((file.filename if file else "") or "").name
    if not content:
        return await to_thread.run_sync(lambda: _list(request, here, viewer, fault="no_file"))
    try:
        import_id = await to_thread.run_sync(_keep, here, viewer, name, content)
    except CatalogueError as error:
        problems = error.problems
        return await to_thread.run_sync(lambda: _list(request, here, viewer, fault="broken", problems=problems))
    return RedirectResponse(f"/catalogue-imports/{import_id}", 303)


@router.get("/{import_id}")
def show(request: Request, viewer: pages.Administrator, here: Here, import_id: int) -> Response:
    """Show what an import would change, or has changed."""
    return _page(request, here, viewer, import_id)


@router.post("/{import_id}/save")
def save(
    request: Request, viewer: pages.Administrator, here: Here, import_id: int, note: Note = "", leave: Note = ""
) -> Response:
    """Write all of it."""
    base = here.parts.current.base
    try:
        with here.parts.database.write() as session:
            is_leaving = leave == "yes"
            n = importing.save(session, base, import_id, viewer.user_id, note, here.now, leave=is_leaving)
    except CatalogueError as error:
        return _page(request, here, viewer, import_id, problems=error.problems, note=note, status=422)
    except RefusedError as error:
        return _page(request, here, viewer, import_id, fault=error.field, note=note, status=422)
    except OvertakenError as error:
        return _page(request, here, viewer, import_id, touched=error.things, note=note, status=409)
    here.parts.current.refresh()
    return RedirectResponse(f"/catalogue-imports/{import_id}?done=catalogue_imported&n={n}", 303)


@router.post("/{import_id}/undo")
def undo(request: Request, viewer: pages.Administrator, here: Here, import_id: int, note: Note = "") -> Response:
    """Bring back what was before."""
    base = here.parts.current.base
    try:
        with here.parts.database.write() as session:
            n = importing.undo(session, base, import_id, viewer.user_id, note, here.now)
    except CatalogueError as error:
        return _page(request, here, viewer, import_id, problems=error.problems, note=note, status=422)
    here.parts.current.refresh()
    return RedirectResponse(f"/catalogue-imports/{import_id}?done=catalogue_import_undone&n={n}", 303)


def _keep(here: Context, viewer: Viewer, name: str, content: bytes) -> int:
    files = packing.opened(name, content)
    with here.parts.database.read() as session:
        catalogue, mark = importing.now_is(session, here.parts.current.base)
    found = incoming.read(catalogue, files)
    with here.parts.database.write() as session:
        return importing.keep(session, name, found, mark, viewer.user_id, here.now)


def _list(
    request: Request, here: Context, viewer: Viewer, *, fault: str = "", problems: Sequence[str] = ()
) -> Response:
    with here.parts.database.read() as session:
        rows, staff = catalogue_imports.saved(session, _LISTED), people.names(session)
    return pages.page(
        request,
        here,
        viewer,
        "catalogue/imports.html",
        status=422 if fault else 200,
        rows=rows,
        staff=staff,
        fault=fault,
        problems=told(problems, words_of(request)),
    )


def _page(
    request: Request,
    here: Context,
    viewer: Viewer,
    import_id: int,
    *,
    problems: Sequence[str] = (),
    touched: Sequence[Thing] = (),
    fault: str = "",
    note: str = "",
    status: int = 200,
) -> Response:
    catalogue = here.parts.catalogue
    with here.parts.database.read() as session:
        shown, staff = (
            importing.show(session, here.parts.current.base, import_id, viewer.language),
            people.names(session),
        )
    return pages.page(
        request,
        here,
        viewer,
        "catalogue/import.html",
        status=status,
        shown=shown,
        lines=shown.lines[:_LINES_SHOWN],
        touched=touched or shown.touched,
        staff=staff,
        catalogue=catalogue,
        names=Names(catalogue, words_of(request)),
        problems=told(problems, words_of(request)),
        fault=fault,
        note=note,
        note_limit=NOTE_LIMIT,
    )
