"""The stand-in on a port: in this process's own thread for tests and the demo, or for ever from the command line."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping

import httpx
import uvicorn
from starlette.applications import Starlette

from intake109.demo.standin.act import Result
from intake109.demo.standin.app import create_app
from intake109.demo.standin.asked import Json
from intake109.demo.standin.world import World


class NotStartedError(RuntimeError):
    """The server did not come up."""


class City:
    """A running stand-in: the world, and the address at which a product finds it."""

    def __init__(self, world: World, url: str) -> None:
        self.world = world
        self.url = url

    def act(self, fields: Mapping[str, object] | None = None, **more: object) -> Result:
        """Make something happen, see `World.act`."""
        return self.world.act(fields, **more)

    def ledger(self, after: int = 0) -> list[Json]:
        """Give the ledger's lines after a seq."""
        return self.world.ledger(after)

    def subscribe(self, channel: str, url: str, verify_token: str | None = None) -> bool:
        """Let whatsapp or instagram push to a webhook; says whether the handshake went well."""
        token = verify_token or self.world.ground.centre.verify_token
        asked = {"channel": channel, "url": url, "verify_token": token}
        answer = httpx.post(f"{self.url}/_city/webhook", json=asked, trust_env=False)
        return answer.status_code == httpx.codes.OK


def configured(app: Starlette) -> uvicorn.Config:
    """Set up uvicorn so that it stops at once though long polls are open, and never writes citizens' words."""
    return uvicorn.Config(app, log_level="critical", access_log=False, timeout_graceful_shutdown=1, lifespan="on")


class _Threaded(uvicorn.Server):
    """A server in a thread: it says when it is up, stops at once, and leaves the process's signals alone.

    uvicorn looks ten times a second whether it shall stop and then waits for open answers; hundreds of tests and
    long polls of 50 seconds cannot afford that.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told_to_stop = asyncio.Event()

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self.on_tick(0)
        self.up.set()
        await self._told_to_stop.wait()

    def stop(self) -> None:
        """End `main_loop`; to be called from another thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._told_to_stop.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        assert self._loop is not None
        for listener in (listener for server in self.servers for listener in server.sockets):
            self._loop.remove_reader(listener)
        await _turns()  # who was let in at this very moment becomes a connection, which only an open server can have
        for server in self.servers:
            server.close()
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for connection in list(self.server_state.connections):
            connection.transport.close()
        await _turns()
        await self.lifespan.shutdown()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _turns() -> None:
    """Let the loop finish what it has begun: letting somebody in takes it three turns, closing one."""
    for _ in range(4):
        await asyncio.sleep(0)


def listening(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """Take a port, 0 a free one; whoever calls from now on waits until somebody serves, and is not refused."""
    # Only a socket that names its protocol gets TCP_NODELAY from asyncio; without it each answer waits 40 ms.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    bound.listen()
    return bound


@contextlib.contextmanager
def running(app: Starlette, bound: socket.socket) -> Iterator[None]:
    """Run any application in a thread on a port until the end of the block.

    Raises:
        NotStartedError: it did not come up within ten seconds.
    """
    server = _Threaded(configured(app))
    thread = threading.Thread(target=server.run, args=([bound],), name="demo-city", daemon=True)
    thread.start()
    try:
        if not server.up.wait(10):
            raise NotStartedError("the demo city did not start")
        yield
    finally:
        server.stop()
        thread.join(10)
        bound.close()


@contextlib.contextmanager
def serve(world: World | None = None, host: str = "127.0.0.1", port: int = 0) -> Iterator[City]:
    """Run the stand-in in a thread until the end of the block."""
    world = world or World()
    bound = listening(host, port)
    world.ground.base_url = f"http://{host}:{bound.getsockname()[1]}"
    with running(create_app(world), bound):
        yield City(world, world.ground.base_url)
