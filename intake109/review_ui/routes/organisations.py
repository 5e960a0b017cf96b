"""Organisations: who fixes what, how each gets its work, and what nobody answers for. Kept by administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from intake109.appeals.executors import organisations as entering
from intake109.appeals.executors.organisations import CITY, Entry
from intake109.errors import NotFoundError, RefusedError
from intake109.outbox.executors import WAYS
from intake109.review_ui.context import Context, Here
from intake109.review_ui.desk.case import Names
from intake109.review_ui.office import pages
from intake109.review_ui.routing.gaps import gaps
from intake109.review_ui.viewer import Viewer
from intake109.store import audit, organisations, people
from intake109.store.tables import OrganisationRow

router = APIRouter(prefix="/organisations")
_ROUTES_SHOWN = 50
_MARKED = ("executor", "way", "address", "superior_email", "superior_telegram", "code", "name_ru", "taken")


class Fields(BaseModel):
    """The form of one organisation as it was sent."""

    code: str = ""
    executor: str = ""
    name_ru: str = ""
    name_kk: str = ""
    name_en: str = ""
    way: str = "page"
    address: str = ""
    superior_name: str = ""
    superior_email: str = ""
    superior_telegram: str = ""
    curator: str = ""
    is_private: str = ""
    is_active: str = ""
    is_city: str = ""

    @property
    def entry(self) -> Entry:
        names = ("name_ru", "name_kk", "name_en", "way", "address", "superior_name", "superior_email")
        told = {name: getattr(self, name).strip() for name in (*names, "executor", "superior_telegram", "curator")}
        return Entry(**told, is_private=self.is_private == "yes", is_active=self.is_active == "yes")


Sent = Annotated[Fields, Form()]


@router.get("")
def show(request: Request, viewer: pages.Administrator, here: Here) -> Response:
    """Show all organisations and what is missing."""
    return list_page(request, here, viewer)


@router.get("/new")
def new(request: Request, viewer: pages.Administrator, here: Here, executor: str = "") -> Response:
    """Show the empty form."""
    return _form(request, here, viewer, Fields(executor=executor, is_active="yes"), None)


@router.post("/new")
def create(request: Request, viewer: pages.Administrator, here: Here, sent: Sent) -> Response:
    """Enter an organisation."""
    return _save(request, here, viewer, sent, sent.code.strip().lower(), is_new=True)


@router.get("/{code}")
def show_one(request: Request, viewer: pages.Administrator, here: Here, code: str) -> Response:
    """Show one organisation with its places, its people and its history."""
    row = _row(here, code)
    return _form(request, here, viewer, _filled(here, row), row)


@router.post("/{code}")
def change(request: Request, viewer: pages.Administrator, here: Here, code: str, sent: Sent) -> Response:
    """Change what is known of an organisation."""
    _row(here, code)
    return _save(request, here, viewer, sent, code, is_new=False)


def list_page(request: Request, here: Context, viewer: Viewer, *, fault: str = "", status: int = 200) -> Response:
    """Return the list, with what was wrong with a file that was sent."""
    parts = here.parts
    with parts.database.read() as session:
        rows = organisations.all_of(session)
        counted, city = organisations.count_routes(session), organisations.city_wide(session)
        missing = gaps(session, parts.catalogue, parts.gazetteer, parts.announcements.places, here.now)
    return pages.page(
        request,
        here,
        viewer,
        "routing/organisations.html",
        status=status,
        rows=sorted(rows, key=lambda one: (not one.is_active, one.executor, one.name_ru)),
        counted=counted,
        city=set(city.values()),
        missing=missing,
        names=Names(parts.catalogue, viewer.language),
        fault=fault,
    )


def _save(request: Request, here: Context, viewer: Viewer, sent: Fields, code: str, *, is_new: bool) -> Response:
    try:
        if sent.executor not in here.parts.catalogue.executors:
            raise RefusedError("organisation_executor", "choose a kind of executor of the catalogue")
        with here.parts.database.write() as session:
            entering.save(session, code, sent.entry, viewer.user_id, here.now, is_new=is_new)
            if sent.is_city == "yes":
                entering.answer_for(session, code, CITY, viewer.user_id, here.now)
    except RefusedError as error:
        wrong = error.field.removeprefix("organisation_")
        row = None if is_new else _row(here, code)
        return _form(request, here, viewer, sent, row, wrong=wrong if wrong in _MARKED else "other", status=422)
    return RedirectResponse(f"/organisations/{code}?done=organisation", 303)


def _row(here: Context, code: str) -> OrganisationRow:
    with here.parts.database.read() as session:
        row = organisations.by_code(session, code)
    if row is None:
        raise NotFoundError(f"there is no organisation {code}")
    return row


def _filled(here: Context, row: OrganisationRow) -> Fields:
    with here.parts.database.read() as session:
        is_city = organisations.city_wide(session).get(row.executor) == row.code
    told = {name: value for name, value in row.model_dump().items() if isinstance(value, str)}
    flags = {"is_private": row.is_private, "is_active": row.is_active, "is_city": is_city}
    return Fields(**told, **{name: "yes" if value else "" for name, value in flags.items()})


def _form(
    request: Request,
    here: Context,
    viewer: Viewer,
    filled: Fields,
    row: OrganisationRow | None,
    *,
    wrong: str = "",
    status: int = 200,
) -> Response:
    with here.parts.database.read() as session:
        routes = organisations.routes(session, organisation=row.code, limit=_ROUTES_SHOWN + 1) if row else []
        history = audit.of(session, "organisation", row.id or 0) if row else []
        staff = people.names(session)
        hired = [one for one in people.all_of(session) if row and one.organisation == row.code]
    return pages.page(
        request,
        here,
        viewer,
        "routing/organisation.html",
        status=status,
        filled=filled,
        row=row,
        wrong=wrong,
        ways=WAYS,
        catalogue=here.parts.catalogue,
        names=Names(here.parts.catalogue, viewer.language),
        routes=routes[:_ROUTES_SHOWN],
        is_more=len(routes) > _ROUTES_SHOWN,
        history=list(reversed(history))[:30],
        staff=staff,
        hired=hired,
        has_mail=bool(here.parts.config.alerts.email.host),
    )
