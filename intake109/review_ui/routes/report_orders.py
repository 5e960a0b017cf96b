"""Reports of any range, made in the background while a bar shows how far they are."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from intake109.clock import city_day
from intake109.errors import NotFoundError, RefusedError
from intake109.reports.formats.record import figures_of
from intake109.reports.period import Period
from intake109.review_ui.context import Context, Here
from intake109.review_ui.office import pages
from intake109.review_ui.routes.reports import Reader, file_of, page_of, paper_of
from intake109.store import report_orders
from intake109.store.tables import ReportOrderRow

router = APIRouter(prefix="/report-orders")


@router.post("")
def order(
    viewer: Reader,
    here: Here,
    first: Annotated[str, Form(max_length=10)] = "",
    last: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Ask for the report of a range."""
    try:
        period = Period(date.fromisoformat(first), date.fromisoformat(last), here.parts.config.city.zone)
    except ValueError as error:
        raise RefusedError("period", "write two days") from error
    if period.first > city_day(here.now, period.zone):
        raise RefusedError("period", "these days are still to come")
    with here.parts.database.write() as session:
        order_id = report_orders.add(
            session, period.first.isoformat(), period.last.isoformat(), viewer.user_id, here.now
        )
    return RedirectResponse(f"/report-orders/{order_id}", 303)


@router.get("/{order_id}")
def show(request: Request, viewer: Reader, here: Here, order_id: int) -> Response:
    """Show a report that was asked for, or how far it is."""
    row = _row(here, order_id)
    if not row.content:
        return pages.page(request, here, viewer, "reports/waiting.html", order=row)
    paper = paper_of(here, figures_of(row.content), viewer.language, ())
    return page_of(request, here, viewer, paper, f"/report-orders/{order_id}")


@router.get("/{order_id}/progress")
def progress(request: Request, viewer: Reader, here: Here, order_id: int) -> Response:
    """Show how far it is; the page is loaded anew once it is there."""
    row = _row(here, order_id)
    headers = {"HX-Refresh": "true"} if row.done_at is not None else None
    return here.pages.show(request, "reports/_progress.html", here.now, headers=headers, order=row)


@router.get("/{order_id}/file.{fmt}")
def download(viewer: Reader, here: Here, order_id: int, fmt: str) -> Response:
    """Give it as a file."""
    row = _row(here, order_id)
    if not row.content:
        raise NotFoundError(f"the report {order_id} is not made yet")
    return file_of(here, viewer, figures_of(row.content), (), fmt)


def _row(here: Context, order_id: int) -> ReportOrderRow:
    with here.parts.database.read() as session:
        row = report_orders.by_id(session, order_id)
    if row is None:
        raise NotFoundError(f"there is no report {order_id}")
    return row
