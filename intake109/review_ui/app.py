"""Builds the web application from its parts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from anyio import to_thread
from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from intake109.review_ui.access.security import SecurityHeaders, answer_errors
from intake109.review_ui.access.throttle import Throttle
from intake109.review_ui.context import Context
from intake109.review_ui.live.feed import Feed
from intake109.review_ui.parts import Parts
from intake109.review_ui.rendering import STATIC, Pages
from intake109.review_ui.routes import ROUTERS

THREADS = 4
"""Under saturation few threads answer sooner than many: rendering holds the interpreter's lock."""


def create_app(parts: Parts) -> FastAPI:
    """Return the application, ready for uvicorn."""
    city = parts.config.city
    context = Context(
        parts=parts,
        pages=Pages(city.zone, city.centre),
        feed=Feed(parts.database, parts.clock, parts.config.same_problem.storm_from),
        throttle=Throttle(parts.database),
    )
    app = FastAPI(title="intake109", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan)
    app.state.context = context
    for router in ROUTERS:
        app.router.routes.extend(router.routes)  # `include_router` would work every route out once more
    app.mount(context.pages.static, _Static(directory=STATIC), name="static")
    answer_errors(app)
    app.add_middleware(SecurityHeaders)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    context: Context = app.state.context
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    task = asyncio.create_task(context.feed.run())
    try:
        yield
    finally:
        context.feed.close()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class _Static(StaticFiles):
    """Files whose address holds their version: kept by browsers for a year."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response: Response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
