"""The page an inspector works in: the list, the figures above it, and the opened task beside it."""

from __future__ import annotations

from fastapi import Request, Response

from intake109.model import Channel, Language
from intake109.review_ui import rows
from intake109.review_ui.blindness import blind
from intake109.review_ui.context import Context
from intake109.review_ui.detail import Detail, detail
from intake109.review_ui.feed import counts
from intake109.review_ui.rows import Filters
from intake109.review_ui.viewer import Viewer
from intake109.store import changes, health


def workspace(request: Request, here: Context, viewer: Viewer, filters: Filters, opened: Detail | None) -> Response:
    """Return the whole page."""
    now = here.now
    with here.parts.database.read() as session:
        last_id = changes.last_id(session)
        figures = counts(session, now)
        page = rows.page(session, filters, viewer.user_id, "", now)
        blind_rows = blind(health.all_of(session), now)
    return here.pages.show(
        request,
        "workspace.html",
        now,
        last_id=last_id,
        counts=figures,
        page=page,
        filters=filters,
        spheres=here.parts.catalogue.spheres,
        channels=list(Channel),
        spoken_languages=list(Language),
        blind=blind_rows,
        opened=opened.task.id if opened else None,
        detail=opened,
        promise=here.parts.config.promise,
    )


def read_detail(here: Context, viewer: Viewer, task_id: int) -> Detail:
    """Read a task as this viewer sees it.

    Raises:
        NotFoundError: there is no such task.
    """
    parts = here.parts
    with parts.database.read() as session:
        return detail(
            session,
            task_id,
            viewer.user_id,
            viewer.language,
            parts.rules,
            parts.config.classifier.sure_probability,
            here.now,
        )


def show_detail(
    request: Request,
    here: Context,
    viewer: Viewer,
    filters: Filters,
    opened: Detail | None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Return the opened task alone, or that nothing is left to open."""
    name = "_detail.html" if opened else "_nothing.html"
    return here.pages.show(
        request,
        name,
        here.now,
        headers=headers,
        detail=opened,
        filters=filters,
        spheres=here.parts.catalogue.spheres,
        promise=here.parts.config.promise,
    )
