"""The routes of the citizens' page. It works without its script; the script only keeps it fresh."""

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from intake109.demo.standin import asked
from intake109.demo.standin.act import UnknownActError
from intake109.demo.standin.asked import Json
from intake109.demo.standin.page import frame, markup, view
from intake109.demo.standin.page.words import LANGUAGES, Words
from intake109.demo.standin.people import full_citizen
from intake109.demo.standin.world import World

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Page:
    """The routes of the page."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[BaseRoute]:
        """Give the routes to mount."""
        return [
            Route("/", self.home, methods=["GET"]),
            Route("/c/{citizen}", self.talk, methods=["GET"]),
            Route("/c/{citizen}/{channel}", self.talk, methods=["GET"]),
            Route("/c/{citizen}/{channel}/say", self.say, methods=["POST"]),
            Route("/c/{citizen}/press", self.press, methods=["POST"]),
            Route("/new", self.new, methods=["POST"]),
            Route("/_page", self.fresh, methods=["GET"]),
            Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
        ]

    async def home(self, request: Request) -> Response:
        """Show the list."""
        return self._show(request, "", "telegram")

    async def talk(self, request: Request) -> Response:
        """Show a conversation."""
        return self._show(request, request.path_params["citizen"], request.path_params.get("channel", ""))

    def _show(self, request: Request, citizen_id: str, channel: str, problem: str = "") -> Response:
        words = _words(request)
        with self._world.ground.lock:
            citizen = self._world.ground.people.citizens.get(citizen_id)
            if citizen_id and citizen is None:
                return RedirectResponse("/", 303)
            if citizen and channel not in view.channels_of(citizen):
                channel = view.default_channel(self._world, citizen)
            text = frame.page(self._world, words, citizen, channel, problem)
        answer = HTMLResponse(text, 400 if problem else 200, headers=_HEADERS)
        if request.query_params.get("lang") in LANGUAGES:
            answer.set_cookie("lang", words.language, max_age=31_536_000, samesite="strict", httponly=True)
        return answer

    async def fresh(self, request: Request) -> Response:
        """Give list and conversation anew if something changed."""
        query = request.query_params
        words = _words(request)
        with self._world.ground.lock:
            version = view.version(self._world)
            if query.get("version") == version:
                return Response(status_code=304)
            citizen = self._world.ground.people.citizens.get(query.get("citizen", ""))
            shown = view.lines(self._world, citizen, query.get("channel", "")) if citizen else []
            body: Json = {
                "version": version,
                "list": markup.citizens(self._world, view.rows(self._world), query.get("citizen", ""), words),
                "talk": markup.conversation(self._world, shown, words),
                **view.totals(self._world),
            }
        return JSONResponse(body, headers=_HEADERS)

    async def say(self, request: Request) -> Response:
        """Write as a citizen."""
        given = await asked.read(request)
        citizen, channel = request.path_params["citizen"], request.path_params["channel"]
        fields: Json = {"channel": channel, "citizen": citizen, "text": given.text("text").strip()}
        if given.text("picture"):
            fields["media"] = [given.text("picture")]
        if not fields["text"] and "media" not in fields:
            return RedirectResponse(markup.address(citizen, channel), 303)
        fields |= _destination(channel, given.text("where"))
        return self._do(request, fields, citizen, channel)

    async def press(self, request: Request) -> Response:
        """Press a button under one of the centre's messages."""
        given = await asked.read(request)
        citizen, channel, thread = request.path_params["citizen"], given.text("channel"), given.text("thread")
        fields: Json = {"channel": channel, "act": "button", "citizen": citizen, "button": {"data": given.text("data")}}
        if channel == "telegram" and thread != "private":
            fields["chat"] = thread
        return self._do(request, fields, citizen, channel)

    def _do(self, request: Request, fields: Json, citizen: str, channel: str) -> Response:
        if not _same_site(request):
            return Response(status_code=403)
        quiet = request.headers.get("accept") == "application/json"
        try:
            result = self._world.act(fields)
        except (UnknownActError, ValueError) as error:
            if quiet:
                return JSONResponse({"error": str(error)}, 400)
            return self._show(request, citizen, channel, str(error))
        return JSONResponse(result) if quiet else RedirectResponse(markup.address(citizen, channel), 303)

    async def new(self, request: Request) -> Response:
        """Let a visitor move in, with an account everywhere."""
        if not _same_site(request):
            return Response(status_code=403)
        name = (await asked.read(request)).text("name").strip()[:40] or "?"
        with self._world.ground.changing():
            citizen_id = f"guest_{self._world.ground.next('guest_citizen')}"
            language = _words(request).language
            self._world.ground.people.citizens[citizen_id] = full_citizen(citizen_id, name, language)
        return RedirectResponse(markup.address(citizen_id, "telegram"), 303)


def _destination(channel: str, where: str) -> Json:
    """Read where a visitor wants to write."""
    kind, _, name = where.partition(":")
    if kind == "under" and name.isdigit():
        return {"act": "comment", "under": int(name)}
    if kind == "chat":
        return {"act": "message", "chat": name}
    if kind == "tag":
        return {"act": "tag"}
    return {"act": "dm" if channel == "instagram" else "message"}


def _words(request: Request) -> Words:
    """Choose the language: asked for, remembered, or the browser's."""
    wanted = request.query_params.get("lang") or request.cookies.get("lang") or ""
    if wanted not in LANGUAGES:
        first = re.match(r"[a-z]{2}", request.headers.get("accept-language", ""))
        wanted = first.group() if first else "ru"
    return Words(wanted)


def _same_site(request: Request) -> bool:
    """Take forms from this page only; a foreign page in the same browser has no business here."""
    site = request.headers.get("sec-fetch-site", "none")
    return site in {"same-origin", "none"}
