"""The pages beside the queue: who may open which, and what calls for somebody on each."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response

from intake109.review_ui.access.auth import allowed
from intake109.review_ui.context import Context
from intake109.review_ui.office.blindness import shown
from intake109.review_ui.viewer import DECIDING, SEEING, Viewer
from intake109.store import calls, events, lookups, outages, people, replies, undelivered

RUNNING = frozenset({"supervisor", "administrator"})
"""Roles that look after what machines could not do."""
ADMINISTERING = frozenset({"administrator"})
WATCHING = DECIDING
EVERYBODY = frozenset(people.ROLES)

Runner = Annotated[Viewer, Depends(allowed(RUNNING), scope="function")]
"""A route's parameter: a supervisor or an administrator."""
Administrator = Annotated[Viewer, Depends(allowed(ADMINISTERING), scope="function")]
"""A route's parameter: an administrator."""
Watcher = Annotated[Viewer, Depends(allowed(WATCHING), scope="function")]
"""A route's parameter: somebody who may see how the channels are."""
CaseReader = Annotated[Viewer, Depends(allowed(EVERYBODY), scope="function")]
"""A route's parameter: anybody of the staff; executors see what was forwarded."""

_DONE_LIMIT = 9999


def badges(here: Context, viewer: Viewer) -> dict[str, int]:
    """Return how much calls for somebody, by page; empty for those who cannot do anything about it."""
    with here.parts.database.read() as session:
        called = {"calls": calls.count_due(session, here.now)} if viewer.role in SEEING else {}
        if viewer.role not in RUNNING:
            return called
        return called | {
            "health": len(shown(session, here.now)),
            "quarantine": events.count_quarantined(session) + lookups.count_failed(session),
            "outages": outages.count(session, here.now)["lapsed"],
            "outbox": undelivered.count(session) + replies.count(session),
        }


def page(
    request: Request, here: Context, viewer: Viewer, name: str, *, status: int = 200, **values: object
) -> Response:
    """Return one of the pages beside the queue, with its bar."""
    done, count = request.query_params.get("done", ""), request.query_params.get("n", "")
    return here.pages.show(
        request,
        name,
        here.now,
        status=status,
        headers=None,
        badges=badges(here, viewer),
        done=done if done.replace("_", "").isalpha() else "",
        done_count=min(int(count), _DONE_LIMIT) if count.isascii() and count.isdigit() else 0,
        **values,
    )


def number_of(text: str) -> int | None:
    """Read a position in a list; one that makes no sense begins at the top."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
