"""Announced outages: the duty person enters, edits, moves, ends and cancels them, and sees who asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.outages import entering, utilities
from intake109.outages.entering import Desk
from intake109.review_ui.access.auth import Inspector
from intake109.review_ui.context import Context, Here
from intake109.review_ui.office import pages
from intake109.review_ui.outages import fields as forms
from intake109.review_ui.outages import importing, shown
from intake109.review_ui.outages.fields import Fields, Read
from intake109.review_ui.viewer import Viewer
from intake109.store import outage_drafts, outages
from intake109.store.tables import OutageRow

router = APIRouter(prefix="/outages")
Sent = Annotated[Fields, Form()]


@router.get("")
def show(request: Request, viewer: Inspector, here: Here, before: str = "") -> Response:
    """Show what is switched off now, what will be, and what was."""
    return list_page(request, here, viewer, before=pages.number_of(before))


def list_page(
    request: Request,
    here: Context,
    viewer: Viewer,
    *,
    before: int | None = None,
    pasted: str = "",
    fault: str = "",
    status: int = 200,
) -> Response:
    """Return the list; with what was pasted and what is wrong with it, if something is."""
    parts = here.parts
    with parts.database.read() as session:
        found = shown.lists(session, parts.rules, parts.config.outages, viewer.language, here.now, before)
        kept = outage_drafts.latest(session)
    return pages.page(
        request,
        here,
        viewer,
        "outages/list.html",
        status=status,
        lists=found,
        drafts=kept,
        pasted=pasted,
        fault=fault,
        before=before,
    )


@router.get("/new")
def new(request: Request, viewer: Inspector, here: Here, draft: int = 0, item: int = 0) -> Response:
    """Show the form: empty, or filled with what was read from a text or a table."""
    zone = here.parts.config.city.zone
    filled, problems = Fields(begins=forms.local(here.now, zone)), ()
    if draft:
        with here.parts.database.read() as session:
            found = importing.item(session, draft, item)
        if found is None:
            raise NotFoundError("this announcement was saved or forgotten")
        filled = forms.of_item(found, viewer.language, zone, draft=draft, number=item)
        problems = found.problems  # type: ignore[assignment]
    return _form(request, here, viewer, filled, None, problems=problems)


@router.post("/new")
def create(request: Request, viewer: Inspector, here: Here, sent: Sent) -> Response:
    """Enter an outage."""
    read = _read(here, sent)
    if read.entry is None:
        return _form(request, here, viewer, sent, read, status=422)
    entry = read.entry
    try:
        with here.parts.database.write() as session:
            row = entering.enter(session, entry, desk_of(here, viewer))
            if sent.draft:
                importing.note_saved(session, sent.draft, sent.item, row.id or 0)
    except RefusedError as error:
        return _form(request, here, viewer, sent, replace(read, faults={error.field: error.field}), status=422)
    back = f"/outages-drafts/{sent.draft}" if sent.draft else f"/outages/{row.id}"
    return RedirectResponse(f"{back}?done=outage_entered", 303)


@router.get("/{outage_id}")
def show_one(request: Request, viewer: Inspector, here: Here, outage_id: int) -> Response:
    """Show one outage with its history and those who asked."""
    parts = here.parts
    with parts.database.read() as session:
        found = shown.one(
            session, outage_id, parts.rules, parts.config.outages, viewer.language, viewer.user_id, here.now
        )
    zone = parts.config.city.zone
    later = max(found.row.ends_at, here.now) + timedelta(hours=2)
    return pages.page(
        request,
        here,
        viewer,
        "outages/one.html",
        one=found,
        later=forms.local(later, zone),
        seconds=here.parts.config.promise.undo_seconds,
    )


@router.get("/{outage_id}/edit")
def edit(request: Request, viewer: Inspector, here: Here, outage_id: int) -> Response:
    """Show the form of an outage."""
    row, filled = _filled(here, viewer, outage_id)
    return _form(request, here, viewer, filled, None, row=row)


@router.post("/{outage_id}/edit")
def change(request: Request, viewer: Inspector, here: Here, outage_id: int, sent: Sent) -> Response:
    """Change what an outage says; what somebody else changed meanwhile is said, and what was typed stays."""
    read = _read(here, sent)
    row, filled = _filled(here, viewer, outage_id)
    if read.entry is None:
        return _form(request, here, viewer, sent, read, row=row, status=422)
    entry = read.entry
    try:
        with here.parts.database.write() as session:
            entering.edit(session, outage_id, sent.version, entry, desk_of(here, viewer))
    except RefusedError as error:
        return _form(request, here, viewer, sent, replace(read, faults={error.field: error.field}), row=row, status=422)
    except ConflictError:
        kept = sent.model_copy(update={"version": filled.version})
        return _form(request, here, viewer, kept, read, row=row, is_outdated=True, status=409)
    return RedirectResponse(f"/outages/{outage_id}?done=outage_edited", 303)


@router.post("/{outage_id}/end")
def end(viewer: Inspector, here: Here, outage_id: int) -> Response:
    """Say that it is over now."""
    return _act(here, viewer, outage_id, "ended", lambda session, desk: entering.end(session, outage_id, desk))


@router.post("/{outage_id}/move")
def move(viewer: Inspector, here: Here, outage_id: int, ends: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Say till when it lasts now."""
    until = forms.moment(ends, here.parts.config.city.zone)
    if until is None:
        raise RefusedError("ends_at", "say till when it lasts")
    return _act(here, viewer, outage_id, "moved", lambda session, desk: entering.move(session, outage_id, until, desk))


