"""Running the product: everything in one process, or pages and jobs in as many processes as one likes."""

from __future__ import annotations

import gc
import logging
import signal
import socket
import threading
from contextlib import closing, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

import structlog
import uvicorn

from intake109.jobs.presence import introduce

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from intake109.bootstrap import House
    from intake109.store.processes import Me
_GRACE_S = 5


def configure_logging(level: int = logging.INFO) -> None:
    """Log facts and ids, one line each; citizens' words are never logged."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )


@contextmanager
def at_work(house: House, me: Me | None = None) -> Iterator[None]:
    """Keep the jobs running inside the block."""
    worker = house.worker(me or introduce("run"))
    worker.start()
    try:
        yield
    finally:
        worker.stop()


@contextmanager
def _seen(house: House, me: Me) -> Iterator[None]:
    """Let the other processes see this one inside the block; on SQLite there can be none."""
    if house.database.is_sqlite:
        yield
        return
    presence = house.presence(me)
    presence.start()
    try:
        yield
    finally:
        presence.stop()


def work(house: House, *, on_ready: Callable[[], None] | None = None) -> None:
    """Run the jobs alone until the process is told to stop (Ctrl+C, SIGTERM)."""
    me = introduce("worker")
    _settle()
    with closing(house), suppress(KeyboardInterrupt), _ended_by_sigterm(), _seen(house, me), at_work(house, me):
        if on_ready is not None:
            on_ready()
        threading.Event().wait()


def serve(house: House, *, jobs: bool = True, on_ready: Callable[[], None] | None = None) -> None:
    """Serve pages, and run the jobs beside them unless others do, until told to stop (Ctrl+C, SIGTERM)."""
    me = introduce("run" if jobs else "web")
    server = house.config.server
    web = house.web()
    settings = uvicorn.Config(
        web,
        host=server.host,
        port=server.port,
        log_level="warning",
        proxy_headers=True,
        forwarded_allow_ips=list(server.trusted_proxies),
        timeout_graceful_shutdown=_GRACE_S,
        server_header=False,
    )
    _settle()
    working = at_work(house, me) if jobs else nullcontext()
    with closing(house), _ended_by_sigterm(), _seen(house, me), working:
        _Announcing(settings, on_ready).run()


def _settle() -> None:
    """Keep the garbage collector from what lives as long as the process.

    Walking the model and the catalogue would hold up every page for a fifth of a second, at each full collection.
    """
    gc.collect()
    gc.freeze()


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM leave the block as Ctrl+C does, with status 0.

    uvicorn serves out what is open and then raises the signal once more; by default that would end the process there,
    with jobs in the middle of a sending.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears signals
        return

    def leave(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class _Announcing(uvicorn.Server):
    """Tells when the address answers, so that nobody is sent to a page that is not there yet."""

    def __init__(self, settings: uvicorn.Config, on_ready: Callable[[], None] | None) -> None:
        super().__init__(settings)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self._on_ready is not None:
            self._on_ready()
