"""What one is alerted of: shown on every page, acknowledged by one key."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from intake109.review_ui.access.auth import Inspector, Reader
from intake109.review_ui.context import Context, Here
from intake109.review_ui.desk.alert_strip import acknowledge_for, acknowledge_waiting, strip
from intake109.review_ui.viewer import Viewer

router = APIRouter(prefix="/alerts")


@router.get("")
def show(request: Request, viewer: Reader, here: Here) -> Response:
    """Return the strip as a part of a page."""
    return _strip(request, here, viewer)


@router.post("/waiting/{last_id}/acknowledge")
def acknowledge_many(request: Request, last_id: int, viewer: Inspector, here: Here) -> Response:
    """Answer for everybody that a number of waiting tasks has been heard, up to the alert that was shown last."""
    with here.parts.database.write() as session:
        acknowledge_waiting(session, viewer, last_id, here.now)
    return _strip(request, here, viewer)


@router.post("/{task_id}/acknowledge")
def acknowledge(request: Request, task_id: int, viewer: Inspector, here: Here) -> Response:
    """Answer for everybody that a task's alert has been heard; what is left is shown."""
    with here.parts.database.write() as session:
        acknowledge_for(session, viewer, task_id, here.now)
    return _strip(request, here, viewer)


def _strip(request: Request, here: Context, viewer: Viewer) -> Response:
    with here.parts.database.read() as session:
        found = strip(session, viewer, here.now)
    return here.pages.show(request, "desk/_alerts.html", here.now, strip=found)
