"""A running demo city, and a webhook of one's own to receive what it pushes."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from intake109.demo.standin import City, Settings, World, serve
from intake109.demo.standin.server import listening, running


@dataclass(frozen=True)
class Received:
    """One POST as it came."""

    body: bytes
    headers: dict[str, str]


class Hook:
    """A webhook that remembers, and answers with the statuses it is told, then with 200."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.statuses: list[int] = []
        self.echo_challenge = True
        self._received: list[Received] = []
        self._news = threading.Condition()

    def wait_for(self, count: int) -> list[Received]:
        """Wait until so many POSTs came; fails after five seconds."""
        with self._news:
            assert self._news.wait_for(lambda: len(self._received) >= count, 5), f"{len(self._received)} came"
            return list(self._received)

    async def get(self, request: Request) -> Response:
        """Answer the handshake."""
        return PlainTextResponse(request.query_params["hub.challenge"] if self.echo_challenge else "no")

    async def post(self, request: Request) -> Response:
        """Take a delivery."""
        received = Received(await request.body(), dict(request.headers))
        with self._news:
            self._received.append(received)
            status = self.statuses.pop(0) if self.statuses else 200
            self._news.notify_all()
        return Response(status_code=status)


@pytest.fixture
def city() -> Iterator[City]:
    """A city of its own for each test, impatient: redelivery after hundredths of a second."""
    with serve(World(settings=Settings(pauses=(0.01, 0.02, 0.04)))) as running_city:
        yield running_city


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A webhook on a free port."""
    bound = listening()
    made = Hook(f"http://127.0.0.1:{bound.getsockname()[1]}/hook")
    app = Starlette(routes=[Route("/hook", made.get, methods=["GET"]), Route("/hook", made.post, methods=["POST"])])
    with running(app, bound):
        yield made
