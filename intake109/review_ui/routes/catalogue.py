"""The catalogue a centre owns: looked at by supervisors, edited by administrators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from intake109.catalogue import export
from intake109.catalogue.contents import Content, Kind, flat
from intake109.catalogue.difference import Change, changes
from intake109.catalogue.documents import Fault
from intake109.catalogue.overlay import Entry, is_edited
from intake109.catalogue.services import SPHERES
from intake109.clock import city_day
from intake109.errors import NotFoundError
from intake109.review_ui.catalogue import editing
from intake109.review_ui.catalogue import entry as catalogue_entry
from intake109.review_ui.catalogue.editing import FaultyError, OutdatedError
from intake109.review_ui.catalogue.entry import Names, Shown, Step
from intake109.review_ui.catalogue.tree import Tree
from intake109.review_ui.context import Context, Here
from intake109.review_ui.office import pages
from intake109.review_ui.rendering import words_of
from intake109.review_ui.viewer import Viewer
from intake109.store import revisions

router = APIRouter(prefix="/catalogue")


class Act(StrEnum):
    """What can be done to something besides writing it."""

    RETIRE = "retire"
    RESTORE = "restore"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class News:
    """What somebody else wrote since the form was opened."""

    last: Step
    changes: tuple[Change, ...]


async def _sent(request: Request) -> FormData:
    return await request.form()


Sent = Annotated[FormData, Depends(_sent, scope="function")]


@router.get("")
def show(request: Request, viewer: pages.Runner, here: Here, sphere: str = "", q: str = "", only: str = "") -> Response:
    """Show the tree: a sphere with its groups, what was found, what was edited, or what has left."""
    tree, query = _tree(here, viewer), q.strip()[:100]
    lists = {"edited": tree.edited, "retired": tree.retired}
    lines = tree.found(query) if query else lists[only]() if only in lists else None
    chosen = sphere if sphere in SPHERES and lines is None else ""
    return pages.page(
        request,
        here,
        viewer,
        "catalogue/tree.html",
        kind=Kind.SERVICE,
        spheres=tree.spheres(),
        groups=tree.sphere(chosen) if chosen else [],
        lines=lines,
        sphere=chosen,
        q=query,
        only=only if lines is not None and not query else "",
        names=Names(here.parts.catalogue, words_of(request)),
        can_edit=viewer.role in pages.ADMINISTERING,
    )


@router.get("/download")
def download(viewer: pages.Runner, here: Here) -> Response:
    """Give the catalogue as it is now, as the files the program reads, in a ZIP."""
    day = city_day(here.now, here.parts.config.city.zone)
    headers = {"Content-Disposition": f'attachment; filename="catalogue-{day.isoformat()}.zip"'}
    packed = export.archive(here.parts.catalogue, here.now.astimezone(here.parts.config.city.zone))
    return Response(packed, media_type="application/zip", headers=headers)


@router.post("/likeness")
def likeness(request: Request, viewer: pages.Runner, here: Here, form: Sent) -> Response:
    """Say which of the phrases being typed are much like others."""
    edition = here.parts.current.edition()
    found = edition.neighbours.of(catalogue_entry.code_of(form), catalogue_entry.phrases(form)[:200])
    return here.pages.show(request, "catalogue/_likeness.html", here.now, found=found[:20], catalogue=edition.catalogue)


@router.get("/add/{kind}")
def add(request: Request, viewer: pages.Administrator, here: Here, kind: Kind, sphere: str = "") -> Response:
    """Show the form for something new."""
    _refuse_new(kind)
    return _page(request, here, viewer, _blank(here, kind, sphere))


@router.post("/add/{kind}")
def create(request: Request, viewer: pages.Administrator, here: Here, kind: Kind, form: Sent) -> Response:
    """Add something."""
    _refuse_new(kind)
    return _save(request, here, viewer, kind, catalogue_entry.code_of(form)[:80], form, "catalogue_added")


@router.get("/{kind}")
def show_kind(request: Request, viewer: pages.Runner, here: Here, kind: Kind) -> Response:
    """Show all groups, executors, curators, questions or spheres."""
    if kind is Kind.SERVICE:
        return RedirectResponse("/catalogue", 303)
    return pages.page(
        request,
        here,
        viewer,
        "catalogue/named.html",
        kind=kind,
        rows=_tree(here, viewer).named(kind),
        names=Names(here.parts.catalogue, words_of(request)),
        can_edit=viewer.role in pages.ADMINISTERING,
    )


@router.get("/{kind}/{code}")
def show_one(request: Request, viewer: pages.Runner, here: Here, kind: Kind, code: str) -> Response:
    """Show one thing with its history."""
    return _page(request, here, viewer, _read(here, kind, code))


@router.post("/{kind}/{code}")
def change(request: Request, viewer: pages.Administrator, here: Here, kind: Kind, code: str, form: Sent) -> Response:
    """Write a new version."""
    return _save(request, here, viewer, kind, code, form, "catalogue_edited")


@router.post("/{kind}/{code}/{act}")
def act(
    request: Request, viewer: pages.Administrator, here: Here, kind: Kind, code: str, act: Act, form: Sent
) -> Response:
    """Retire, bring back, or return to an older version: a new version with the content of an old one."""

    def entry(session: Session) -> Entry:
        versions = editing.versions(session, here.parts.current.base, kind, code)
        if act is not Act.UNDO:
            return Entry(kind, code, versions[-1].content, act is Act.RETIRE)
        wanted = catalogue_entry.version_of(form)
        kept = next((one for one in versions if one.number == wanted), versions[-1])
        return Entry(kind, code, kept.content, kept.is_retired)

    try:
        _write(here, viewer, form, entry)
    except FaultyError as error:
        return _page(request, here, viewer, _read(here, kind, code), faults=error.faults, status=422)
    except OutdatedError:
        shown, news = _conflict(here, kind, code, form, None)
        return _page(request, here, viewer, shown, news=news, status=409)
    return RedirectResponse(f"/catalogue/{kind}/{code}?done=catalogue_{act}&n=1", 303)


def _refuse_new(kind: Kind) -> None:
    if kind is Kind.SPHERE:
        raise NotFoundError("the spheres are fixed")


def _save(
    request: Request, here: Context, viewer: Viewer, kind: Kind, code: str, form: FormData, done: str
) -> Response:
    """Write what the form says; what is wrong, or what somebody else wrote meanwhile, is said beside what was typed."""
    content, opened = catalogue_entry.sent(kind, code, form), catalogue_entry.opened_of(form)

    def entry(session: Session) -> Entry:
        if opened is None:
            return Entry(kind, code, content)
        versions = editing.versions(session, here.parts.current.base, kind, code)
        return Entry(kind, code, content, versions[-1].is_retired)

    try:
        _write(here, viewer, form, entry)
    except FaultyError as error:
        sphere = str(content.get("sphere", ""))
        shown = _read(here, kind, code) if opened is not None else _blank(here, kind, sphere, code)
        kept = replace(shown, fields=flat(content), opened=opened)
        return _page(request, here, viewer, kept, faults=error.faults, status=422)
    except OutdatedError:
        shown, news = _conflict(here, kind, code, form, content)
        return _page(request, here, viewer, shown, news=news, status=409)
    return RedirectResponse(f"/catalogue/{kind}/{code}?done={done}&n=1", 303)


def _write(here: Context, viewer: Viewer, form: FormData, entry: Callable[[Session], Entry]) -> None:
    """Write a version in one transaction and let this process see it at once; the others see it in two seconds."""
    base, opened, note = here.parts.current.base, catalogue_entry.opened_of(form), catalogue_entry.note_of(form)
    with here.parts.database.write() as session:
        editing.save(session, base, entry(session), opened, viewer.user_id, note, here.now)
    here.parts.current.refresh()


def _conflict(here: Context, kind: Kind, code: str, form: FormData, mine: Content | None) -> tuple[Shown, News]:
    """Return the form with both edits put together, and what the other one changed."""
    base = here.parts.current.base
    with here.parts.database.read() as session:
        versions = editing.versions(session, base, kind, code)
    before = catalogue_entry.content_before(versions, catalogue_entry.opened_of(form))
    shown = _read(here, kind, code)
    news = News(shown.history[0], changes(before, versions[-1].content))
    if mine is None:
        return shown, news
    return replace(shown, fields=flat(editing.merged(mine, before, versions[-1].content))), news


def _read(here: Context, kind: Kind, code: str) -> Shown:
    with here.parts.database.read() as session:
        return catalogue_entry.read(session, here.parts.current.base, here.parts.catalogue, kind, code)


def _blank(here: Context, kind: Kind, sphere: str, code: str = "") -> Shown:
    shown = catalogue_entry.blank(here.parts.catalogue, kind, sphere if sphere in SPHERES else SPHERES[0])
    return replace(shown, code=code or shown.code)


def _page(
    request: Request,
    here: Context,
    viewer: Viewer,
    shown: Shown,
    *,
    faults: Sequence[Fault] = (),
    news: News | None = None,
    status: int = 200,
) -> Response:
    catalogue = here.parts.catalogue
    return pages.page(
        request,
        here,
        viewer,
        "catalogue/entry.html",
        status=status,
        shown=shown,
        kind=shown.kind,
        catalogue=catalogue,
        spheres=SPHERES,
        faults=faults,
        news=news,
        names=Names(catalogue, words_of(request)),
        can_edit=viewer.role in pages.ADMINISTERING,
        note_limit=editing.NOTE_LIMIT,
    )


def _tree(here: Context, viewer: Viewer) -> Tree:
    edition = here.parts.current.edition()
    with here.parts.database.read() as session:
        edits = [entry for entry in revisions.entries(session) if is_edited(here.parts.current.base, entry)]
    return Tree(edition, edits, viewer.language)
