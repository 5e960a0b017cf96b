"""The staff's accounts, kept by administrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from intake109.appeals.executors.organisations import employ
from intake109.errors import RefusedError
from intake109.review_ui.access import accounts
from intake109.review_ui.context import Context, Here
from intake109.review_ui.desk.case import Names
from intake109.review_ui.office import pages, staffing
from intake109.review_ui.viewer import Viewer
from intake109.store import figures, organisations, people

router = APIRouter(prefix="/staff")
Field = Annotated[str, Form()]


@router.get("")
def show(request: Request, viewer: pages.Administrator, here: Here) -> Response:
    """Show everybody."""
    return _page(request, here, viewer)


@router.post("")
def add(
    request: Request,
    viewer: pages.Administrator,
    here: Here,
    login: Field = "",
    name: Field = "",
    role: Field = "",
    password: Field = "",
) -> Response:
    """Add an account."""

    def work(session: Session) -> None:
        accounts.add_account(session, here.parts.passwords, login, name, role, password, here.now, by=viewer.user_id)

    kept = {"login": login[:60], "name": name[:100], "role": role if role in people.ROLES else ""}
    return _do(request, here, viewer, work, "added", kept)


@router.post("/{user_id}")
def change(
    request: Request, viewer: pages.Administrator, here: Here, user_id: int, name: Field = "", role: Field = ""
) -> Response:
    """Change name and role."""
    return _do(
        request,
        here,
        viewer,
        lambda session: staffing.change(session, user_id, name, role, here.now, by=viewer.user_id),
        "changed",
    )


@router.post("/{user_id}/access")
def access(request: Request, viewer: pages.Administrator, here: Here, user_id: int, active: Field = "") -> Response:
    """Close or open the access."""
    is_active = active == "yes"
    return _do(
        request,
        here,
        viewer,
        lambda session: staffing.switch(session, user_id, is_active, here.now, by=viewer.user_id),
        "switched_on" if is_active else "switched_off",
    )


@router.post("/{user_id}/password")
def password(request: Request, viewer: pages.Administrator, here: Here, user_id: int, password: Field = "") -> Response:
    """Set a new password; it ends every login of the account."""

    def work(session: Session) -> None:
        login = staffing.member(session, user_id).login
        accounts.change_password(session, here.parts.passwords, login, password, here.now, by=viewer.user_id)

    return _do(request, here, viewer, work, "password")


@router.post("/{user_id}/telegram")
def telegram(
    request: Request, viewer: pages.Administrator, here: Here, user_id: int, telegram_id: Field = ""
) -> Response:
    """Say who somebody is on Telegram, so that the button under an alert knows who pressed; empty: nobody any more."""
    return _do(
        request,
        here,
        viewer,
        lambda session: staffing.link_telegram(session, user_id, telegram_id, here.now, by=viewer.user_id),
        "telegram" if telegram_id.strip() else "no_telegram",
    )


@router.post("/{user_id}/organisation")
def organisation(
    request: Request, viewer: pages.Administrator, here: Here, user_id: int, organisation: Field = ""
) -> Response:
    """Say for which organisation an executor's account works."""
    return _do(
        request,
        here,
        viewer,
        lambda session: employ(session, user_id, organisation, here.now, by=viewer.user_id),
        "changed",
    )


@router.post("/{user_id}/logout")
def log_out(request: Request, viewer: pages.Administrator, here: Here, user_id: int) -> Response:
    """End every login of somebody."""
    return _do(
        request,
        here,
        viewer,
        lambda session: staffing.end_logins(session, user_id, here.now, by=viewer.user_id),
        "ended",
    )


def _do(
    request: Request,
    here: Context,
    viewer: Viewer,
    work: Callable[[Session], None],
    done: str,
    kept: dict[str, str] | None = None,
) -> Response:
    """Do it in one transaction and show the list anew; a refusal is said on the same page with what was typed."""
    try:
        with here.parts.database.write() as session:
            work(session)
    except RefusedError as error:
        return _page(request, here, viewer, problem=error.field, kept=kept, status=422)
    return RedirectResponse(f"/staff?done={done}&n=1", 303)


def _page(
    request: Request,
    here: Context,
    viewer: Viewer,
    *,
    problem: str = "",
    kept: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    with here.parts.database.read() as session:
        staff = people.all_of(session)
        logins = figures.live_logins(session, here.now)
        known = organisations.all_of(session)
    return pages.page(
        request,
        here,
        viewer,
        "operations/staff.html",
        status=status,
        staff=sorted(staff, key=lambda one: (not one.is_active, one.name)),
        logins=logins,
        organisations=known,
        names=Names(here.parts.catalogue, viewer.language),
        roles=people.ROLES,
        problem=problem,
        kept=kept or {},
        least_password=accounts.LEAST_PASSWORD,
    )
