"""Who looks at the board: somebody of the staff, or a screen in the hall with a link of its own and no account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from anyio import to_thread
from fastapi import Depends, Request

from intake109.review_ui.access.auth import token_hash, viewer_of
from intake109.review_ui.access.security import ForbiddenError, NotLoggedInError
from intake109.review_ui.context import Context, context_of
from intake109.review_ui.viewer import SEEING
from intake109.store import board_links

COOKIE = "board"
_LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who may see the board, in a language. `is_screen`: by a link, not by a login."""

    language: str
    is_screen: bool


def guest_of_key(context: Context, key: str) -> Guest | None:
    """Return the screen of a key, noting that it looks; None if the link opens nothing (any more)."""
    if not key or len(key) > _LONGEST_KEY:
        return None
    now = context.now
    with context.parts.database.read() as session:
        row = board_links.by_token(session, token_hash(key))
    if row is None or row.id is None:
        return None
    if board_links.is_seen_due(row, now):
        with context.parts.database.write() as session:
            board_links.seen(session, row.id, now)
    return Guest(row.language, is_screen=True)


async def guest_of(request: Request) -> Guest:
    """Return who looks.

    Raises:
        NotLoggedInError: nobody is logged in, and there is no link.
        ForbiddenError: the link was revoked, or the role is none that sees the queue.
    """
    context, key = context_of(request), request.cookies.get(COOKIE, "")
    try:
        viewer = await viewer_of(request)
    except NotLoggedInError:
        if not key:
            raise
        guest = await to_thread.run_sync(lambda: guest_of_key(context, key))
        if guest is None:
            raise ForbiddenError("this link to the board opens nothing any more; ask the administrator") from None
        return guest
    if viewer.role not in SEEING:
        raise ForbiddenError(f"the role {viewer.role} may not see the board")
    return Guest(viewer.language, is_screen=False)


BoardGuest = Annotated[Guest, Depends(guest_of, scope="function")]
"""A route's parameter: somebody who may see the board."""
