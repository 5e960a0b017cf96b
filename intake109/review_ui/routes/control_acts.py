"""What the quality inspector and the supervisor do with an appeal: one POST, one transaction, then the next one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Annotated

from anyio import from_thread
from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from intake109.appeals import reopening
from intake109.appeals.executors import rerouting
from intake109.appeals.news import Setting
from intake109.appeals.terms import ageing
from intake109.appeals.voice import unheard
from intake109.appeals.work import answers, incidents, judging, shelving
from intake109.appeals.work.answers import Enclosed, Judgement, Said, Via
from intake109.appeals.work.incidents import Seen
from intake109.appeals.work.shelving import Folder, Question
from intake109.appeals.work.sightings import How
from intake109.errors import ConflictError, RefusedError
from intake109.media.files import PICTURES, FileStore
from intake109.queue.decisions import service_of
from intake109.review_ui.access.auth import allowed
from intake109.review_ui.context import Context, Here
from intake109.review_ui.rendering import words_of
from intake109.review_ui.routes import control
from intake109.review_ui.routes.control import Controller
from intake109.review_ui.viewer import CLOSING, Viewer
from intake109.store import appeals
from intake109.store.tables import AppealRow

router = APIRouter(prefix="/control/{number}")
_MOST_FILES = 6
_CHUNK_BYTES = 64 * 1024
_UNDOABLE = frozenset({"accepted", "formal", "folder", "shelved", "asked", "pressed"})
Closer = Annotated[Viewer, Depends(allowed(CLOSING), scope="function")]
"""A route's parameter: somebody who may close an appeal without its citizen's word."""
Work = Callable[[Session, AppealRow, Setting], object]


class Fields(BaseModel):
    """The fields of every dialog; each uses those it has. `back` is `appeal` where the appeal's own page asks."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    shelf: str = Field(default="", max_length=20)
    back: str = Field(default="", max_length=10)
    answer: int = 0
    why: str = Field(default="", max_length=2000)
    text: str = Field(default="", max_length=8000)
    owner: int = 0
    until: str = Field(default="", max_length=10)
    days: int = 5
    acted_on: str = Field(default="", max_length=10)
    promised_on: str = Field(default="", max_length=10)
    how: How = How.CAMERA
    is_safe: str = Field(default="", max_length=3)
    service: str = Field(default="", max_length=40)
    executor: str = Field(default="", max_length=60)
    what: str = Field(default="", max_length=20)
    files: list[UploadFile] = Field(default_factory=list, max_length=20)


Sent = Annotated[Fields, Form()]


@router.post("/accept")
def accept(request: Request, number: str, fields: Sent, viewer: Controller, here: Here) -> Response:
    """Accept an answer: the citizens are asked whether it is solved."""

    def work(session: Session, _: AppealRow, setting: Setting) -> object:
        return judging.judge(session, fields.answer, Judgement.ACCEPTED, viewer.user_id, setting, here.now)

    return _act(request, here, viewer, number, fields, "accepted", work)


@router.post("/formal")
def formal(request: Request, number: str, fields: Sent, viewer: Controller, here: Here) -> Response:
    """Call an answer formal: back to the executor with the reason, or into the folder if a day of return is given."""
    folder = _folder(fields) if fields.until else None

    def work(session: Session, _: AppealRow, setting: Setting) -> object:
        return judging.judge(
            session, fields.answer, Judgement.FORMAL, viewer.user_id, setting, here.now, fields.why, folder
        )

    return _act(request, here, viewer, number, fields, "folder" if folder else "formal", work)


@router.post("/shelve")
def shelve(request: Request, number: str, fields: Sent, viewer: Controller, here: Here) -> Response:
    """Put an appeal into the long-term folder."""
    folder = _folder(fields)

    def work(session: Session, appeal: AppealRow, setting: Setting) -> object:
        return shelving.shelve(session, appeal.id or 0, folder, viewer.user_id, setting, here.now)

    return _act(request, here, viewer, number, fields, "shelved", work)


@router.post("/wait")
def wait(request: Request, number: str, fields: Sent, viewer: Controller, here: Here) -> Response:
    """Ask the citizen for what is missing."""

    def work(session: Session, appeal: AppealRow, setting: Setting) -> object:
        question = Question(fields.text, fields.days)
        return shelving.wait(session, appeal.id or 0, question, viewer.user_id, setting, here.now)

    return _act(request, here, viewer, number, fields, "asked", work)


@router.post("/take-out")
def take_out(request: Request, number: str, fields: Sent, viewer: Controller, here: Here) -> Response:
    """Let an appeal go on before its time."""

    def work(session: Session, appeal: AppealRow, setting: Setting) -> object:
        return shelving.take_out(session, appeal.id or 0, viewer.user_id, setting, here.now)

    return _act(request, here, viewer, number, fields, "taken_out", work)


@router.post("/answer")
def answer(request: Request, number: str, fields: Sent, viewer: Controller, here: Here) -> Response:
    """Record what an executor said by telephone or on paper."""
    said = Said(
        fields.text,
        _day(fields.acted_on, "acted_on"),
        _day(fields.promised_on, "promised_on"),
        _keep(here.parts.files, fields.files),
        Via.DESK,
        viewer.user_id,
    )

    def work(session: Session, appeal: AppealRow, setting: Setting) -> object:
        return answers.receive(session, appeal.id or 0, said, setting, here.now)

    return _act(request, here, viewer, number, fields, "answered", work)


