"""A channel put on pause by a supervisor, and let go on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from intake109.errors import NotFoundError
from intake109.model import Channel
from intake109.queue import blindness
from intake109.review_ui.context import Here
from intake109.review_ui.office import pages

router = APIRouter(prefix="/channels/{channel}")
PAUSABLE = (Channel.TELEGRAM, Channel.WHATSAPP, Channel.INSTAGRAM, Channel.WEBSITE)


@router.post("/pause")
def pause(
    channel: str, viewer: pages.Runner, here: Here, reason: Annotated[str, Form(max_length=400)] = ""
) -> Response:
    """Stop asking and writing; everybody reads why."""
    _require(channel)
    with here.parts.database.write() as session:
        blindness.pause(session, channel, reason, viewer.user_id, here.now)
    return RedirectResponse("/health?done=paused", 303)


@router.post("/resume")
def resume(channel: str, viewer: pages.Runner, here: Here) -> Response:
    """Ask and write again."""
    _require(channel)
    with here.parts.database.write() as session:
        blindness.resume(session, channel, viewer.user_id, here.now)
    return RedirectResponse("/health?done=resumed", 303)


def _require(channel: str) -> None:
    if channel not in {one.value for one in PAUSABLE}:
        raise NotFoundError(f"there is no channel {channel} that can be paused")
