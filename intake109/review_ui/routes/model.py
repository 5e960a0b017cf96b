"""The model that serves: since when, how good it is, where people correct it, and the way back to the one before."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from intake109.classifier.contest import FEWEST
from intake109.review_ui.context import Here
from intake109.review_ui.office import lessons, pages
from intake109.store import examples, models

router = APIRouter(prefix="/model")
_LOOKED_AT = timedelta(days=30)
_NIGHTS = 30
_ATTEMPTS = 15


@router.get("")
def show(request: Request, viewer: pages.Runner, here: Here) -> Response:
    """Show the model, its nights and what people correct."""
    since = here.now - _LOOKED_AT
    with here.parts.database.read() as session:
        serving, back_to = models.serving(session), models.previous(session)
        fresh = examples.count_decisions(session, serving.seen_until if serving else None)
        corrections, chosen = examples.corrections(session, since), examples.chosen(session, since)
        attempts, compared = models.newest(session, _ATTEMPTS), models.compared(session, _NIGHTS)
        history = examples.count_history(session)
    decided, corrected = sum(chosen.values()), sum(one.count for one in corrections)
    return pages.page(
        request,
        here,
        viewer,
        "operations/model.html",
        serving=serving,
        back_to=back_to,
        fresh=fresh,
        needed=2 * FEWEST,
        history=history,
        learn_at=here.parts.config.classifier.learn_at,
        picture=lessons.picture(compared),
        attempts=attempts,
        decided=decided,
        taken_over=round(100 * (decided - corrected) / decided) if decided else 0,
        spheres=lessons.spheres(corrections, chosen, here.parts.catalogue, viewer.language),
        size=(lessons.WIDTH, lessons.HEIGHT),
    )


@router.post("/back")
def go_back(viewer: pages.Runner, here: Here, to: Annotated[str, Form()] = "") -> Response:
    """Let the model before the present one serve again."""
    with here.parts.database.write() as session:
        row = models.go_back(session, pages.number_of(to), viewer.user_id, here.now)
    return RedirectResponse(f"/model?done=model_back&n={row.id}", 303)
