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

    def check(session: Session) -> str:
        return checking.confirm(session, task_id, viewer.user_id, here.parts.rules, here.now).number

    return _check(request, here, viewer, task_id, fields, Check.CONFIRMED, check)


@router.post("/correct")
def correct(request: Request, task_id: int, fields: Sent, viewer: Inspector, here: Here) -> Response:
    """Register it as a person would have."""
    refuse_personal_data(here, task_id, fields)

    def check(session: Session) -> str:
        return checking.correct(session, task_id, viewer.user_id, fields.form, here.parts.rules, here.now).number

    return _check(request, here, viewer, task_id, fields, Check.CORRECTED, check)


@router.post("/known")
def known(request: Request, task_id: int, fields: Sent, viewer: Inspector, here: Here) -> Response:
    """Say that the problem was known already: its citizens follow the appeal of it."""
    refuse_personal_data(here, task_id, fields)
    number = fields.number.lstrip("№# ").strip()

    def check(session: Session) -> str:
        rules, now = here.parts.rules, here.now
        return checking.attach(session, task_id, viewer.user_id, number, fields.form, rules, now).number

    return _check(request, here, viewer, task_id, fields, Check.ATTACHED, check)


@router.post("/annul")
def annul(request: Request, task_id: int, fields: Sent, viewer: Inspector, here: Here) -> Response:
    """Say that it was no appeal."""
    if fields.reason not in {one.value for one in Dismissal}:
        raise RefusedError("reason", "choose a reason")
    refuse_personal_data(here, task_id, fields)

    def check(session: Session) -> str:
        reason = Dismissal(fields.reason)
        checking.annul(session, task_id, viewer.user_id, reason, fields.form, here.parts.rules, here.now)
        return ""

    return _check(request, here, viewer, task_id, fields, Check.ANNULLED, check)


def _check(
    request: Request,
    here: Context,
    viewer: Viewer,
    task_id: int,
    fields: Fields,
    as_what: Check,
    check: Callable[[Session], str],
) -> Response:
    try:
        with here.parts.database.write() as session:
            number = check(session)
    except ConflictError:
        return conflict(request, here, viewer, task_id)
    with here.parts.database.read() as session:
        following = next_unchecked(session, viewer.user_id, here.now)
    opened = read_detail(here, viewer, following) if following else None
    query = f"?{fields.filters.query}" if fields.filters.query else ""
    seconds = here.parts.config.promise.undo_seconds
    told = {"id": task_id, "check": as_what.value, "number": number, "seconds": seconds}
    headers = {
        "HX-Trigger": json.dumps({"checked": told}),
        "HX-Push-Url": (f"/tasks/{following}" if following else "/") + query,
    }
    return show_detail(request, here, viewer, fields.filters, opened, headers)
