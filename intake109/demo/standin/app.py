"""The stand-in as one ASGI application."""

import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette

from intake109.demo.standin.control import Control
from intake109.demo.standin.courier import Courier
from intake109.demo.standin.instagram.web import Web
from intake109.demo.standin.meta.api import GraphApi
from intake109.demo.standin.page.routes import Page
from intake109.demo.standin.signal import Signal
from intake109.demo.standin.telegram.api import BotApi
from intake109.demo.standin.world import World


def create_app(world: World) -> Starlette:
    """Build the application around a world; the couriers run while it does."""
    signal = Signal(world.ground)
    courier = Courier(world.ground, world.clock, signal)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        mailboxes = [world.whatsapp.mailbox, world.instagram.mailbox]
        with signal.attached():
            async with courier.running(world.telegram, mailboxes), world.registry.running():
                yield

    routes = [
        *BotApi(world.telegram, world.clock, signal).routes(),
        *GraphApi(world.whatsapp, world.instagram, world.clock, courier).routes(),
        *Web(world.instagram, world.clock).routes(),
        *world.registry.routes(),
        *Control(world, courier).routes(),
        *Page(world).routes(),
    ]
    return Starlette(routes=routes, lifespan=lifespan)
