"""Reports: the sealed days, any of them as a page or a file, corrections, and who gets them every night."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from sqlalchemy.orm import Session

from intake109.clock import city_day
from intake109.errors import NotFoundError
from intake109.reports import archive, mailing, seal
from intake109.reports.composing import Sealed, compose
from intake109.reports.figures import Figures
from intake109.reports.formats import Format, written
from intake109.reports.formats.page import body, css
from intake109.reports.paper import Paper
from intake109.reports.period import Period
from intake109.reports.reading import Rule, read
from intake109.reports.words import LANGUAGES
from intake109.review_ui.access.auth import allowed
from intake109.review_ui.context import Context, Here
from intake109.review_ui.office import pages
from intake109.review_ui.viewer import Viewer
from intake109.store import report_orders, seals, subscribers
from intake109.store.tables import SealRow

router = APIRouter(prefix="/reports")
READING = pages.RUNNING | {"quality"}
"""Roles that may read how the centre does."""
Reader = Annotated[Viewer, Depends(allowed(READING), scope="function")]
_DAYS, _ORDERS = 31, 8


@router.get("")
def show(request: Request, viewer: Reader, here: Here, before: str = "") -> Response:
    """Show the sealed days, what was asked for, and who gets them."""
    zone = here.parts.config.city.zone
    with here.parts.database.read() as session:
        links = seals.newest_days(session, _DAYS + 1, before if _is_day(before) else "")
        orders = report_orders.newest(session, _ORDERS)
        known = subscribers.all_of(session)
    last = archive.yesterday(here.now, zone)
    return pages.page(
        request,
        here,
        viewer,
        "reports/list.html",
        links=links[:_DAYS],
        older=links[_DAYS - 1].day if len(links) > _DAYS else "",
        orders=orders,
        subscribers=known,
        first=(last - timedelta(days=6)).isoformat(),
        last=last.isoformat(),
        today=city_day(here.now, zone).isoformat(),
        at=here.parts.config.reports.at,
        ways=_ways(here),
        formats=tuple(Format),
    )


@router.get("/page.css")
def style(_viewer: Reader) -> Response:
    """Give the style that the report brings along as a file."""
    return Response(css(), media_type="text/css", headers={"Cache-Control": "private, max-age=300"})


@router.post("/subscribers")
def subscribe(
    viewer: Reader,
    here: Here,
    way: Annotated[str, Form(max_length=10)] = "",
    to: Annotated[str, Form(max_length=255)] = "",
    language: Annotated[str, Form(max_length=2)] = "ru",
) -> Response:
    """Let an address have the report every night."""
    with here.parts.database.write() as session:
        mailing.subscribe(session, way, to, language, viewer.user_id, here.now)
    return RedirectResponse("/reports?done=report_subscribed", 303)


@router.post("/subscribers/{subscriber_id}/remove")
def unsubscribe(viewer: Reader, here: Here, subscriber_id: int) -> Response:
    """Let an address have it no more."""
    with here.parts.database.write() as session:
        mailing.unsubscribe(session, subscriber_id, viewer.user_id, here.now)
    return RedirectResponse("/reports?done=report_unsubscribed", 303)


@router.get("/{day}")
def show_day(request: Request, viewer: Reader, here: Here, day: str) -> Response:
    """Show a day: as it was sealed, or as it is now."""
    found = _day(here, day)
    with here.parts.database.read() as session:
        figures, chain = _figures(session, here, found)
        links = seals.of_day(session, day)
    return page_of(
        request,
        here,
        viewer,
        paper_of(here, figures, viewer.language, chain),
        base=f"/reports/{day}",
        links=links,
        day=day,
        can_correct=viewer.role in pages.RUNNING and bool(links),
    )


@router.get("/{day}/file.{fmt}")
def download(viewer: Reader, here: Here, day: str, fmt: str) -> Response:
    """Give a day as a file."""
    found = _day(here, day)
    with here.parts.database.read() as session:
        figures, chain = _figures(session, here, found)
    return file_of(here, viewer, figures, chain, fmt)


@router.post("/{day}/correct")
def correct(viewer: pages.Runner, here: Here, day: str, reason: Annotated[str, Form(max_length=500)] = "") -> Response:
    """Put the figures a sealed day has now into the chain, with the reason."""
    found = _day(here, day)
    with here.parts.database.read() as session:
        figures = read(session, found, Rule(here.parts.catalogue.curator_of), here.now)
    with here.parts.database.write() as session:
        seal.correct(session, figures, reason, viewer.user_id, here.now)
    return RedirectResponse(f"/reports/{day}?done=report_corrected", 303)


def page_of(
    request: Request,
    here: Context,
    viewer: Viewer,
    paper: Paper,
    base: str,
    *,
    day: str = "",
    links: Sequence[SealRow] = (),
    can_correct: bool = False,
) -> Response:
    """Return a report inside the frame of the office; `base` is where its files are."""
    return pages.page(
        request,
        here,
        viewer,
        "reports/one.html",
        body=Markup(body(paper)),  # noqa: S704 - made by a template that escapes every name
        formats=tuple(Format),
        base=base,
        day=day,
        links=links,
        can_correct=can_correct,
    )


def file_of(here: Context, viewer: Viewer, figures: Figures, chain: Sequence[Sealed], fmt: str) -> Response:
    """Return a report as a file to be saved.

    Raises:
        NotFoundError: there is no such format.
    """
    if fmt not in set(Format):
        raise NotFoundError(f"there is no format {fmt}")
    chosen = Format(fmt)
    content = written(chosen, paper_of(here, figures, viewer.language, chain), figures, chain)
    span = figures.first if figures.first == figures.last else f"{figures.first}-{figures.last}"
    name = f'attachment; filename="109-{span}.{chosen}"'
    return Response(content, media_type=chosen.mime, headers={"Content-Disposition": name})


def paper_of(here: Context, figures: Figures, language: str, chain: Sequence[Sealed]) -> Paper:
    """Put a report together in the viewer's language."""
    city = here.parts.config.city
    spoken = language if language in LANGUAGES else "ru"
    return compose(figures, here.parts.catalogue, spoken, city.centre, city.zone, chain)


def _figures(session: Session, here: Context, period: Period) -> tuple[Figures, tuple[Sealed, ...]]:
    return archive.report(session, period, Rule(here.parts.catalogue.curator_of), here.now)


def _day(here: Context, text: str) -> Period:
    """Return a day of the city that has begun.

    Raises:
        NotFoundError: it is no day, or still to come.
    """
    zone = here.parts.config.city.zone
    if not _is_day(text) or date.fromisoformat(text) > city_day(here.now, zone):
        raise NotFoundError(f"there is no report of {text}")
    day = date.fromisoformat(text)
    return Period(day, day, zone)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _ways(here: Context) -> tuple[str, ...]:
    """Return by which ways a report can leave this house."""
    config = here.parts.config
    found = {"email": bool(config.alerts.email.host), "telegram": config.channels.telegram.enabled}
    return tuple(way for way, is_there in found.items() if is_there)
