"""The queue: list and detail side by side."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from intake109.catalogue.services import SPHERES
from intake109.model import Channel, Language
from intake109.review_ui.access.auth import Anybody, Reader
from intake109.review_ui.context import Context, Here
from intake109.review_ui.desk import rows
from intake109.review_ui.desk.rows import SHELVES, Filters
from intake109.review_ui.desk.workspace import workspace
from intake109.review_ui.viewer import SEEING, Viewer
from intake109.store import tasks

router = APIRouter()


def filters_of(shelf: str = "queue", channel: str = "", language: str = "", sphere: str = "") -> Filters:
    """Read the filters of an address; a value that means nothing filters nothing."""
    return Filters(
        shelf if shelf in SHELVES else "queue",
        channel if channel in {one.value for one in Channel} else "",
        language if language in {one.value for one in Language} else "",
        sphere if sphere in SPHERES else "",
    )


Chosen = Annotated[Filters, Depends(filters_of, scope="function")]


@router.get("/")
def show(request: Request, viewer: Anybody, here: Here, filters: Chosen) -> Response:
    """Show the queue with nothing opened; who has no business in it comes to the appeals instead."""
    if viewer.role not in SEEING:
        return RedirectResponse("/appeals", 303)
    return workspace(request, here, viewer, filters, None)


@router.get("/queue/rows")
def more(request: Request, viewer: Reader, here: Here, filters: Chosen, after: str = "") -> Response:
    """Return the next stretch of the list."""
    with here.parts.database.read() as session:
        page = rows.page(session, filters, viewer.user_id, after, here.now)
    return _rows(request, here, viewer, page, filters)


@router.get("/queue/lines")
def lines(
    request: Request, viewer: Reader, here: Here, filters: Chosen, ids: Annotated[str, Query(max_length=4000)] = ""
) -> Response:
    """Return single lines anew; those that changed while somebody looked at them."""
    wanted = [int(one) for one in ids.split(",") if one.isdigit()][:200]
    with here.parts.database.read() as session:
        found = rows.rows(session, tasks.by_ids(session, wanted), viewer.user_id, here.now)
    found.sort(key=lambda row: (row.task.rank, row.task.turn, row.task.id or 0))
    return _rows(request, here, viewer, rows.Page(found, ""), filters)


def _rows(request: Request, here: Context, viewer: Viewer, page: rows.Page, filters: Filters) -> Response:
    return here.pages.show(
        request,
        "desk/_rows.html",
        here.now,
        page=page,
        filters=filters,
        spheres=here.parts.catalogue.spheres,
        opened=None,
    )
