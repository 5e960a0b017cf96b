"""Calling citizens who do not answer or cannot be written to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from intake109.appeals.voice import satisfaction
from intake109.appeals.voice.calls import Outcome
from intake109.errors import RefusedError
from intake109.review_ui.access.auth import allowed
from intake109.review_ui.context import Here
from intake109.review_ui.office import pages
from intake109.review_ui.viewer import SEEING, Viewer
from intake109.review_ui.voice.calls import ATTEMPTS, SOLVED, UNSOLVED, read

router = APIRouter(prefix="/calls")
_NOTE_LIMIT = 2000
Caller = Annotated[Viewer, Depends(allowed(SEEING), scope="function")]
"""A route's parameter: somebody who may talk with citizens."""


@router.get("")
def show(request: Request, viewer: Caller, here: Here, call: str = "") -> Response:
    """Show whom to call: the chosen one, else who has waited longest, in front."""
    with here.parts.database.read() as session:
        found = read(session, here.parts.catalogue, viewer.language)
    chosen = pages.number_of(call)
    current = next((one for one in found if one.waiting.call.id == chosen), found[0] if found else None)
    at = found.index(current) if current is not None else 0
    following = found[(at + 1) % len(found)] if len(found) > 1 else None
    return pages.page(
        request,
        here,
        viewer,
        "voice/calls.html",
        calls=found,
        current=current,
        following=following,
        attempts=ATTEMPTS,
        most=here.parts.config.voice.call_attempts,
        is_public=lambda link: link.startswith(("https://", "http://", "tel:")),
    )


@router.post("/{call_id}")
def log(
    viewer: Caller,
    here: Here,
    call_id: int,
    outcome: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Log an attempt; what the citizen said closes the call, and the case with it or opens it again.

    Raises:
        RefusedError: the outcome is none of those on the page, or the note is too long.
    """
    if outcome not in ATTEMPTS:
        raise RefusedError("outcome", f"choose one of {', '.join(ATTEMPTS)}")
    if len(note) > _NOTE_LIMIT:
        raise RefusedError("note", f"at most {_NOTE_LIMIT} characters")
    setting, who = here.parts.rules.setting, viewer.user_id
    with here.parts.database.write() as session:
        if outcome in (SOLVED, UNSOLVED):
            satisfaction.told_by_phone(session, call_id, outcome == SOLVED, note, who, setting, here.now)
            done = f"call_{outcome}"
        else:
            is_last = satisfaction.not_reached(session, call_id, Outcome(outcome), note, who, setting, here.now)
            done = "call_last" if is_last else "call_logged"
    return RedirectResponse(f"/calls?done={done}", 303)
