"""How the channels and the machine are: a page for people, an answer for load balancers, figures for Prometheus."""

from __future__ import annotations

import ipaddress

import structlog
from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from intake109.review_ui.access.auth import viewer_of
from intake109.review_ui.access.security import ForbiddenError
from intake109.review_ui.context import Context, Here
from intake109.review_ui.office import gauges, pages, vitals
from intake109.review_ui.office.blindness import ledger
from intake109.store import figures, health, outbox, pauses, processes

router = APIRouter()
log = structlog.get_logger(__name__)
_DAYS = 7
_FORWARDED = ("x-forwarded-for", "x-real-ip", "forwarded", "x-forwarded-host")


@router.get("/health")
def show(request: Request, viewer: pages.Watcher, here: Here) -> Response:
    """Show every collector, those that need somebody first, then the jobs and the machine."""
    parts = here.parts
    with parts.database.read() as session:
        rows = health.all_of(session)
        waiting, tasks_waiting = figures.waiting_events(session), figures.waiting_tasks(session)
        size, by_state = figures.size_bytes(session), outbox.count_by_state(session)
        cluster = None if parts.database.is_sqlite else processes.cluster(session)
        paused = {one.channel: one for one in pauses.all_of(session)}
        strips = ledger(session, _DAYS, parts.config.city.zone, here.now)
    return pages.page(
        request,
        here,
        viewer,
        "operations/health.html",
        cluster=cluster,
        collectors=vitals.collectors(rows, parts.config, here.now),
        names=parts.gazetteer.counts(),
        jobs=vitals.jobs(rows, here.now),
        paused=paused,
        pausable=vitals.enabled(parts.config),
        ledger=strips,
        waiting=waiting,
        tasks_waiting=tasks_waiting,
        owed=by_state.get("owed", 0),
        database_kind="SQLite" if parts.database.is_sqlite else "PostgreSQL",
        database_bytes=size,
        disk=vitals.disk(parts.config.storage.folder),
    )


@router.get("/healthz", include_in_schema=False)
async def probe(here: Here) -> Response:
    """Say whether this process can do its work: 200, or 503 with what it lacks."""
    found = await to_thread.run_sync(_probe, here)
    return JSONResponse(found, 200 if all(value == "ok" for value in found.values()) else 503)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, here: Here) -> Response:
    """Return the figures to a scraper on this machine, or to an administrator."""
    if not _is_local(request):
        viewer = await viewer_of(request)
        if viewer.role not in pages.ADMINISTERING:
            raise ForbiddenError("figures are for administrators and for scrapers on this machine")
    parts = here.parts
    found = await to_thread.run_sync(gauges.scrape, parts.database, parts.config, parts.clock)
    return Response(found, media_type=gauges.CONTENT_TYPE)


@router.get("/operations/badge", include_in_schema=False)
def badge(viewer: pages.Runner, here: Here) -> Response:
    """Return the number beside the menu: how much calls for somebody on the pages behind it."""
    count = sum(pages.badges(here, viewer).values())
    return PlainTextResponse(str(count) if count else "")


def _probe(here: Context) -> dict[str, str]:
    try:
        with here.parts.database.read() as session:
            session.execute(text("SELECT 1"))
        database = "ok"
    except SQLAlchemyError as error:
        log.error("database does not answer", problem=type(error).__name__)
        database = "unreachable"
    is_full = vitals.is_disk_full(vitals.disk(here.parts.config.storage.folder))
    return {"database": database, "disk": "full" if is_full else "ok"}


def _is_local(request: Request) -> bool:
    """Say whether the caller sits on this machine; a reverse proxy's requests come from here too and are not his."""
    if any(name in request.headers for name in _FORWARDED) or request.client is None:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
