"""The city's registry: takes appeals that are forwarded to it, gives numbers, works a while and answers.

It knows nothing of the product but what is described to registries (docs/executors.md): a signature over `second.body`,
an idempotency key, and where to post what became of an appeal. Of ordinary appeals in their first round every fourth
gets a formal reply and every sixth is given back; danger, and what comes again, is worked on.

POST /registry/appeals    what the product forwards
POST /registry/callback   {"url"}: where answers are posted to
POST /registry/known      {"appeals": [{"number", "sphere", "is_incident"}]}: what it was told before it was started
"""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from intake109.demo.standin import asked, reports_of_work
from intake109.demo.standin.asked import Json
from intake109.demo.standin.clock import Clock
from intake109.demo.standin.ground import Ground
from intake109.demo.standin.pictures import draw

SECRET = "demo-registry-secret"  # noqa: S105 (of the demo city, reachable from this machine only)
_FORMAL_EVERY, _RETURNED_EVERY = 4, 6
_BETWEEN_KNOWN_S = 50.0
_POST_TIMEOUT_S = 10.0


@dataclass(slots=True)
class Registry:
    """What it was told, by key, and what it still has to answer. Pauses are seconds until it begins, and until done."""

    ground: Ground
    clock: Clock
    pauses: tuple[float, float] = (8.0, 45.0)
    callback: str = ""
    taken: dict[str, Json] = field(default_factory=dict)
    _turn: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def routes(self) -> list[Route]:
        """Give the routes to mount."""
        return [
            Route("/registry/appeals", self.take, methods=["POST"]),
            Route("/registry/known", self.remember, methods=["POST"]),
            Route("/registry/callback", self.subscribe, methods=["POST"]),
        ]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer until the end of the block."""
        try:
            yield
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def subscribe(self, request: Request) -> Response:
        """Learn where to post."""
        self.callback = (await asked.read(request)).text("url")
        return JSONResponse({"url": self.callback})

    async def take(self, request: Request) -> Response:
        """Take a message; one that came before under its key gets the number it got then."""
        body = await request.body()
        key, second = request.headers.get("idempotency-key", ""), request.headers.get("x-intake109-timestamp", "")
        if not hmac.compare_digest(request.headers.get("x-intake109-signature", ""), _signature(second, body)):
            return JSONResponse({"error": "wrong signature"}, 401)
        if key in self.taken:
            return JSONResponse(self.taken[key])
        said: Json = json.loads(body)
        number = str(said.get("external_number") or f"ЕР-{self.ground.next('registry', 4001)}")
        with self.ground.changing():
            self.ground.write(self.clock.now(), "out", "registry", str(said.get("event", "")), key=key)
        self.taken[key] = {"id": key, "number": number}
        if said.get("event") in ("forward", "renewal") and self.callback:
            is_plain = not said.get("is_incident") and said.get("round", 1) == 1
            self._begin(str(said["number"]), str(said.get("sphere", "")), is_plain=is_plain)
        return JSONResponse(self.taken[key], 201)

    async def remember(self, request: Request) -> Response:
        """Go on with what it was told in an earlier life, one after the other, danger first."""
        known = sorted((await asked.read(request)).parts("appeals"), key=lambda one: not one.flag("is_incident"))
        for place, one in enumerate(known):
            is_plain = not one.flag("is_incident")
            self._begin(one.text("number"), one.text("sphere"), is_plain=is_plain, later_s=_BETWEEN_KNOWN_S * place)
        return JSONResponse({"known": len(known)})

    def _begin(self, number: str, sphere: str, *, is_plain: bool, later_s: float = 0.0) -> None:
        self._turn += 1  # one for all that it works on: by it the product knows an answer that comes twice
        task = asyncio.create_task(self._work(number, sphere, self._turn, is_plain, later_s))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, number: str, sphere: str, turn: int, is_plain: bool, later_s: float) -> None:
        begins, takes = self.pauses
        said = {"id": f"{number}:{self.ground.serial}:{turn}", "number": number}
        await asyncio.sleep(begins + later_s)
        if is_plain and turn % _RETURNED_EVERY == 0:
            why = reports_of_work.NOT_OURS[turn % len(reports_of_work.NOT_OURS)]
            await self._tell({**said, "id": f"{said['id']}:back", "status": "returned", "text": why})
            return
        await self._tell({**said, "id": f"{said['id']}:work", "status": "in_work"})
        await asyncio.sleep(takes)
        await self._tell(
            {**said, "id": f"{said['id']}:done", "status": "answered", **self._said(turn, sphere, is_plain)}
        )

    def _said(self, turn: int, sphere: str, is_plain: bool) -> Json:
        if is_plain and turn % _FORMAL_EVERY == 0:
            return {"text": reports_of_work.FORMAL[turn % len(reports_of_work.FORMAL)]}
        photo = {"name": "на месте.jpg", "content": base64.b64encode(draw(f"done-{turn}")).decode()}
        day = self.clock.now().date().isoformat()
        return {"text": reports_of_work.done(turn, sphere), "acted_on": day, "files": [photo]}

    async def _tell(self, said: Json) -> None:
        body = json.dumps(said, ensure_ascii=False).encode()
        second = str(int(self.clock.now().timestamp()))
        headers = {"X-Intake109-Timestamp": second, "X-Intake109-Signature": _signature(second, body)}
        async with httpx.AsyncClient(trust_env=False, timeout=_POST_TIMEOUT_S) as client:
            for pause in self.ground.settings.pauses:
                with contextlib.suppress(httpx.HTTPError):
                    answer = await client.post(self.callback, content=body, headers=headers)
                    if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                        return
                await asyncio.sleep(pause)


def _signature(second: str, body: bytes) -> str:
    return "sha256=" + hmac.new(SECRET.encode(), f"{second}.".encode() + body, hashlib.sha256).hexdigest()
