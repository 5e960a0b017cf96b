"""The page an inspector works in: the list, the figures above it, and the opened task beside it."""

from __future__ import annotations

from fastapi import Request, Response

from intake109.model import Channel, Language
from intake109.review_ui.context import Context
from intake109.review_ui.desk import rows
from intake109.review_ui.desk.desk_line import desk_line
from intake109.review_ui.desk.detail import Detail, detail
from intake109.review_ui.desk.rows import Filters
from intake109.review_ui.desk.told import Told
from intake109.review_ui.live.feed import counts
from intake109.review_ui.viewer import Viewer
from intake109.store import changes


def workspace(request: Request, here: Context, viewer: Viewer, filters: Filters, opened: Detail | None) -> Response:
    """Return the whole page."""
    now = here.now
    with here.parts.database.read() as session:
        last_id = changes.last_id(session)
        figures = counts(session, now)
        page = rows.page(session, filters, viewer.user_id, "", now, here.parts.config.same_problem.storm_from)
        line = desk_line(session, viewer, now)
    return here.pages.show(
        request,
        "desk/workspace.html",
        now,
        last_id=last_id,
        counts=figures,
        page=page,
        filters=filters,
        spheres=here.parts.catalogue.spheres,
        channels=[one for one in Channel if one.is_citizens],
        spoken_languages=list(Language),
        line=line,
        told=Told(here.parts.rules, viewer.language),
        opened=opened.task.id if opened else None,
        detail=opened,
        promise=here.parts.config.promise,
    )


def read_detail(here: Context, viewer: Viewer, task_id: int, draft_of: int = 0) -> Detail:
    """Read a task as this viewer sees it; `draft_of` names the person whose draft is to fill the form.

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
            parts.config.outages,
            here.now,
            draft_of,
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
    name = "desk/_detail.html" if opened else "desk/_nothing.html"
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
