"""The shift: on duty, on a break, off; and its hand-over, signed by who goes and by who comes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from intake109.errors import NotFoundError
from intake109.queue import shifts
from intake109.queue.shifts import Left
from intake109.review_ui.access.auth import Reader
from intake109.review_ui.context import Here
from intake109.review_ui.desk.desk_line import desk_line
from intake109.review_ui.desk.told import Told
from intake109.review_ui.office import pages
from intake109.review_ui.office.handover import contents, signed
from intake109.review_ui.rendering import is_part
from intake109.store import duties, handovers

router = APIRouter()
_PAGE = 20
_SHOWN = 50


@router.get("/desk-line")
def line(request: Request, viewer: Reader, here: Here) -> Response:
    """Return the foot of the queue anew."""
    with here.parts.database.read() as session:
        found = desk_line(session, viewer, here.now)
    return here.pages.show(request, "desk/_desk_line.html", here.now, line=found)


@router.post("/shift/duty")
def duty(request: Request, viewer: pages.Watcher, here: Here, state: Annotated[str, Form()] = "") -> Response:
    """Put oneself on duty, on a break, or off."""
    with here.parts.database.write() as session:
        shifts.switch(session, viewer.user_id, state, here.now)
    return line(request, viewer, here) if is_part(request) else RedirectResponse("/shift", 303)


@router.get("/shift")
def show(request: Request, viewer: pages.Watcher, here: Here, before: str = "") -> Response:
    """Show who is at work, what would be left to the next shift, and the hand-overs so far."""
    now = here.now
    with here.parts.database.read() as session:
        left = shifts.gather(session, now)
        found = handovers.page(session, before_id=pages.number_of(before), limit=_PAGE + 1)
        return pages.page(
            request,
            here,
            viewer,
            "operations/shift.html",
            on_shift=duties.on_shift(session, now),
            state=duties.state_of(session, viewer.user_id),
            began_at=duties.last_began_at(session, viewer.user_id),
            left=contents(session, left, viewer.user_id, now, most=_SHOWN),
            unsigned=signed(session, handovers.unsigned(session)),
            history=signed(session, found[:_PAGE]),
            more=found[_PAGE - 1].id if len(found) > _PAGE else None,
            told=Told(here.parts.rules, viewer.language),
        )


@router.post("/shift/handover")
def hand_over(
    viewer: pages.Watcher,
    here: Here,
    note: Annotated[str, Form(max_length=8000)] = "",
    leaving: Annotated[str, Form()] = "",
) -> Response:
    """Sign as the one who goes."""
    with here.parts.database.write() as session:
        handover_id = shifts.hand_over(session, viewer.user_id, note, here.now, is_leaving=leaving == "yes")
    return RedirectResponse(f"/shift/{handover_id}?done=handed_over", 303)


@router.get("/shift/{handover_id}")
def one(request: Request, handover_id: int, viewer: pages.Watcher, here: Here) -> Response:
    """Show a hand-over, ready to be printed."""
    now = here.now
    with here.parts.database.read() as session:
        row = handovers.by_id(session, handover_id)
        if row is None:
            raise NotFoundError(f"there is no hand-over {handover_id}")
        return pages.page(
            request,
            here,
            viewer,
            "operations/handover.html",
            one=signed(session, [row])[0],
            left=contents(session, Left.from_json(row.content), viewer.user_id, now, most=_SHOWN),
            told=Told(here.parts.rules, viewer.language),
        )


@router.post("/shift/{handover_id}/sign")
def take_over(handover_id: int, viewer: pages.Watcher, here: Here) -> Response:
    """Sign as the one who comes."""
    with here.parts.database.write() as session:
        shifts.take_over(session, handover_id, viewer.user_id, here.now)
    return RedirectResponse(f"/shift/{handover_id}?done=taken_over", 303)
