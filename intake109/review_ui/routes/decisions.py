"""What an inspector decides: one POST, one transaction, then the next task."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from intake109.errors import ConflictError, RefusedError
from intake109.outbox.letters import personal_data
from intake109.outbox.texts import is_unfinished
from intake109.queue import asking, checking, claims, decisions, following, returning, together
from intake109.queue.decisions import Dismissal
from intake109.queue.known_outage import answer as answer_by_outage
from intake109.review_ui.access.auth import Inspector
from intake109.review_ui.context import Context, Here
from intake109.review_ui.desk.rows import Filters
from intake109.review_ui.desk.workspace import read_detail, show_detail
from intake109.review_ui.routes.queue import filters_of
from intake109.review_ui.viewer import Viewer
from intake109.store import checks, tasks
from intake109.store.tables import MentionRow

router = APIRouter()


class Fields(BaseModel):
    """The decision's form as it is sent; the filters of the list ride along, so that the next task fits them."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    service: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=500)
    place_key: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=4000)
    is_incident: bool = False
    reply: str = Field(default="", max_length=4000)
    language: str = Field(default="ru", pattern="^(kk|ru|en)$")
    number: str = Field(default="", max_length=20)
    reason: str = Field(default="", max_length=20)
    others: list[int] = Field(default_factory=list, max_length=500)
    """Further tasks to attach to the same appeal."""
    shelf: str = "queue"
    only_channel: str = ""
    only_language: str = ""
    only_sphere: str = ""

    @property
    def form(self) -> decisions.Form:
        """The part that decides."""
        return decisions.Form(
            self.service, self.address, self.place_key, self.note, self.is_incident, self.reply, self.language
        )

    @property
    def filters(self) -> Filters:
        """What the list shows."""
        return filters_of(self.shelf, self.only_channel, self.only_language, self.only_sphere)


Sent = Annotated[Fields, Form()]


@router.post("/tasks/{task_id}/register")
def register(request: Request, task_id: int, fields: Sent, viewer: Inspector, here: Here) -> Response:
    """Register, forward and acknowledge."""

    def decide(session: Session) -> str:
        return decisions.register(session, task_id, viewer.user_id, fields.form, here.parts.rules, here.now).number

    return _decide(request, here, viewer, task_id, fields, "registered", decide)


@router.post("/tasks/{task_id}/attach")
def attach(request: Request, task_id: int, fields: Sent, viewer: Inspector, here: Here) -> Response:
    """Attach the citizen to an appeal that exists."""
    number = fields.number.lstrip("№# ").strip()

    def decide(session: Session) -> str:
        return decisions.attach(
            session, task_id, viewer.user_id, number, fields.form, here.parts.rules, here.now
        ).number

    return _decide(request, here, viewer, task_id, fields, "attached", decide)


@router.post("/tasks/{task_id}/reopen")
def reopen(request: Request, task_id: int, fields: Sent, viewer: Inspector, here: Here) -> Response:
    """Take a closed appeal up again, for its problem has come back."""

    def decide(session: Session) -> str:
        return returning.reopen(session, task_id, viewer.user_id, fields.number, here.parts.rules, here.now).number

    return _decide(request, here, viewer, task_id, fields, "reopened", decide)


@router.post("/tasks/{task_id}/answer")
def answer(request: Request, task_id: int, fields: Sent, viewer: Inspector, here: Here) -> Response:
    """Answer a question and close it."""
    _refuse_unfinished(here, fields)

    def decide(session: Session) -> str:
        return decisions.answer(session, task_id, viewer.user_id, fields.form, here.parts.rules, here.now).number

    return _decide(request, here, viewer, task_id, fields, "answered", decide)


@router.post("/tasks/{task_id}/outage/{outage_id}")
def answer_with_outage(
    request: Request, task_id: int, outage_id: int, fields: Sent, viewer: Inspector, here: Here
) -> Response:
    """Answer with an announced outage and close; the letter is the outage's, not what stands in the form."""
    rules, times = here.parts.rules, here.parts.config.outages

    def decide(session: Session) -> str:
        return answer_by_outage(session, task_id, viewer.user_id, outage_id, rules, times, here.now).number

    return _decide(request, here, viewer, task_id, fields, "answered", decide)


@router.post("/tasks/{task_id}/dismiss")
def dismiss(request: Request, task_id: int, fields: Sent, viewer: Inspector, here: Here) -> Response:
    """End a task without an appeal."""
    if fields.reason not in {one.value for one in Dismissal}:
        raise RefusedError("reason", "choose a reason")
    _refuse_unfinished(here, fields)

    def decide(session: Session) -> str:
        reason = Dismissal(fields.reason)
        decisions.dismiss(session, task_id, viewer.user_id, reason, fields.form, here.parts.rules, here.now)
        return ""

    return _decide(request, here, viewer, task_id, fields, "dismissed", decide)


