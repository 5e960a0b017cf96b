"""The executor's own pages: the appeals of its organisation and nobody else's."""

from __future__ import annotations

import secrets
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from intake109.appeals.work.answers import Via
from intake109.review_ui.access.auth import allowed
from intake109.review_ui.context import Context, Here
from intake109.review_ui.desk.case import Names
from intake109.review_ui.i18n import words
from intake109.review_ui.office import pages
from intake109.review_ui.viewer import Viewer
from intake109.review_ui.work import answering, showing
from intake109.review_ui.work.answering import MOST_FILES, Actor
from intake109.review_ui.work.mine import Work, mine
from intake109.store import organisations, work
from intake109.store.work import Shelf

router = APIRouter(prefix="/work")
_PAGE = 60
_MOST_TO_DO = 1000
"""What is to be done stands on one page, sorted by its deadline; what is done is turned over page by page."""
Executor = Annotated[Viewer, Depends(allowed(frozenset({"executor"})), scope="function")]
"""A route's parameter: somebody who works for an organisation."""


@router.get("")
def show(request: Request, viewer: Executor, here: Here, shelf: str = "", before: str = "") -> Response:
    """Show what the organisation has to do."""
    chosen = Shelf(shelf) if shelf in set(Shelf) else Shelf.OPEN
    with here.parts.database.read() as session:
        if not organisations.is_any(session):  # a centre that has entered none: executors look at all that went out
            return RedirectResponse("/appeals", 303)
        whose = organisations.by_code(session, viewer.organisation)
        before_id, most = pages.number_of(before), _PAGE if chosen is Shelf.DONE else _MOST_TO_DO
        found = work.page(session, viewer.organisation, chosen, here.now, before_id, most + 1)
        counted = work.count(session, viewer.organisation, here.now)
    return pages.page(
        request,
        here,
        viewer,
        "work/list.html",
        rows=found[:most],
        more=found[most - 1].id if len(found) > most and chosen is Shelf.DONE else None,
        counted=counted,
        shelf=chosen.value,
        shelves=[one.value for one in Shelf],
        whose=whose,
        names=Names(here.parts.catalogue, viewer.language),
    )


@router.get("/{number}")
def show_one(request: Request, viewer: Executor, here: Here, number: str) -> Response:
    """Show one appeal."""
    return _one(request, here, viewer, _mine(here, viewer, number))


@router.post("/{number}/{what}")
async def act(request: Request, viewer: Executor, here: Here, number: str, what: str) -> Response:
    """Take it, answer it or give it back."""
    found = await to_thread.run_sync(_mine, here, viewer, number)
    actor = Actor(viewer.organisation, Via.PAGE, viewer.user_id)
    outcome = await answering.act(request, here, found.appeal.id or 0, actor, what)
    if outcome.done:
        address = "/work" if outcome.done == "returned" else f"/work/{number}"
        return RedirectResponse(f"{address}?done={outcome.done}", 303)
    found = await to_thread.run_sync(_mine, here, viewer, number)
    return _one(request, here, viewer, found, outcome)


@router.get("/{number}/files/{sha256}")
def file(viewer: Executor, here: Here, number: str, sha256: str, small: str = "") -> Response:
    """Return a file of an appeal."""
    return showing.file(here, _mine(here, viewer, number), sha256, words(viewer.language), small=bool(small))


def _mine(here: Context, viewer: Viewer, number: str) -> Work:
    with here.parts.database.read() as session:
        return mine(session, viewer.organisation, number)


def _one(
    request: Request, here: Context, viewer: Viewer, found: Work, outcome: answering.Outcome | None = None
) -> Response:
    return pages.page(
        request,
        here,
        viewer,
        "work/one.html",
        status=outcome.status if outcome else 200,
        work=found,
        base=f"/work/{found.appeal.number}",
        names=Names(here.parts.catalogue, viewer.language),
        wrong=outcome.wrong if outcome else "",
        kept=(outcome.kept if outcome else None) or {},
        most_files=MOST_FILES,
        limit_mb=here.parts.config.server.upload_limit_mb,
        once=secrets.token_hex(8),
        csrf_token=viewer.csrf,
    )
