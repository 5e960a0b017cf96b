"""Reminding an executor by one key, and taking that back."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from intake109.appeals.terms import ageing
from intake109.errors import NotFoundError
from intake109.review_ui.access.auth import Reader
from intake109.review_ui.context import Context, Here
from intake109.review_ui.desk.ages import aged
from intake109.review_ui.rendering import is_part
from intake109.review_ui.viewer import Viewer
from intake109.store import appeals
from intake109.store.tables import AppealRow

router = APIRouter(prefix="/appeals/{number}")


@router.get("/press")
def show(request: Request, viewer: Reader, here: Here, number: str) -> Response:
    """Show whether an executor can be reminded."""
    return _show(request, viewer, here, number)


@router.post("/press")
def press(request: Request, viewer: Reader, here: Here, number: str) -> Response:
    """Remind the executor."""
    return _do(ageing.press, request, viewer, here, number)


@router.post("/unpress")
def unpress(request: Request, viewer: Reader, here: Here, number: str) -> Response:
    """Take one's reminder back."""
    return _do(ageing.unpress, request, viewer, here, number)


def _do(act: Callable[..., AppealRow], request: Request, viewer: Viewer, here: Context, number: str) -> Response:
    with here.parts.database.write() as session:
        act(session, number, viewer.user_id, here.parts.rules.setting, here.now)
    return _show(request, viewer, here, number)


def _show(request: Request, viewer: Viewer, here: Context, number: str) -> Response:
    if not is_part(request):
        return RedirectResponse(f"/appeals/{number}", 303)
    with here.parts.database.read() as session:
        row = appeals.by_number(session, number)
        if row is None or row.id is None:
            raise NotFoundError(f"no appeal has the number {number}")
        found = aged(session, [row], viewer, here.parts.rules, here.now)[row.id]
    # A line of the list has a small button, and its key only while the focus is in it.
    is_line = request.headers.get("hx-target", "").startswith("line-")
    return here.pages.show(request, "operations/_press.html", here.now, row=row, aged=found, is_line=is_line)
