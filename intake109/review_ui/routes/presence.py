"""Who reads a task, and a supervisor who puts it before somebody."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from intake109.queue import shifts
from intake109.review_ui.access.auth import Reader
from intake109.review_ui.context import Here
from intake109.review_ui.desk.workspace import read_detail
from intake109.review_ui.office import pages
from intake109.store import changes, duties, readers, tasks

router = APIRouter(prefix="/tasks/{task_id}")


@router.post("/reading")
def reading(task_id: int, viewer: Reader, here: Here) -> Response:
    """Note that the task is open on a visible page; sent every 15 s."""
    now = here.now
    with here.parts.database.write() as session:
        if tasks.by_id(session, task_id) is not None:
            for changed in readers.look(session, task_id, viewer.user_id, now):
                changes.tell(session, changes.Topic.READING, changed, now)
    return Response(status_code=204)


@router.post("/left")
def left(task_id: int, viewer: Reader, here: Here) -> Response:
    """Note that the page was left or hidden."""
    with here.parts.database.write() as session:
        if readers.leave(session, task_id, viewer.user_id):
            changes.tell(session, changes.Topic.READING, task_id, here.now)
    return Response(status_code=204)


@router.get("/give")
def choose(request: Request, task_id: int, viewer: pages.Runner, here: Here) -> Response:
    """Return who the task may be given to."""
    with here.parts.database.read() as session:
        on_shift = [one for one in duties.on_shift(session, here.now) if one.state == duties.ON]
    opened = read_detail(here, viewer, task_id)
    return here.pages.show(request, "desk/_give.html", here.now, detail=opened, people=on_shift)


@router.post("/give")
def give(request: Request, task_id: int, viewer: pages.Runner, here: Here, to: Annotated[int, Form()] = 0) -> Response:
    """Give the task to somebody; without a name it goes back to the queue."""
    with here.parts.database.write() as session:
        if to:
            shifts.give(session, task_id, to, viewer.user_id, here.now)
        else:
            shifts.take_back(session, task_id, viewer.user_id, here.now)
    opened = read_detail(here, viewer, task_id)
    return here.pages.show(request, "desk/_claim.html", here.now, detail=opened)
