"""The way in and out. Works without scripts."""

from __future__ import annotations

from typing import Annotated

from anyio import CapacityLimiter
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from intake109.review_ui.access import auth
from intake109.review_ui.access.security import TooManyError
from intake109.review_ui.context import Context, Here
from intake109.review_ui.i18n import LANGUAGES
from intake109.review_ui.rendering import words_of

router = APIRouter()
_SLOTS = "login_slots"
_AT_ONCE = 2


@router.get("/login")
def show(request: Request, here: Here, next: str = "/") -> Response:
    """Show the form; the language chosen there is kept in a cookie until the account's own is known."""
    response = _page(request, here, next)
    chosen = request.query_params.get("language", "")
    if chosen in LANGUAGES:
        response.set_cookie("language", chosen, max_age=31_536_000, samesite="lax", httponly=True)
    return response


@router.post("/login")
async def enter(
    request: Request,
    here: Here,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Check the password, at most two at once, and open the queue."""
    auth.refuse_other_sites(request)
    t = words_of(request)
    address = request.client.host if request.client else ""
    try:
        token = await auth.log_in(here, login, password, address, _slots(request))
    except TooManyError as error:
        text = t("login.wait", minutes=-(-error.seconds // 60))
        return _page(request, here, next, login=login, error=text, status=429)
    if token is None:
        return _page(request, here, next, login=login, error=t("login.wrong"), status=401)
    response = RedirectResponse(local(next), 303)
    auth.set_cookie(response, here, token)
    return response


@router.post("/logout")
def leave(viewer: auth.Anybody, here: Here) -> Response:
    """End this login."""
    auth.log_out(here, viewer)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(auth.COOKIE, path="/")
    return response


def local(address: str) -> str:
    """Return an address of ours, the queue for any other: a login must not lead to a foreign site."""
    is_ours = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if is_ours else "/"


def _page(
    request: Request, here: Context, next_page: str, *, login: str = "", error: str = "", status: int = 200
) -> Response:
    return here.pages.show(
        request, "login.html", here.now, status=status, next_page=local(next_page), login=login, error=error
    )


def _slots(request: Request) -> CapacityLimiter:
    """Return the application's slots for hashing; made here, inside the loop they belong to."""
    slots: CapacityLimiter | None = getattr(request.app.state, _SLOTS, None)
    if slots is None:
        slots = CapacityLimiter(_AT_ONCE)
        setattr(request.app.state, _SLOTS, slots)
    return slots
