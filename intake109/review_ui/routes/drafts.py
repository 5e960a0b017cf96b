"""What is being typed, kept per task and person; sent while typing and when the page is left."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, ConfigDict, Field

from intake109.queue import claims
from intake109.review_ui.access.auth import Inspector
from intake109.review_ui.context import Here
from intake109.store import checks, tasks

router = APIRouter()


class DraftFields(BaseModel):
    """The decision's form, unfinished."""

    model_config = ConfigDict(extra="ignore")

    service: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=500)
    place_key: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=4000)
    is_incident: str = Field(default="", max_length=1)
    reply: str = Field(default="", max_length=4000)
    language: str = Field(default="ru", max_length=2)
    mode: str = Field(default="register", max_length=12)
    number: str = Field(default="", max_length=20)
    reason: str = Field(default="", max_length=20)


@router.post("/tasks/{task_id}/draft")
def keep(task_id: int, fields: Annotated[DraftFields, Form()], viewer: Inspector, here: Here) -> Response:
    """Keep a draft and renew the lease, for typing is work; of a task decided meanwhile nothing is kept.

    What the machine has registered is not decided yet in this sense: the draft opens as its correction.
    """
    with here.parts.database.write() as session:
        task = tasks.by_id(session, task_id)
        if task is not None and (task.decided_at is None or checks.is_unchecked(task)):
            tasks.save_draft(session, task_id, viewer.user_id, fields.model_dump(), here.now)
            claims.renew(session, task_id, viewer.user_id, here.parts.config.promise, here.now)
    return Response(status_code=204)
