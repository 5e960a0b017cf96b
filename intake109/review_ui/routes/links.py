"""One appeal, opened by the link of a letter instead of a login: read, taken, answered, given back.

The link is all the proof there is: it opens one appeal for one organisation, and nothing once the appeal has left it.
Looking changes nothing, for mail programs open links by themselves.
"""

from __future__ import annotations

import secrets

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from intake109.appeals.work.answers import Via
from intake109.errors import NotFoundError
from intake109.outbox import links
from intake109.review_ui.access.auth import refuse_other_sites
from intake109.review_ui.context import Context, Here
from intake109.review_ui.desk.case import Names
from intake109.review_ui.i18n import LANGUAGES, Words, preferred, words
from intake109.review_ui.work import answering, showing
from intake109.review_ui.work.answering import MOST_FILES, Actor
from intake109.review_ui.work.mine import Work
from intake109.review_ui.work.mine import work as work_of
from intake109.store.tables import AppealRow, OrganisationRow

router = APIRouter(prefix="/x", include_in_schema=False)
_HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
"""The address is a key: no other site may learn it from a click."""
_DONE = frozenset({"taken", "answered", "returned"})


@router.get("/{token}")
def show(request: Request, here: Here, token: str, done: str = "") -> Response:
    """Show the appeal of a link; nothing changes by it."""
    found = _opened(here, token)
    if found is None:
        return _gone(request, here)
    return _page(request, here, token, found, done=done if done in _DONE else "")


@router.post("/{token}/{what}")
async def act(request: Request, here: Here, token: str, what: str) -> Response:
    """Take it, answer it or give it back."""
    refuse_other_sites(request)
    found = await to_thread.run_sync(_opened, here, token)
    if found is None:
        return _gone(request, here)
    actor = Actor(found.organisation.code, Via.LINK)
    sent = await answering.limited(request, here.parts.config.server.upload_limit_mb * 2**20)
    if sent is None:
        return _page(request, here, token, found, outcome=answering.Outcome(wrong="files"))
    outcome = await answering.act(sent, here, found.appeal.id or 0, actor, what)
    if outcome.done:
        return RedirectResponse(f"/x/{token}?done={outcome.done}&lang={_words(request).language}", 303)
    again = await to_thread.run_sync(_opened, here, token)
    return _gone(request, here) if again is None else _page(request, here, token, again, outcome=outcome)


@router.get("/{token}/files/{sha256}")
def file(request: Request, here: Here, token: str, sha256: str, small: str = "") -> Response:
    """Return a file of the appeal."""
    found = _opened(here, token)
    if found is None:
        raise NotFoundError("this link opens nothing any more")
    return showing.file(here, found, sha256, _words(request), small=bool(small))


def _opened(here: Context, token: str) -> Work | None:
    """Return what a link opens now; None if it is forged, too old, or the appeal is somebody else's by now."""
    with here.parts.database.read() as session:
        ticket = links.read(session, token, here.now)
        appeal = session.get(AppealRow, ticket.appeal_id) if ticket else None
        organisation = session.get(OrganisationRow, ticket.organisation_id) if ticket else None
        if appeal is None or organisation is None or appeal.organisation != organisation.code:
            return None
        try:
            return work_of(session, appeal)
        except NotFoundError:
            return None


def _words(request: Request) -> Words:
    chosen = request.query_params.get("lang", "")
    return words(chosen if chosen in LANGUAGES else preferred(request.headers.get("accept-language", "")))


def _gone(request: Request, here: Context) -> Response:
    w = _words(request)
    return here.pages.show(request, "work/gone.html", here.now, status=404, headers=_HEADERS, w=w)


def _page(
    request: Request,
    here: Context,
    token: str,
    found: Work,
    *,
    done: str = "",
    outcome: answering.Outcome | None = None,
) -> Response:
    w = _words(request)
    return here.pages.show(
        request,
        "work/link.html",
        here.now,
        status=outcome.status if outcome else 200,
        headers=_HEADERS,
        w=w,
        work=found,
        base=f"/x/{token}",
        names=Names(here.parts.catalogue, w.language),
        wrong=outcome.wrong if outcome else "",
        kept=(outcome.kept if outcome else None) or {},
        most_files=MOST_FILES,
        limit_mb=here.parts.config.server.upload_limit_mb,
        once=secrets.token_hex(8),
        csrf_token="",
        done=done,
    )
