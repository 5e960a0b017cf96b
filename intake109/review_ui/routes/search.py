"""Finding a task again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from intake109.review_ui.access.auth import Reader
from intake109.review_ui.context import Here
from intake109.store import finding

router = APIRouter()


@router.get("/search")
def search(request: Request, viewer: Reader, here: Here, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Return what fits, newest first; a part of the sheet it is asked from."""
    wanted = q.replace("№", " ").replace("#", " ").strip()
    place_key = here.parts.classify(wanted).place.key if any(letter.isdigit() for letter in wanted) else ""
    with here.parts.database.read() as session:
        found = finding.find(session, wanted, place_key=place_key) if len(wanted) > 1 else []
    return here.pages.show(request, "desk/_search.html", here.now, found=found, wanted=wanted)
