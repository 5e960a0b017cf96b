"""Which organisation answers for which place: looked up, entered one by one, or read from a table."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from intake109.appeals.executors import organisations as entering
from intake109.appeals.executors.routing import RouteKind
from intake109.errors import NotFoundError
from intake109.review_ui.context import Context, Here
from intake109.review_ui.desk.case import Names
from intake109.review_ui.office import pages
from intake109.review_ui.routes.organisations import list_page
from intake109.review_ui.routing import exporting, importing, reading
from intake109.review_ui.routing.importing import LARGEST_BYTES, ORGANISATIONS, ROUTES
from intake109.review_ui.viewer import Viewer
from intake109.store import organisations

router = APIRouter()
_PAGE = 100
_MOST_EXPORTED = 1_000_000
Field = Annotated[str, Form(max_length=300)]


@router.get("/routes")
def show(
    request: Request, viewer: pages.Administrator, here: Here, q: str = "", organisation: str = "", after: str = ""
) -> Response:
    """Show who answers for what."""
    return _page(request, here, viewer, q=q, organisation=organisation, after=after)


@router.get("/routing-tables/organisations.csv")
def export_organisations(viewer: pages.Administrator, here: Here) -> Response:
    """Return all organisations as a table that can be read back."""
    with here.parts.database.read() as session:
        rows, city = organisations.all_of(session), organisations.city_wide(session)
    return _table("organisations", exporting.organisations(rows, set(city.values()), here.parts.catalogue))


@router.get("/routing-tables/routes.csv")
def export_routes(viewer: pages.Administrator, here: Here, q: str = "", organisation: str = "") -> Response:
    """Return the places that the page finds as a table that can be read back."""
    with here.parts.database.read() as session:
        rows = organisations.routes(session, organisation=organisation, words=q.strip()[:100], limit=_MOST_EXPORTED)
    return _table("routes", exporting.routes(rows))


@router.post("/routes")
def add(
    request: Request,
    viewer: pages.Administrator,
    here: Here,
    organisation: Field = "",
    street: Field = "",
    houses: Field = "",
    area: Field = "",
    landmark: Field = "",
) -> Response:
    """Let an organisation answer for what one line tells."""
    told = {"street": street, "houses": houses, "area": area, "landmark": landmark}
    found = reading.Whereabouts(here.parts.announcements.places).places(told)
    with here.parts.database.read() as session:
        is_known = organisations.by_code(session, organisation) is not None
    if isinstance(found, str) or not is_known:
        fault = found if isinstance(found, str) else "unknown_organisation"
        return _page(request, here, viewer, organisation=organisation, told=told, fault=fault, status=422)
    with here.parts.database.write() as session:
        for place in found:
            entering.answer_for(session, organisation, place, viewer.user_id, here.now)
    return RedirectResponse(f"/routes?organisation={organisation}&done=routes&n={len(found)}", 303)


@router.post("/routes/{route_id}/forget")
def forget(viewer: pages.Administrator, here: Here, route_id: int, organisation: Field = "") -> Response:
    """Take a place away from whoever answers for it."""
    with here.parts.database.write() as session:
        entering.forget(session, route_id, viewer.user_id, here.now)
        is_known = organisations.by_code(session, organisation) is not None
    return RedirectResponse(f"/routes?done=route_gone{f'&organisation={organisation}' if is_known else ''}", 303)


@router.post("/routing-drafts/{kind}")
async def upload(
    request: Request,
    viewer: pages.Administrator,
    here: Here,
    kind: str,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Read a table; nothing counts before somebody has looked at it."""
    if kind not in (ORGANISATIONS, ROUTES):
        raise NotFoundError(f"there are no tables of {kind}")
    content = await file.read(LARGEST_BYTES + 1) if file else b""
    if not content or len(content) > LARGEST_BYTES:
        return await to_thread.run_sync(lambda: list_page(request, here, viewer, fault="no_file", status=422))
    name = (file.filename or "") if file else ""
    draft_id = await to_thread.run_sync(_keep, here, viewer, kind, name, content)
    return RedirectResponse(f"/routing-drafts/{draft_id}", 303)


@router.get("/routing-drafts/{draft_id}")
def show_draft(request: Request, viewer: pages.Administrator, here: Here, draft_id: int) -> Response:
    """Show what was read, and what is wrong line by line."""
    with here.parts.database.read() as session:
        draft = importing.show(session, draft_id)
    names, has_names = Names(here.parts.catalogue, viewer.language), bool(here.parts.gazetteer.names)
    return pages.page(request, here, viewer, "routing/draft.html", draft=draft, names=names, has_names=has_names)


@router.post("/routing-drafts/{draft_id}/save")
def save(viewer: pages.Administrator, here: Here, draft_id: int) -> Response:
    """Save everything that was understood."""
    with here.parts.database.write() as session:
        kind = importing.show(session, draft_id).row.kind
        changed = importing.save(session, draft_id, viewer.user_id, here.now)
    return RedirectResponse(f"/{kind}?done=routing_saved&n={changed}", 303)


def _table(name: str, content: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _keep(here: Context, viewer: Viewer, kind: str, name: str, content: bytes) -> int:
    parts = here.parts
    if kind == ORGANISATIONS:
        read = reading.organisations(content, parts.catalogue)
    else:
        with parts.database.read() as session:
            known = {one.code: one for one in organisations.all_of(session)}
        read = reading.routes(content, known, parts.announcements.places)
    with parts.database.write() as session:
        return importing.keep(session, kind, name, read, viewer.user_id, here.now)


def _page(
    request: Request,
    here: Context,
    viewer: Viewer,
    *,
    q: str = "",
    organisation: str = "",
    after: str = "",
    told: dict[str, str] | None = None,
    fault: str = "",
    status: int = 200,
) -> Response:
    with here.parts.database.read() as session:
        found = organisations.routes(
            session,
            organisation=organisation,
            words=q.strip()[:100],
            after_id=pages.number_of(after) or 0,
            limit=_PAGE + 1,
        )
        known = {one.code: one for one in organisations.all_of(session)}
    return pages.page(
        request,
        here,
        viewer,
        "routing/routes.html",
        status=status,
        rows=found[:_PAGE],
        more=found[_PAGE - 1].id if len(found) > _PAGE else None,
        known=known,
        kinds=list(RouteKind),
        names=Names(here.parts.catalogue, viewer.language),
        q=q.strip()[:100],
        organisation=organisation if organisation in known else "",
        told=told or {},
        fault=fault,
    )
