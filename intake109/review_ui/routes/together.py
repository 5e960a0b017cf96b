"""The messages that may be decided together with an opened task, anew: others have written meanwhile."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from intake109.review_ui.access.auth import Reader
from intake109.review_ui.context import Here
from intake109.review_ui.desk.workspace import read_detail

router = APIRouter()


@router.get("/tasks/{task_id}/together")
def show(request: Request, task_id: int, viewer: Reader, here: Here) -> Response:
    """Return the list beside the form, without touching the form."""
    return here.pages.show(request, "desk/_together.html", here.now, detail=read_detail(here, viewer, task_id))