@router.post("/tasks/{task_id}/ask")
def ask(request: Request, task_id: int, fields: Sent, viewer: Inspector, here: Here) -> Response:
    """Ask the citizen for details; the task stays open before the inspector."""
    _refuse_unfinished(here, fields)
    refuse_personal_data(here, task_id, fields)
    try:
        with here.parts.database.write() as session:
            asking.ask(session, task_id, viewer.user_id, fields.form, here.parts.rules, here.now)
            kept = _draft(fields) | {"reply": "", "mode": "register"}
            tasks.save_draft(session, task_id, viewer.user_id, kept, here.now)
    except ConflictError:
        return conflict(request, here, viewer, task_id)
    opened = read_detail(here, viewer, task_id)
    return show_detail(request, here, viewer, fields.filters, opened, {"HX-Trigger": json.dumps({"asked": {}})})


@router.post("/tasks/{task_id}/undo")
def undo(request: Request, task_id: int, viewer: Inspector, here: Here) -> Response:
    """Take back one's own decision while nothing has left, and open the task again as it was."""
    with here.parts.database.write() as session:
        is_check = checks.is_checked(session, task_id)
        if is_check:
            checking.undo(session, task_id, viewer.user_id, here.now)
    if is_check:
        return _unchecked(request, here, viewer, task_id)
    with here.parts.database.write() as session:
        decisions.undo(session, task_id, viewer.user_id, here.now)
        claims.claim(session, task_id, viewer.user_id, here.parts.config.promise, here.now)
    opened = read_detail(here, viewer, task_id)
    headers = {"HX-Trigger": json.dumps({"undone": {"id": task_id}}), "HX-Push-Url": f"/tasks/{task_id}"}
    return show_detail(request, here, viewer, Filters(), opened, headers)


def _unchecked(request: Request, here: Context, viewer: Viewer, task_id: int) -> Response:
    """Show what is to be checked again, on the list it had left."""
    filters, opened = Filters(shelf="unchecked"), read_detail(here, viewer, task_id)
    headers = {
        "HX-Trigger": json.dumps({"undone": {"id": task_id, "check": True}}),
        "HX-Push-Url": f"/tasks/{task_id}?{filters.query}",
    }
    return show_detail(request, here, viewer, filters, opened, headers)


def _decide(
    request: Request,
    here: Context,
    viewer: Viewer,
    task_id: int,
    fields: Fields,
    outcome: str,
    decide: Callable[[Session], str],
) -> Response:
    refuse_personal_data(here, task_id, fields)
    try:
        with here.parts.database.write() as session:
            tasks.save_draft(session, task_id, viewer.user_id, _draft(fields), here.now)
            number = decide(session)
            rules, user_id, now = here.parts.rules, viewer.user_id, here.now
            following.decide_too(session, task_id, fields.form, rules, user_id, now)
            done = together.attach_with(session, task_id, fields.others, fields.form, rules, user_id, now)
    except ConflictError:
        return conflict(request, here, viewer, task_id)
    told = {
        "id": task_id,
        "outcome": outcome,
        "number": number,
        "seconds": here.parts.config.promise.undo_seconds,
    } | ({"others": len(done.attached), "left": len(done.left)} if fields.others else {})
    return _next(request, here, viewer, fields.filters, {"HX-Trigger": json.dumps({"decided": told})})


def _next(request: Request, here: Context, viewer: Viewer, filters: Filters, headers: dict[str, str]) -> Response:
    chosen = {"channel": filters.channel, "language": filters.language, "sphere": filters.sphere}
    with here.parts.database.write() as session:
        storm_from = here.parts.config.same_problem.storm_from
        promise = here.parts.config.promise
        task_id = claims.claim_next(session, viewer.user_id, promise, here.now, storm_from=storm_from, **chosen)
    opened = read_detail(here, viewer, task_id) if task_id else None
    query = f"?{filters.query}" if filters.query else ""
    headers["HX-Push-Url"] = (f"/tasks/{task_id}" if task_id else "/") + query
    return show_detail(request, here, viewer, filters, opened, headers)


def conflict(request: Request, here: Context, viewer: Viewer, task_id: int) -> Response:
    """Tell who was first; the form on the screen stays as it is."""
    opened = read_detail(here, viewer, task_id)
    return here.pages.show(request, "desk/_conflict.html", here.now, status=409, detail=opened)


def _refuse_unfinished(here: Context, fields: Fields) -> None:
    with here.parts.database.read() as session:
        is_beginning = is_unfinished(session, fields.reply)
    if is_beginning:
        raise RefusedError("reply", "the reply is only the beginning of the template; complete it")


def refuse_personal_data(here: Context, task_id: int, fields: Fields) -> None:
    if not personal_data(fields.reply):
        return
    with here.parts.database.read() as session:
        task = tasks.by_id(session, task_id)
        mention = session.get(MentionRow, task.mention_id) if task else None
    if mention is not None and mention.is_public:
        raise RefusedError("personal_data", "the reply is public and holds personal data; take it out")


def _draft(fields: Fields) -> dict[str, str]:
    """Keep what was sent, so that an undo brings the form back as it was."""
    kept = fields.model_dump(include={"service", "address", "place_key", "note", "reply", "language", "number"})
    return {key: str(value) for key, value in kept.items()} | {"is_incident": "1" if fields.is_incident else ""}
