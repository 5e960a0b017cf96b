"""Language and colours of one's own screen."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from intake109.errors import RefusedError
from intake109.review_ui.access.auth import Anybody
from intake109.review_ui.context import Here
from intake109.review_ui.i18n import LANGUAGES
from intake109.review_ui.rendering import is_part
from intake109.review_ui.routes.login import local
from intake109.store import people

router = APIRouter()
THEMES = ("auto", "light", "dark")


@router.post("/preferences")
def prefer(
    request: Request,
    viewer: Anybody,
    here: Here,
    language: Annotated[str, Form()] = "",
    theme: Annotated[str, Form()] = "",
) -> Response:
    """Remember a choice and show the same page again."""
    chosen = {}
    if language:
        if language not in LANGUAGES:
            raise RefusedError("language", "no such language")
        chosen["language"] = language
    if theme:
        if theme not in THEMES:
            raise RefusedError("theme", "no such theme")
        chosen["theme"] = theme
    if chosen:
        with here.parts.database.write() as session:
            people.prefer(session, viewer.user_id, **chosen)
    if is_part(request):
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    came_from = urlsplit(request.headers.get("referer", "/"))
    return RedirectResponse(local(came_from.path + (f"?{came_from.query}" if came_from.query else "")), 303)
