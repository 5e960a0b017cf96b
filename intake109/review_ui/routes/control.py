"""The control page: shelves with what waits for the quality inspector or the supervisor, and one appeal beside them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from intake109.review_ui.access.auth import allowed
from intake109.review_ui.context import Context, Here
from intake109.review_ui.control.lists import JUDGE, SHELVES, count, lines
from intake109.review_ui.control.opened import Opened, opened
from intake109.review_ui.desk import case
from intake109.review_ui.desk.case import Names
from intake109.review_ui.rendering import is_part
from intake109.review_ui.viewer import CONTROLLING, Viewer
from intake109.store import appeals

router = APIRouter(prefix="/control")
Controller = Annotated[Viewer, Depends(allowed(CONTROLLING), scope="function")]
"""A route's parameter: somebody who follows appeals to their end."""
Shelf = Annotated[str, Query(max_length=20)]
_FOUND = 8


@router.get("")
def show(request: Request, viewer: Controller, here: Here, shelf: Shelf = JUDGE) -> Response:
    """Show a shelf with its first appeal opened; to htmx the list alone, for a page that is told of changes."""
    shelf = known(shelf)
    if is_part(request):
        return _list(request, here, viewer, shelf, "control/_list.html")
    return workspace(request, here, viewer, shelf, None)


@router.get("/{number}")
def show_one(request: Request, viewer: Controller, here: Here, number: str, shelf: Shelf = JUDGE) -> Response:
    """Show one appeal, to htmx without its list."""
    found = read(here, viewer, number)
    if is_part(request):
        return detail(request, here, found, known(shelf))
    return workspace(request, here, viewer, known(shelf), found)


@router.get("/{number}/reroute")
def choose(
    request: Request,
    viewer: Controller,
    here: Here,
    number: str,
    q: Annotated[str, Query(max_length=200)] = "",
    service: Annotated[str, Query(max_length=40)] = "",
    shelf: Shelf = JUDGE,
) -> Response:
    """Let a service be looked for, and with one chosen an executor that is not its own."""
    found, edition = read(here, viewer, number), here.parts.current.edition()
    appeal = found.case.appeal
    text = q.strip()
    hits = edition.search.search(text, viewer.language, _FOUND) if len(text) > 1 else []
    codes = [hit.code for hit in hits] or [appeal.service]
    chosen = edition.catalogue.services.get(service)
    return here.pages.show(
        request,
        "control/reroute.html",
        here.now,
        badges={},
        done="",
        done_count=0,
        appeal=appeal,
        opened=found,
        names=Names(edition.catalogue, viewer.language),
        services=[edition.catalogue.services[code] for code in codes if code in edition.catalogue.services],
        executors=sorted(edition.catalogue.executors),
        chosen=chosen,
        q=text,
        shelf=known(shelf),
    )


def workspace(request: Request, here: Context, viewer: Viewer, shelf: str, found: Opened | None) -> Response:
    """Return the whole page; without an appeal the first of the shelf is opened."""
    return _list(request, here, viewer, shelf, "control/workspace.html", found, opens_first=True)


def read(here: Context, viewer: Viewer, number: str) -> Opened:
    """Read an appeal, or the case it is merged into.

    Raises:
        NotFoundError: no appeal has this number.
    """
    names = Names(here.parts.catalogue, viewer.language)
    with here.parts.database.read() as session:
        row = appeals.by_number(session, number)
        into = appeals.live(session, row).number if row is not None else number
        return opened(session, case.read(session, into, names, is_executor=False), here.parts.rules.zone, here.now)


def detail(
    request: Request, here: Context, found: Opened | None, shelf: str, headers: dict[str, str] | None = None
) -> Response:
    """Return the opened appeal alone, or that the shelf is empty."""
    name = "control/_detail.html" if found else "control/_nothing.html"
    return here.pages.show(request, name, here.now, headers=headers, opened=found, shelf=shelf)


def known(shelf: str) -> str:
    """Return a shelf by its name; an unknown one is the first."""
    return shelf if shelf in SHELVES else JUDGE


def _list(
    request: Request,
    here: Context,
    viewer: Viewer,
    shelf: str,
    name: str,
    found: Opened | None = None,
    *,
    opens_first: bool = False,
) -> Response:
    zone, now = here.parts.rules.zone, here.now
    with here.parts.database.read() as session:
        counts, rows = count(session, zone, now), lines(session, shelf, zone, now)
    is_asked_for = found is not None
    if found is None and opens_first and rows:
        found = read(here, viewer, rows[0].appeal.number)
    return here.pages.show(
        request,
        name,
        now,
        counts=counts,
        rows=rows,
        shelf=shelf,
        shelves=SHELVES,
        opened=found,
        is_asked_for=is_asked_for,
        names=Names(here.parts.catalogue, viewer.language),
    )