@router.post("/see")
def see(request: Request, number: str, fields: Sent, viewer: Controller, here: Here) -> Response:
    """Write down whether a danger is over, with a picture."""
    if fields.is_safe not in ("yes", "no"):
        raise RefusedError("seen", "say whether it is safe")
    pictures = _keep(here.parts.files, fields.files[:1])
    if any(one.mime not in PICTURES for one in pictures):
        raise RefusedError("file", "a picture is needed")
    seen = Seen(fields.how, fields.is_safe == "yes", fields.text, pictures[0].sha256 if pictures else "")

    def work(session: Session, appeal: AppealRow, setting: Setting) -> object:
        return incidents.see(session, appeal.id or 0, seen, viewer.user_id, setting, here.now)

    return _act(request, here, viewer, number, fields, "seen_safe" if seen.is_safe else "seen_dangerous", work)


@router.post("/reroute")
def reroute(request: Request, number: str, fields: Sent, viewer: Controller, here: Here) -> Response:
    """Give an appeal to somebody else."""
    catalogue = here.parts.catalogue
    service = service_of(catalogue, fields.service)
    if fields.executor and fields.executor not in catalogue.executors:
        raise RefusedError("service", f"the catalogue has no executor {fields.executor}")

    def work(session: Session, appeal: AppealRow, setting: Setting) -> object:
        return rerouting.reroute(session, appeal.id or 0, service, fields.executor, viewer.user_id, setting, here.now)

    return _act(request, here, viewer, number, fields, "rerouted", work)


@router.post("/reopen")
def reopen(request: Request, number: str, fields: Sent, viewer: Controller, here: Here) -> Response:
    """Take a case up again that is not solved, in a new round."""

    def work(session: Session, appeal: AppealRow, setting: Setting) -> object:
        found = appeals.lock_live(session, appeal.id or 0)
        mentions = appeals.mention_ids(session, found.id or 0)
        if not mentions:
            raise ConflictError(f"the appeal {found.number} has no reporters")
        return reopening.reopen(session, found, mentions[0], viewer.user_id, setting, here.now)

    return _act(request, here, viewer, number, fields, "reopened", work)


@router.post("/call-again")
def call_again(request: Request, number: str, fields: Sent, viewer: Controller, here: Here) -> Response:
    """Have the citizens called again whom nobody reached."""

    def work(session: Session, appeal: AppealRow, _: Setting) -> object:
        return unheard.call_again(session, appeal.id or 0, viewer.user_id, here.now)

    return _act(request, here, viewer, number, fields, "call_again", work)


@router.post("/close")
def close(request: Request, number: str, fields: Sent, viewer: Closer, here: Here) -> Response:
    """Close the work of a private organisation of which no citizen could be heard."""

    def work(session: Session, appeal: AppealRow, _: Setting) -> object:
        return unheard.close(session, appeal.id or 0, fields.why, viewer.user_id, here.now)

    return _act(request, here, viewer, number, fields, "closed_unheard", work)


@router.post("/press")
def press(request: Request, number: str, fields: Sent, viewer: Controller, here: Here) -> Response:
    """Remind the executor."""

    def work(session: Session, appeal: AppealRow, setting: Setting) -> object:
        return ageing.press(session, appeal.number, viewer.user_id, setting, here.now)

    return _act(request, here, viewer, number, fields, "pressed", work)


@router.post("/undo")
def undo(request: Request, number: str, fields: Sent, viewer: Controller, here: Here) -> Response:
    """Take one's last act back and show the appeal again."""

    def work(session: Session, appeal: AppealRow, setting: Setting) -> object:
        if fields.what == "pressed":
            ageing.unpress(session, appeal.number, viewer.user_id, setting, here.now)
        else:
            judging.undo(session, appeal.id or 0, viewer.user_id, setting, here.now)
        return None

    return _act(request, here, viewer, number, fields, "undone", work)


def _act(
    request: Request, here: Context, viewer: Viewer, number: str, fields: Fields, what: str, work: Work
) -> Response:
    """Do it, show the appeal as it is now, and say what may be taken back. `back` names the page that asks."""
    with here.parts.database.write() as session:
        appeal = appeals.by_number(session, number)
        if appeal is None:
            raise ConflictError(f"no appeal has the number {number}")
        work(session, appeal, here.parts.rules.setting)
    seconds = here.parts.config.promise.undo_seconds if what in _UNDOABLE else 0
    text = words_of(request)(f"course.told.{what}", number=number)
    told = json.dumps({"controlled": {"number": number, "what": what, "text": text, "seconds": seconds}})
    shelf = control.known(fields.shelf)
    if fields.back:
        address = f"/appeals/{number}" if fields.back == "appeal" else f"/control/{number}?shelf={shelf}"
        return Response(headers={"HX-Trigger": told, "HX-Redirect": address})
    found = control.read(here, viewer, number)
    headers = {"HX-Trigger": told, "HX-Push-Url": f"/control/{found.case.appeal.number}?shelf={shelf}"}
    return control.detail(request, here, found, shelf, headers)


def _folder(fields: Fields) -> Folder:
    until = _day(fields.until, "until")
    if until is None:
        raise RefusedError("until", "choose the day of return")
    return Folder(fields.why, fields.owner, until)


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RefusedError(field, f"{text} is no day") from error


def _keep(store: FileStore, files: list[UploadFile]) -> tuple[Enclosed, ...]:
    """Store what was sent; the browser sends one empty file where none was chosen."""
    found = []
    for file in files[:_MOST_FILES]:
        if file.size:
            stored = from_thread.run(store.put, _chunks(file))
            found.append(Enclosed(stored.sha256, stored.mime, (file.filename or "")[:200]))
    return tuple(found)


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := file.file.read(_CHUNK_BYTES):  # `await file.read` would take a second thread of the few there are
        yield chunk
