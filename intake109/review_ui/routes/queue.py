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
from intake109.review_ui.desk.told import Told
from intake109.review_ui.desk.workspace import workspace
from intake109.review_ui.viewer import SEEING, Viewer
from intake109.store import tasks, together

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
        page = rows.page(session, filters, viewer.user_id, after, here.now, here.parts.config.same_problem.storm_from)
    return _rows(request, here, viewer, page, filters)


@router.get("/queue/lines")
def lines(
    request: Request, viewer: Reader, here: Here, filters: Chosen, ids: Annotated[str, Query(max_length=4000)] = ""
) -> Response:
    """Return single lines anew; those that changed while somebody looked at them. For a storm's message its line."""
    wanted = [int(one) for one in ids.split(",") if one.isdigit()][:200]
    with here.parts.database.read() as session:
        least = here.parts.config.same_problem.storm_from
        storms = [] if filters.is_narrow or filters.shelf != "queue" else together.storms(session, least)
        heads = {one.key: one.head_id for one in storms}
        asked = tasks.by_ids(session, wanted)
        shown = {heads.get(one.group_key, one.id) if one.decided_at is None else one.id for one in asked}
        chosen = tasks.by_ids(session, [one for one in shown if one is not None])
        found = rows.rows(session, chosen, viewer.user_id, here.now, storms)
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
        told=Told(here.parts.rules, viewer.language),
    )
