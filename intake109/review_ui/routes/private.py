"""What private organisations owe: a list of its own, and letters to print or to send."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from intake109.appeals.executors import private
from intake109.errors import NotFoundError
from intake109.review_ui.access.auth import allowed
from intake109.review_ui.context import Here
from intake109.review_ui.desk.case import Names
from intake109.review_ui.i18n import LANGUAGES
from intake109.review_ui.office import pages
from intake109.review_ui.viewer import Viewer
from intake109.store import appeals

router = APIRouter(prefix="/private")
Clerk = Annotated[Viewer, Depends(allowed(frozenset({"quality", "supervisor", "administrator"})), scope="function")]
"""A route's parameter: somebody who follows appeals to their end."""


@router.get("")
def show(request: Request, viewer: Clerk, here: Here) -> Response:
    """Show what is with private organisations."""
    with here.parts.database.read() as session:
        rows = private.owing(session, here.parts.config.executors.between_letters)
    names = Names(here.parts.catalogue, viewer.language)
    days = here.parts.config.executors.private_letter_days
    return pages.page(request, here, viewer, "work/private.html", rows=rows, names=names, days=days)


@router.get("/{number}/letter")
def letter(request: Request, viewer: Clerk, here: Here, number: str, lang: str = "ru") -> Response:
    """Show the letter as it is printed."""
    language = lang if lang in LANGUAGES else "ru"
    with here.parts.database.read() as session:
        row = appeals.by_number(session, number)
        if row is None:
            raise NotFoundError(f"no appeal has the number {number}")
        text = private.letter(session, row, language, here.parts.rules.setting)
    return here.pages.show(request, "work/letter.html", here.now, text=text, letter_language=language, number=number)


@router.post("/{number}/write")
def write(viewer: Clerk, here: Here, number: str) -> Response:
    """Send the letter the way the organisation gets its work."""
    with here.parts.database.write() as session:
        row = appeals.by_number(session, number)
        if row is None:
            raise NotFoundError(f"no appeal has the number {number}")
        private.write(session, row.id or 0, viewer.user_id, here.parts.rules.setting, here.now)
    return RedirectResponse("/private?done=letter", 303)
