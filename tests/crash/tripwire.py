"""The platforms' side of the killing: sees every request and kills the product at the one that was chosen."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
import signal
import threading
from collections.abc import Iterator, MutableMapping
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.crash.points import On, Trap

_UNANSWERED_S = 0.004
_PATIENCE_S = 10.0


class Snare:
    """What is to be killed and at which request. Set by the harness, sprung in the stand-in's thread; once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._trap: Trap | None = None
        self._pid: int | None = None
        self._seen: set[str] = set()
        self._busy = 0
        self._is_quiet = threading.Condition()

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """Count a request as under way until the end of the block."""
        with self._is_quiet:
            self._busy += 1
        try:
            yield
        finally:
            with self._is_quiet:
                self._busy -= 1
                self._is_quiet.notify_all()

    def wait_for_quiet(self) -> bool:
        """Wait until the platforms have done all they were asked for; False if they do not come to an end."""
        with self._is_quiet:
            return self._is_quiet.wait_for(lambda: self._busy == 0, _PATIENCE_S)

    def arm(self, trap: Trap | None) -> None:
        """Choose a request, or none. Nobody is killed before `aim`."""
        with self._lock:
            self._trap, self._pid = trap, None

    def aim(self, pid: int) -> None:
        """Name the process."""
        with self._lock:
            self._pid = pid

    def is_caught(self, path: str, on: On, body: bytes = b"") -> bool:
        """Say whether this is the chosen request, which then is chosen no more."""
        text = body.decode("utf-8", "replace")
        with self._lock:
            is_new = text not in self._seen
            if on is On.ASKED:
                self._seen.add(text)
            trap = self._trap
            if trap is None or self._pid is None or trap.on is not on or not re.search(f"{trap.path}$", path):
                return False
            if (trap.body and not re.search(trap.body, text)) or (trap.is_new and not is_new):
                return False
            self._trap = None
            return True

    def spring(self) -> None:
        """Kill, if it still lives."""
        with self._lock, contextlib.suppress(ProcessLookupError):
            if self._pid is not None:
                os.kill(self._pid, signal.SIGKILL)
            self._pid = None


class Tripwire:
    """ASGI middleware around the stand-in."""

    def __init__(self, app: ASGIApp, snare: Snare) -> None:
        self._app = app
        self._snare = snare

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "GET" or scope["path"].endswith("/getUpdates"):  # a long poll outlives its caller
            await self._serve(scope, receive, send)
            return
        with self._snare.busy():
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = await _whole_body(receive)
        if self._snare.is_caught(scope["path"], On.ASKED, asked):
            self._snare.spring()
            return
        await self._app(scope, _again(asked, receive), _Answer(self._snare, scope["path"], send))


class _Answer:
    """Holds the head of an answer back until its body is known."""

    def __init__(self, snare: Snare, path: str, send: Send) -> None:
        self._snare = snare
        self._path = path
        self._send = send
        self._head: Message = {}

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._head = message
            return
        if self._head:
            if self._snare.is_caught(self._path, On.DONE, message.get("body", b"")):
                self._snare.spring()
            await self._send(self._head)
            self._head = {}
        body: bytes = message.get("body", b"")
        if self._snare.is_caught(self._path, On.HALFWAY, body):
            await self._send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            self._snare.spring()
            message = {**message, "body": body[len(body) // 2 :]}
        await self._send(message)
        if not message.get("more_body") and self._snare.is_caught(self._path, On.ANSWERED, body):
            self._snare.spring()


class Relay:
    """Stands between the platforms' couriers and the product, so that a post can be cut off at either end."""

    def __init__(self, snare: Snare, port: int) -> None:
        self._snare = snare
        self._url = f"http://127.0.0.1:{port}/webhooks"
        self._client: httpx.AsyncClient | None = None
        self.taken: set[tuple[str, str]] = set()
        """Channel and key of every post that the product has answered with 200."""

    async def hand_on(self, request: Request) -> Response:
        """Hand a post on; 502 where the product does not answer."""
        body = await request.body()
        path = request.url.path
        post = asyncio.ensure_future(self._post(request, body))
        if self._snare.is_caught(path, On.POSTED):
            await asyncio.wait({post}, timeout=_UNANSWERED_S)
            self._snare.spring()
        answer = await post
        if answer.status_code != httpx.codes.OK:
            return answer
        self.taken.add((request.path_params["name"], hashlib.sha256(body).hexdigest()[:32]))
        if self._snare.is_caught(path, On.TAKEN):
            self._snare.spring()
            return Response(status_code=502)
        return answer

    async def _post(self, request: Request, body: bytes) -> Response:
        if self._client is None:
            self._client = httpx.AsyncClient(trust_env=False, timeout=_PATIENCE_S)
        headers = {name: value for name, value in request.headers.items() if name not in ("host", "content-length")}
        url = f"{self._url}/{request.path_params['name']}"
        try:
            answer = await self._client.post(url, content=body, headers=headers)
        except httpx.HTTPError:
            return Response(status_code=502)
        return Response(answer.content, answer.status_code)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()


async def _whole_body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        more: bytes = message.get("body", b"")
        body += more
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return body


def _again(body: bytes, receive: Receive) -> Receive:
    """Give a body that has been read once more, and what comes after it."""
    has_given = False

    async def again() -> Message:
        nonlocal has_given
        if has_given:
            return await receive()
        has_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
