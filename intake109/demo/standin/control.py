"""`/_city/…`: making things happen and looking at the ledger, over HTTP.

POST /_city/act        one act as JSON, see `world.py`; 400 with `error` if it cannot be done
POST /_city/people     citizens, chats and accounts of a city, as JSON in the shape of `demo/city/*.yaml`
POST /_city/past       lines that stand on the phones since before, as JSON
POST /_city/webhook    {"channel", "url", "verify_token"}: shake hands and push there
GET  /_city/ledger     all lines, or those `?after=` a seq; `?version=` answers 304 if nothing changed since
GET  /_city/addresses  what a product must be told to live here
GET  /_city/file/{n}   a file, as the citizens' page shows it
GET  /_city/faults     what failures are still planned

Acts are taken only as `application/json`, which no foreign web page can send without asking the browser's leave.
"""

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from intake109.demo.standin import asked
from intake109.demo.standin.act import UnknownActError
from intake109.demo.standin.asked import MalformedError
from intake109.demo.standin.courier import Courier
from intake109.demo.standin.settlers import remember, settle
from intake109.demo.standin.world import World


class Control:
    """The routes of the control panel."""

    def __init__(self, world: World, courier: Courier) -> None:
        self._world = world
        self._courier = courier

    def routes(self) -> list[Route]:
        """Give the routes to mount."""
        return [
            Route("/_city/act", self.act, methods=["POST"]),
            Route("/_city/people", self.people, methods=["POST"]),
            Route("/_city/past", self.past, methods=["POST"]),
            Route("/_city/webhook", self.webhook, methods=["POST"]),
            Route("/_city/ledger", self.ledger, methods=["GET"]),
            Route("/_city/addresses", self.addresses, methods=["GET"]),
            Route("/_city/faults", self.faults, methods=["GET"]),
            Route("/_city/file/{number:int}", self.file, methods=["GET"]),
        ]

    async def act(self, request: Request) -> Response:
        """Make something happen."""
        if not request.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse({"error": "send the act as application/json"}, 415)
        try:
            given = await asked.read(request)
            return JSONResponse(self._world.act(given.values))
        except (UnknownActError, MalformedError, ValueError) as error:
            return JSONResponse({"error": str(error)}, 400)

    async def people(self, request: Request) -> Response:
        """Settle people and places."""
        if not request.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse({"error": "send the people as application/json"}, 415)
        given = await asked.read(request)
        with self._world.ground.changing():
            settled = settle(self._world, given)
        return JSONResponse(settled)

    async def past(self, request: Request) -> Response:
        """Put on the phones what was said before."""
        if not request.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse({"error": "send the lines as application/json"}, 415)
        given = await asked.read(request)
        with self._world.ground.changing():
            return JSONResponse(remember(self._world, given))

    async def webhook(self, request: Request) -> Response:
        """Subscribe a webhook."""
        given = await asked.read(request)
        try:
            mailbox = self._world.mailbox(given.text("channel"))
        except UnknownActError as error:
            return JSONResponse({"error": str(error)}, 400)
        token = given.text("verify_token", self._world.ground.centre.verify_token)
        verified = await self._courier.verify(mailbox, given.text("url"), token)
        return JSONResponse({"verified": verified}, 200 if verified else 400)

    async def ledger(self, request: Request) -> Response:
        """Show the ledger."""
        version = str(self._world.ground.ledger.version)
        if request.query_params.get("version") == version:
            return Response(status_code=304)
        after = asked.Asked(dict(request.query_params)).integer("after")
        return JSONResponse({"version": version, "entries": self._world.ledger(after)})

    async def addresses(self, _request: Request) -> Response:
        """Show where and with what tokens a product lives here."""
        return JSONResponse(self._world.addresses())

    async def faults(self, _request: Request) -> Response:
        """Show what will fail."""
        return JSONResponse([asdict(fault) for fault in self._world.ground.faults.planned()])

    async def file(self, request: Request) -> Response:
        """Show a file to whoever looks at the citizens' page."""
        stored = self._world.ground.files.at(request.path_params["number"])
        if stored is None:
            return Response(status_code=404)
        return Response(stored.data, media_type=stored.mime, headers={"X-Content-Type-Options": "nosniff"})
