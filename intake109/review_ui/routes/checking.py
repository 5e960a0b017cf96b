"""A person checks what the machine registered: one POST, one transaction, then the next one."""

from __future__ import annotations

import json
from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from intake109.errors import ConflictError, RefusedError
from intake109.queue import checking
from intake109.queue.checking import Check
from intake109.queue.decisions import Dismissal
from intake109.review_ui.access.auth import Inspector
from intake109.review_ui.context import Context, Here
from intake109.review_ui.desk.machine_choice import next_unchecked
from intake109.review_ui.desk.workspace import read_detail, show_detail
from intake109.review_ui.routes.decisions import Fields, Sent, conflict, refuse_personal_data
from intake109.review_ui.viewer import Viewer

router = APIRouter(prefix="/tasks/{task_id}")


@router.post("/confirm")
def confirm(request: Request, task_id: int, fields: Sent, viewer: Inspector, here: Here) -> Response:
    """Say that the machine was right."""

    def check(session: Session) -> None:
        checking.confirm(session, task_id, viewer.user_id, here.now)

    return _check(request, here, viewer, task_id, fields, Check.CONFIRMED, check)


@router.post("/correct")
def correct(request: Request, task_id: int, fields: Sent, viewer: Inspector, here: Here) -> Response:
    """Register it as a person would have."""
    refuse_personal_data(here, task_id, fields)

    def check(session: Session) -> None:
        checking.correct(session, task_id, viewer.user_id, fields.form, here.parts.rules, here.now)

    return _check(request, here, viewer, task_id, fields, Check.CORRECTED, check)


@router.post("/annul")
def annul(request: Request, task_id: int, fields: Sent, viewer: Inspector, here: Here) -> Response:
    """Say that it was no appeal."""
    if fields.reason not in {one.value for one in Dismissal}:
        raise RefusedError("reason", "choose a reason")
    refuse_personal_data(here, task_id, fields)

    def check(session: Session) -> None:
        reason = Dismissal(fields.reason)
        checking.annul(session, task_id, viewer.user_id, reason, fields.form, here.parts.rules, here.now)

    return _check(request, here, viewer, task_id, fields, Check.ANNULLED, check)


def _check(
    request: Request,
    here: Context,
    viewer: Viewer,
    task_id: int,
    fields: Fields,
    as_what: Check,
    check: Callable[[Session], None],
) -> Response:
    try:
        with here.parts.database.write() as session:
            check(session)
    except ConflictError:
        return conflict(request, here, viewer, task_id)
    with here.parts.database.read() as session:
        following = next_unchecked(session, viewer.user_id, here.now)
    opened = read_detail(here, viewer, following) if following else None
    query = f"?{fields.filters.query}" if fields.filters.query else ""
    headers = {
        "HX-Trigger": json.dumps({"checked": {"id": task_id, "check": as_what.value}}),
        "HX-Push-Url": (f"/tasks/{following}" if following else "/") + query,
    }
    return show_detail(request, here, viewer, fields.filters, opened, headers)