@router.post("/{outage_id}/cancel")
def cancel(viewer: Inspector, here: Here, outage_id: int) -> Response:
    """Say that it does not take place."""
    return _act(here, viewer, outage_id, "cancelled", lambda session, desk: entering.cancel(session, outage_id, desk))


@router.post("/{outage_id}/undo")
def undo(viewer: Inspector, here: Here, outage_id: int) -> Response:
    """Take one's own last change back while nobody has been told."""
    return _act(here, viewer, outage_id, "undone", lambda session, desk: entering.undo(session, outage_id, desk))


def desk_of(here: Context, viewer: Viewer) -> Desk:
    """Return who changes an outage, and by what."""
    undo = timedelta(seconds=here.parts.config.promise.undo_seconds)
    return Desk(viewer.user_id, here.parts.catalogue, undo, here.now)


def _act(
    here: Context, viewer: Viewer, outage_id: int, done: str, act: Callable[[Session, Desk], OutageRow]
) -> Response:
    with here.parts.database.write() as session:
        act(session, desk_of(here, viewer))
    return RedirectResponse(f"/outages/{outage_id}?done=outage_{done}", 303)


def _read(here: Context, sent: Fields) -> Read:
    return forms.read(sent, here.parts.announcements.places, here.parts.config.city.zone)


def _filled(here: Context, viewer: Viewer, outage_id: int) -> tuple[OutageRow, Fields]:
    with here.parts.database.read() as session:
        row = session.get(OutageRow, outage_id)
        if row is None:
            raise NotFoundError(f"there is no outage {outage_id}")
        places = outages.places(session, [outage_id])[outage_id]
    return row, forms.of_outage(row, places, viewer.language, here.parts.config.city.zone)


def _form(
    request: Request,
    here: Context,
    viewer: Viewer,
    filled: Fields,
    read: Read | None,
    *,
    row: OutageRow | None = None,
    problems: object = (),
    is_outdated: bool = False,
    status: int = 200,
) -> Response:
    catalogue = here.parts.catalogue
    return pages.page(
        request,
        here,
        viewer,
        "outages/form.html",
        status=status,
        filled=filled,
        read=read,
        row=row,
        problems=problems,
        is_outdated=is_outdated,
        services=[
            (code, utilities.off([code], catalogue, viewer.language))
            for code in utilities.offered(catalogue, filled.services)
        ],
    )
