"""One task: opened, claimed, given back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from intake109.queue import claims
from intake109.review_ui.access.auth import Inspector, Reader
from intake109.review_ui.context import Here
from intake109.review_ui.desk.reasons import reasons
from intake109.review_ui.desk.workspace import read_detail, show_detail, workspace
from intake109.review_ui.rendering import is_part
from intake109.review_ui.routes.queue import Chosen
from intake109.store import changes, tasks

router = APIRouter()


@router.get("/tasks/{task_id}")
def show(request: Request, task_id: int, viewer: Reader, here: Here, filters: Chosen, draft: int = 0) -> Response:
    """Show a task; as a part beside the list, or the whole page when its address is opened.

    `draft` is the person whose draft is to be gone on with, instead of one's own.
    """
    opened = read_detail(here, viewer, task_id, draft)
    if is_part(request):
        return show_detail(request, here, viewer, filters, opened)
    return workspace(request, here, viewer, filters, opened)


@router.get("/tasks/{task_id}/said")
def said(request: Request, task_id: int, viewer: Reader, here: Here, filters: Chosen) -> Response:
    """Return what the citizen said anew, without touching the form beside it."""
    opened = read_detail(here, viewer, task_id)
    return here.pages.show(
        request, "desk/_said.html", here.now, detail=opened, filters=filters, spheres=here.parts.catalogue.spheres
    )


@router.get("/tasks/{task_id}/why")
def why(request: Request, task_id: int, viewer: Reader, here: Here, hide: bool = False) -> Response:
    """Return which words spoke for the first suggestion, and the texts with them marked; with `hide`, unmarked."""
    explain = None if hide else here.parts.explain
    with here.parts.database.read() as session:
        found = reasons(session, task_id, explain, here.parts.catalogue, viewer.language)
    shown = None if hide else found
    return here.pages.show(request, "desk/_why_answer.html", here.now, task_id=task_id, reasons=shown, texts=found)


@router.post("/tasks/{task_id}/claim")
def claim(
    request: Request,
    task_id: int,
    viewer: Inspector,
    here: Here,
    leave: Annotated[int, Form()] = 0,
) -> Response:
    """Take or renew the lease, give back the one left behind, and note that news has been read."""
    now = here.now
    with here.parts.database.write() as session:
        if leave and leave != task_id:
            claims.release(session, leave, viewer.user_id, now)
        claims.claim(session, task_id, viewer.user_id, here.parts.config.promise, now)
        if tasks.see_news(session, task_id, now):
            changes.tell(session, changes.Topic.TASK, task_id, now)
    opened = read_detail(here, viewer, task_id)
    return here.pages.show(request, "desk/_claim.html", now, detail=opened)


@router.post("/tasks/{task_id}/release")
def release(request: Request, task_id: int, viewer: Inspector, here: Here) -> Response:
    """Give a task back; it stays on the screen, free for everybody."""
    with here.parts.database.write() as session:
        claims.release(session, task_id, viewer.user_id, here.now)
    return here.pages.show(request, "desk/_claim.html", here.now, detail=read_detail(here, viewer, task_id))


@router.post("/queue/next")
def claim_next(
    request: Request, viewer: Inspector, here: Here, filters: Chosen, leave: Annotated[int, Form()] = 0
) -> Response:
    """Take the most urgent free task and show it."""
    now = here.now
    with here.parts.database.write() as session:
        if leave:
            claims.release(session, leave, viewer.user_id, now)
        task_id = claims.claim_next(
            session,
            viewer.user_id,
            here.parts.config.promise,
            now,
            channel=filters.channel,
            language=filters.language,
            sphere=filters.sphere,
            storm_from=here.parts.config.same_problem.storm_from,
        )
    opened = read_detail(here, viewer, task_id) if task_id else None
    address = f"/tasks/{task_id}" if task_id else "/"
    query = f"?{filters.query}" if filters.query else ""
    return show_detail(request, here, viewer, filters, opened, {"HX-Push-Url": address + query})
