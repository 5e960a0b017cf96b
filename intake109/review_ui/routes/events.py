"""The live line to an open screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Response
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse

from intake109.review_ui.access.auth import Reader
from intake109.review_ui.context import Here
from intake109.review_ui.live.feed import Feed, News

router = APIRouter()
_LONGEST_S = 3600
_PING_S = 15


@router.get("/events")
async def events(
    viewer: Reader,
    here: Here,
    since: Annotated[int, Query(ge=0)] = 0,
    last_event_id: Annotated[str, Header()] = "",
) -> Response:
    """Tell a screen what changes, beginning with what it missed since the hint it saw last.

    The stream ends after an hour; the browser comes back by itself and its login is checked anew.
    """
    seen = int(last_event_id) if last_event_id.isdigit() else since
    return EventSourceResponse(_stream(here.feed, seen), ping=_PING_S, send_timeout=30)


async def _stream(feed: Feed, since_id: int) -> AsyncIterator[ServerSentEvent]:
    ends_at = asyncio.get_running_loop().time() + _LONGEST_S
    async with feed.listening() as queue:
        missed = await to_thread.run_sync(lambda: feed.missed(since_id))
        yield _sent(missed, retry_ms=2000)
        while not feed.is_closing:
            left = ends_at - asyncio.get_running_loop().time()
            if left <= 0:
                return
            try:
                news = await asyncio.wait_for(queue.get(), timeout=left)
            except TimeoutError:
                return
            if news.event == "close":
                return
            yield _sent(news)


def _sent(news: News, retry_ms: int | None = None) -> ServerSentEvent:
    return ServerSentEvent(news.data, event=news.event, id=str(news.last_id), retry=retry_ms)
