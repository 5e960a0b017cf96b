"""Turning values into pages. Templates are compiled once and kept; everything in them is escaped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from intake109.outbox.letters import OFFICIAL, PERSONAL
from intake109.review_ui import navigation
from intake109.review_ui.i18n import LANGUAGES, Words, preferred, words
from intake109.review_ui.viewer import Viewer

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"


class Pages:
    """Renders templates for a request: its viewer, language and the present moment are always at hand."""

    def __init__(self, zone: ZoneInfo, centre: str) -> None:
        self._templates = _environment(zone, centre)
        self.static = str(self._templates.globals["static"])

    def show(
        self,
        request: Request,
        name: str,
        now: datetime,
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **values: object,
    ) -> HTMLResponse:
        """Return a page or a part of one; a value may stand for what is always at hand, as `t`."""
        viewer: Viewer | None = getattr(request.state, "viewer", None)
        always = {"t": words_of(request), "viewer": viewer, "is_part": is_part(request), "path": request.url.path}
        html = self._templates.get_template(name).render(always | {"now": now} | values)
        return HTMLResponse(html, status, {"Vary": "HX-Request", **(headers or {})})


@dataclass(frozen=True, slots=True)
class Wall:
    """Moments as the city's clocks show them."""

    zone: ZoneInfo

    def exact(self, moment: datetime) -> str:
        """Return a moment in full, for a hover."""
        return moment.astimezone(self.zone).strftime("%d.%m.%Y %H:%M:%S")

    def clock_time(self, moment: datetime, now: datetime) -> str:
        """Return hours and minutes; with the day where it is not today's."""
        local = moment.astimezone(self.zone)
        is_today = local.date() == now.astimezone(self.zone).date()
        return local.strftime("%H:%M" if is_today else "%d.%m %H:%M")

    def day(self, moment: datetime) -> str:
        """Return a day."""
        return moment.astimezone(self.zone).strftime("%d.%m.%Y")


def left(until: datetime, now: datetime) -> str:
    """Return the time left as `m:ss`, from an hour on `h:mm:ss`; behind a minus once it is over."""
    seconds = round((until - now) / timedelta(seconds=1))
    minutes, rest = divmod(abs(seconds), 60)
    hours, minutes_of_hour = divmod(minutes, 60)
    shown = f"{hours}:{minutes_of_hour:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
    return f"−{shown}" if seconds < 0 else shown


def is_part(request: Request) -> bool:
    """Say whether htmx asks for a part of a page; when it restores its history it wants the whole."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-history-restore-request") != "true"


def words_of(request: Request) -> Words:
    """Return the texts in the viewer's language; before login in the one chosen or preferred by the browser."""
    viewer: Viewer | None = getattr(request.state, "viewer", None)
    if viewer is not None:
        return words(viewer.language)
    chosen = request.query_params.get("language") or request.cookies.get("language", "")
    return words(chosen if chosen in LANGUAGES else preferred(request.headers.get("accept-language", "")))


@lru_cache(maxsize=4)
def _environment(zone: ZoneInfo, centre: str) -> Environment:
    """Return the templates of a city; compiled ones are kept, also between the applications of one process."""
    templates = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    wall = Wall(zone)
    templates.globals.update(
        static=f"/static/{_version(STATIC)}",
        centre=centre,
        zone=zone.key,
        exact=wall.exact,
        clock_time=wall.clock_time,
        day=wall.day,
        left=left,
        tabs=navigation.tabs,
        open_to=navigation.open_to,
        languages=LANGUAGES,
        official=OFFICIAL.pattern,
        personal={name: pattern.pattern for name, pattern in PERSONAL.items()},
    )
    return templates


def _version(folder: Path) -> str:
    """Return a hash of all static files; it stands in their address, so browsers may keep them for ever."""
    content = hashlib.sha256()
    for path in _files(folder):
        content.update(path.relative_to(folder).as_posix().encode())
        content.update(path.read_bytes())
    return content.hexdigest()[:12]


def _files(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
