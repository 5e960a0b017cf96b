"""Saying that two messages are the same one, and taking apart what is not."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from intake109.queue import claims, following
from intake109.review_ui.access.auth import Inspector
from intake109.review_ui.context import Here
from intake109.review_ui.desk.rows import Filters
from intake109.review_ui.desk.workspace import read_detail, show_detail

router = APIRouter()


@router.post("/tasks/{task_id}/join")
def join(request: Request, task_id: int, viewer: Inspector, here: Here, other: Annotated[int, Form()]) -> Response:
    """Let a task wait with another one, and show that one: whoever joined them decides both."""
    now = here.now
    with here.parts.database.write() as session:
        leader_id = following.join(session, task_id, other, viewer.user_id, here.parts.rules, now)
        claims.claim(session, leader_id, viewer.user_id, here.parts.config.promise, now)
    headers = {"HX-Trigger": json.dumps({"joined": {"id": task_id}}), "HX-Push-Url": f"/tasks/{leader_id}"}
    return show_detail(request, here, viewer, Filters(), read_detail(here, viewer, leader_id), headers)


@router.post("/tasks/{task_id}/separate")
def separate(request: Request, task_id: int, viewer: Inspector, here: Here) -> Response:
    """Give a task a line of its own again, and show it."""
    with here.parts.database.write() as session:
        following.separate(session, task_id, viewer.user_id, here.parts.rules, here.now)
    headers = {"HX-Trigger": json.dumps({"separated": {"id": task_id}}), "HX-Push-Url": f"/tasks/{task_id}"}
    return show_detail(request, here, viewer, Filters(), read_detail(here, viewer, task_id), headers)
