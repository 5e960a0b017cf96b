"""The board in the hall: the page, its figures, its live line; and the links that open it without an account."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from typing import Annotated

from anyio import to_thread
from babel import Locale
from babel.dates import format_date
from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse

from intake109.errors import NotFoundError, RefusedError
from intake109.review_ui.access.auth import token_hash
from intake109.review_ui.access.security import ForbiddenError
from intake109.review_ui.board.guest import COOKIE, BoardGuest, Guest, guest_of_key
from intake109.review_ui.context import Context, Here
from intake109.review_ui.desk.case import Names
from intake109.review_ui.i18n import LANGUAGES, words
from intake109.review_ui.live.feed import Feed, News
from intake109.review_ui.office import pages
from intake109.review_ui.viewer import Viewer
from intake109.store import audit, board_links
from intake109.store.tables import BoardLinkRow

router = APIRouter(prefix="/board")
_LONGEST_S = 3600
_PING_S = 15
_LONGEST_NAME = 80
_YEAR_S = 365 * 24 * 3600


@router.get("")
def enter(request: Request, here: Here, key: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Let a screen in by its link; the key goes into a cookie, so that it stands in no address and no log after this.

    Raises:
        ForbiddenError: the link was revoked or never made.
    """
    if not key:
        return RedirectResponse("/board/screen", 303)
    if guest_of_key(here, key) is None:
        raise ForbiddenError("this link to the board opens nothing any more; ask the administrator")
    response = RedirectResponse("/board/screen", 303)
    secure = here.parts.config.server.secure_cookies
    response.set_cookie(COOKIE, key, _YEAR_S, path="/board", httponly=True, samesite="lax", secure=secure)
    return response


@router.get("/screen")
def show(
    request: Request,
    guest: BoardGuest,
    here: Here,
    language: Annotated[str, Query(max_length=2)] = "",
    theme: Annotated[str, Query(max_length=5)] = "",
) -> Response:
    """Show the board, dark unless asked for light."""
    light = "light" if theme == "light" else "dark"
    return _page(request, here, guest, "board/board.html", language, theme=light)


@router.get("/figures")
def figures(
    request: Request, guest: BoardGuest, here: Here, language: Annotated[str, Query(max_length=2)] = ""
) -> Response:
    """Show what stands on the board now."""
    return _page(request, here, guest, "board/_figures.html", language)


@router.get("/events")
async def events(guest: BoardGuest, here: Here) -> Response:
    """Tell a board that something has changed, and how much waits; nothing of whom or what it is about."""
    return EventSourceResponse(_stream(here.feed), ping=_PING_S, send_timeout=30)


@router.get("/links")
def links(request: Request, viewer: pages.Administrator, here: Here) -> Response:
    """Show the links that open the board, and make new ones."""
    return _links(request, viewer, here)


@router.post("/links")
def make(
    request: Request,
    viewer: pages.Administrator,
    here: Here,
    name: Annotated[str, Form(max_length=_LONGEST_NAME)],
    language: Annotated[str, Form(max_length=2)],
) -> Response:
    """Make a link and show it, this once.

    Raises:
        RefusedError: it has no name, or its language is none of ours.
    """
    if not name.strip() or language not in LANGUAGES:
        raise RefusedError("name", "name the place where the screen hangs and choose its language")
    key, now = secrets.token_urlsafe(32), here.now
    with here.parts.database.write() as session:
        row = BoardLinkRow(
            name=name.strip(),
            language=language,
            token_hash=token_hash(key),
            created_at=now,
            created_by=viewer.user_id,
        )
        session.add(row)
        session.flush()
        audit.note(session, now, viewer.user_id, "made", "board link", row.id or 0)
    address = here.parts.config.server.public_url or str(request.base_url).rstrip("/")
    return _links(request, viewer, here, made=f"{address}/board?key={key}")


@router.post("/links/{link_id}/revoke")
def revoke(viewer: pages.Administrator, here: Here, link_id: int) -> Response:
    """Let a link open nothing any more.

    Raises:
        NotFoundError: there is none that does.
    """
    with here.parts.database.write() as session:
        if not board_links.revoke(session, link_id, here.now):
            raise NotFoundError(f"the link {link_id} opens nothing")
        audit.note(session, here.now, viewer.user_id, "revoked", "board link", link_id)
    return RedirectResponse("/board/links", 303)


def _links(request: Request, viewer: Viewer, here: Context, made: str = "") -> Response:
    with here.parts.database.read() as session:
        rows = board_links.all_of(session)
    return pages.page(request, here, viewer, "board/links.html", rows=rows, made=made)


def _page(request: Request, here: Context, guest: Guest, name: str, language: str, theme: str = "") -> Response:
    spoken = language if language in LANGUAGES else guest.language
    rules, now = here.parts.rules, here.now
    with here.parts.database.read() as session:
        board = here.board.read(session, rules, now)
    names = Names(rules.catalogue, spoken)
    day = format_date(now.astimezone(rules.zone), "EEEE, d MMMM", Locale.parse(spoken))
    t = words(spoken)
    return here.pages.show(request, name, now, t=t, board=board, names=names, guest=guest, theme=theme, day_name=day)


async def _stream(feed: Feed) -> AsyncIterator[ServerSentEvent]:
    ends_at = asyncio.get_running_loop().time() + _LONGEST_S
    async with feed.listening() as queue:
        yield _told(await to_thread.run_sync(lambda: feed.missed(0)))
        while not feed.is_closing:
            left = ends_at - asyncio.get_running_loop().time()
            try:
                news = await asyncio.wait_for(queue.get(), timeout=max(0.0, left))
            except TimeoutError:
                return
            if news.event == "close":
                return
            yield _told(news)


def _told(news: News) -> ServerSentEvent:
    """Return what a hall may hear of news: what time it is, and how much waits."""
    said = json.loads(news.data)
    counts = {name: value for name, value in said.get("counts", {}).items() if name in ("queue", "incidents", "oldest")}
    return ServerSentEvent(json.dumps({"now": said.get("now"), "counts": counts}), event="changes", retry=3000)
