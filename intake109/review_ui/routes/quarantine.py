"""Deliveries nobody could read, and things that could not be looked up: seen, understood, given back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from intake109.errors import ConflictError, NotFoundError
from intake109.model import Channel
from intake109.review_ui.context import Here
from intake109.review_ui.office import pages, raw_json
from intake109.store import audit, events, lookups
from intake109.store.tables import EventRow

router = APIRouter(prefix="/quarantine")
_PAGE = 30


@router.get("")
def show(request: Request, viewer: pages.Runner, here: Here, channel: str = "", before: str = "") -> Response:
    """Show the newest ones with their error."""
    chosen = channel if channel in set(Channel) else ""
    with here.parts.database.read() as session:
        found = events.quarantined(session, _PAGE + 1, channel=chosen, before_id=pages.number_of(before))
        by_channel = events.quarantined_by_channel(session)
        failed = lookups.failed(session)
    return pages.page(
        request,
        here,
        viewer,
        "operations/quarantine.html",
        rows=found[:_PAGE],
        more=found[_PAGE - 1].id if len(found) > _PAGE else None,
        channel=chosen,
        by_channel=by_channel,
        lookups=failed,
    )


@router.get("/{event_id}")
def show_one(request: Request, viewer: pages.Runner, here: Here, event_id: int) -> Response:
    """Show one delivery as it came."""
    with here.parts.database.read() as session:
        row = session.get(EventRow, event_id)
    if row is None:
        raise NotFoundError(f"there is no event {event_id}")
    return pages.page(request, here, viewer, "operations/event.html", event=row, shown=raw_json.pretty(row.payload))


@router.post("/replay")
def replay_all(viewer: pages.Runner, here: Here, channel: Annotated[str, Form()] = "") -> Response:
    """Give a channel's quarantined deliveries back to the pipeline, or everybody's."""
    if channel and channel not in set(Channel):
        raise NotFoundError(f"there is no channel {channel}")
    with here.parts.database.write() as session:
        count = events.give_back(session, channel=Channel(channel) if channel else None)
        audit.note(session, here.now, viewer.user_id, "replayed", "events", 0, channel=channel, count=count)
    return RedirectResponse(f"/quarantine?done=replayed&n={count}", 303)


@router.post("/{event_id}/replay")
def replay(viewer: pages.Runner, here: Here, event_id: int) -> Response:
    """Give one delivery back to the pipeline.

    Raises:
        ConflictError: it is not quarantined (any more).
    """
    with here.parts.database.write() as session:
        if not events.give_back(session, event_id=event_id):
            raise ConflictError(f"event {event_id} is not quarantined")
        audit.note(session, here.now, viewer.user_id, "replayed", "event", event_id)
    return RedirectResponse("/quarantine?done=replayed&n=1", 303)


@router.post("/lookups/{lookup_id}/retry")
def retry(viewer: pages.Runner, here: Here, lookup_id: int) -> Response:
    """Ask the platform once more.

    Raises:
        ConflictError: it has not failed (any more).
    """
    with here.parts.database.write() as session:
        if not lookups.try_again(session, lookup_id, here.now):
            raise ConflictError(f"look-up {lookup_id} has not failed")
        audit.note(session, here.now, viewer.user_id, "tried again", "lookup", lookup_id)
    return RedirectResponse("/quarantine?done=retried&n=1", 303)
