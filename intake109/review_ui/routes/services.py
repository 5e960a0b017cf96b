"""Finding a service as one types, and the texts the reply is made of."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from intake109.review_ui.access.auth import Reader
from intake109.review_ui.context import Here
from intake109.review_ui.desk import cards

router = APIRouter()
_SHOWN = 12


@router.get("/services")
def find(viewer: Reader, here: Here, q: Annotated[str, Query(max_length=100)] = "") -> JSONResponse:
    """Return the services that fit what has been typed so far, best first."""
    parts, found = here.parts, []
    for hit in parts.search.search(q, viewer.language, _SHOWN):
        service = parts.catalogue.get(hit.code)
        if service is not None:
            card: dict[str, Any] = cards.card(service, parts.rules, viewer.language, here.now)
            found.append(card | {"why": hit.why})
    return JSONResponse(found)


@router.get("/replies")
def replies(viewer: Reader, here: Here) -> JSONResponse:
    """Return the texts of replies in all languages; asked for once per page."""
    with here.parts.database.read() as session:
        found = cards.replies(session)
    return JSONResponse(found, headers={"Cache-Control": "private, max-age=60"})
