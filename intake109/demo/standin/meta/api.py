"""HTTP of the Graph API: `/graph[/vN.N]/{node}[/{edge}]`, and the CDN behind its links."""

import json
import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from intake109.demo.standin import asked
from intake109.demo.standin.asked import Asked, Json, MalformedError
from intake109.demo.standin.clock import Clock
from intake109.demo.standin.courier import Courier
from intake109.demo.standin.faults import guarded
from intake109.demo.standin.files import Stored
from intake109.demo.standin.ground import Ground
from intake109.demo.standin.instagram import graph as instagram_graph
from intake109.demo.standin.instagram.state import Instagram
from intake109.demo.standin.meta import errors
from intake109.demo.standin.meta.call import Call
from intake109.demo.standin.meta.errors import GraphError
from intake109.demo.standin.pictures import draw
from intake109.demo.standin.whatsapp import graph as whatsapp_graph
from intake109.demo.standin.whatsapp.state import WhatsApp

_VERSION = re.compile(r"v\d+\.\d+")


class GraphApi:
    """The routes that WhatsApp and Instagram share."""

    def __init__(self, whatsapp: WhatsApp, instagram: Instagram, clock: Clock, courier: Courier) -> None:
        self._whatsapp = whatsapp
        self._instagram = instagram
        self._ground: Ground = whatsapp.ground
        self._clock = clock
        self._courier = courier

    def routes(self) -> list[Route]:
        """Give the routes to mount."""
        return [
            Route("/graph/{path:path}", self.call, methods=["GET", "POST", "DELETE"]),
            Route("/cdn/{channel}/{number:int}/{name}", self.download, methods=["GET", "HEAD"]),
        ]

    async def call(self, request: Request) -> Response:
        """Answer one call."""
        try:
            given = await asked.read(request)
        except MalformedError as error:
            return errors.answer(errors.parameter(str(error)).refusal)
        parts = [part for part in request.path_params["path"].split("/") if part]
        if parts and _VERSION.fullmatch(parts[0]):
            parts = parts[1:]
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        node, edge = (*parts, "", "")[:2]
        call = Call(request.method, node, edge, given, bearer or given.text("access_token"), self._clock.now())

        async def respond() -> Response:
            try:
                return await self._respond(call)
            except GraphError as error:
                return errors.answer(error.refusal)

        return await guarded(self._ground.faults, self._target(call), respond, errors.refuse)

    def _target(self, call: Call) -> str:
        """Name a call for faults: `whatsapp.messages`, `whatsapp.media`, `instagram.tags`, `instagram.account`…"""
        centre = self._ground.centre
        if call.node == centre.phone_number_id:
            return f"whatsapp.{call.edge or 'number'}"
        if call.node in {"refresh_access_token", centre.app_id}:
            return f"instagram.{'refresh' if call.node == 'refresh_access_token' else 'subscriptions'}"
        if call.node in {centre.instagram_id, "me"}:
            mentioned = "mentioned_" in call.asked.text("fields")
            return f"instagram.{call.edge or ('mentioned' if mentioned else 'account')}"
        if call.node in self._instagram.posts or call.node in self._instagram.comments:
            return f"instagram.{call.edge or 'object'}"
        return "whatsapp.media_url" if call.edge == "" and call.method == "GET" else "graph.unknown"

    async def _respond(self, call: Call) -> Response:
        if call.node == self._ground.centre.app_id and call.edge == "subscriptions":
            return JSONResponse(await self._subscribe(call.asked))
        if not call.token:
            raise GraphError(errors.TOKEN_ABSENT)
        with self._ground.changing():
            shown, used = self._answer(call)
        usage = json.dumps({"call_count": used, "total_cputime": used // 2, "total_time": used // 2})
        return JSONResponse(shown, headers={"x-app-usage": usage, "facebook-api-version": "v25.0"})

    def _answer(self, call: Call) -> tuple[Json, int]:
        centre = self._ground.centre
        if call.token == centre.whatsapp_token:
            used = 0
            shown = whatsapp_graph.answer(self._whatsapp, call)
            if shown is None and (call.node, call.edge) == (centre.waba_id, "subscribed_apps"):
                shown = {"data": [{"whatsapp_business_api_data": {"id": centre.app_id, "name": "demo city"}}]}
        elif call.node == "refresh_access_token":
            if call.asked.text("grant_type") != "ig_refresh_token":
                raise errors.parameter("Invalid grant_type")
            return self._instagram.refresh(call.token, call.now), 0
        else:
            self._instagram.check_token(call.token, call.now)
            used = self._instagram.count_call(call.now)
            shown = instagram_graph.answer(self._instagram, call)
        if shown is None:
            raise GraphError(errors.missing(call.node or "0"))
        return shown, used

    async def _subscribe(self, given: Asked) -> Json:
        """Do `POST /{app-id}/subscriptions`: shake hands with the callback, then push to it."""
        mailbox = next(
            (one for one in (self._whatsapp.mailbox, self._instagram.mailbox) if one.product == given.text("object")),
            None,
        )
        if mailbox is None or not given.text("callback_url"):
            raise errors.parameter("The parameters object and callback_url are required.")
        if not await self._courier.verify(mailbox, given.text("callback_url"), given.text("verify_token")):
            raise GraphError(errors.Refusal(400, 2200, "(#2200) Callback verification failed", subcode=1929002))
        return {"success": True}

    async def download(self, request: Request) -> Response:
        """Give a file behind a link. WhatsApp's needs the token, Instagram's is open; both end."""
        channel, number = request.path_params["channel"], request.path_params["number"]

        async def respond() -> Response:
            query = request.query_params
            with self._ground.lock:
                stored = self._ground.files.at(number)
                works = self._ground.files.works(query.get("oe", ""), query.get("ep", ""), self._clock.now())
            token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
            if channel == "whatsapp" and token != self._ground.centre.whatsapp_token:
                return errors.answer(errors.TOKEN_INVALID)
            if stored is None or not works:
                # Meta's two CDNs answer differently: lookaside with 404, scontent with 403 and words.
                gone = channel == "whatsapp"
                return Response(b"" if gone else b"URL signature expired", 404 if gone else 403)
            return _whole(stored, thumb="thumb" in query)

        return await guarded(self._ground.faults, f"media.{channel}", respond, errors.refuse)


def _whole(stored: Stored, *, thumb: bool) -> Response:
    if thumb and stored.kind == "video":
        return Response(draw("street"), media_type="image/jpeg")
    return Response(stored.data, media_type=stored.mime)
