"""What hangs on the application: reached from a request, never from a module's global."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from intake109.review_ui.access.throttle import Throttle
from intake109.review_ui.board.figures import BoardFigures
from intake109.review_ui.live.feed import Feed
from intake109.review_ui.parts import Parts
from intake109.review_ui.rendering import Pages


@dataclass(frozen=True, slots=True)
class Context:
    """The parts, and what the application itself keeps for as long as it runs."""

    parts: Parts
    pages: Pages
    feed: Feed
    throttle: Throttle
    board: BoardFigures = field(default_factory=BoardFigures)

    @property
    def now(self) -> datetime:
        return self.parts.clock.now()


def context_of(request: Request) -> Context:
    """Return what the application was built with."""
    context: Context = request.app.state.context
    return context


async def _context(request: Request) -> Context:
    return context_of(request)


Here = Annotated[Context, Depends(_context, scope="function")]
"""A route's parameter: the application's parts."""
