"""Logging in and out: argon2, a random token of which only the hash is stored, a CSRF token per login, roles."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request, Response
from pwdlib.exceptions import UnknownHashError

from intake109.queue import shifts
from intake109.review_ui.access.security import ForbiddenError, NotLoggedInError, TooManyError
from intake109.review_ui.context import Context, context_of
from intake109.review_ui.viewer import DECIDING, SEEING, Viewer
from intake109.store import duties, people
from intake109.store.tables import SessionRow, UserRow

COOKIE = "intake109"
_AT_DESK = "inspector"
"""Whose login begins the shift: forgotten, it would leave alerts with nobody. Others begin theirs by themselves."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SEEN_EVERY = timedelta(minutes=5)
_NO_PASSWORD = "$argon2id$v=19$m=65536,t=3,p=4$" + "A" * 22 + "$" + "A" * 43
"""Checked when there is no such login, so that the answer takes as long as for a wrong password."""
PASSWORD_LIMIT = 200


async def log_in(context: Context, login: str, password: str, address: str, slots: CapacityLimiter) -> str | None:
    """Return the cookie's token, or None for a wrong login or password.

    Args:
        slots: how many passwords are checked at once; each takes 64 MiB.

    Raises:
        TooManyError: this login or address has failed too often.
    """
    login = login.strip().lower()[:PASSWORD_LIMIT]
    throttle, now = context.throttle, context.now
    wait = await to_thread.run_sync(lambda: throttle.wait(login, address, now))
    if wait:
        raise TooManyError(wait)
    user = await to_thread.run_sync(lambda: _user(context, login))
    hashed = user.password_hash if user and user.is_active else _NO_PASSWORD
    is_right = len(password) <= PASSWORD_LIMIT and await to_thread.run_sync(
        lambda: _is_right(context, password, hashed), limiter=slots
    )
    if user is None or not user.is_active or not is_right:
        await to_thread.run_sync(lambda: throttle.failed(login, address, now))
        return None
    await to_thread.run_sync(lambda: throttle.succeeded(login, address))
    return await to_thread.run_sync(lambda: _open_session(context, user, context.now))


def set_cookie(response: Response, context: Context, token: str) -> None:
    """Give the browser its token; scripts cannot read it, other sites cannot send it."""
    server = context.parts.config.server
    response.set_cookie(
        COOKIE,
        token,
        max_age=server.session_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=server.secure_cookies,
        path="/",
    )


def log_out(context: Context, viewer: Viewer) -> None:
    """End this login; whoever is logged in nowhere any more is off duty."""
    now = context.now
    with context.parts.database.write() as session:
        people.log_out(session, viewer.token_hash)
        if not people.is_logged_in(session, viewer.user_id, now):
            shifts.switch(session, viewer.user_id, duties.OFF, now)


def token_hash(token: str) -> str:
    """Return what is stored of a token; who reads the table cannot log in with it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


async def viewer_of(request: Request) -> Viewer:
    """Return who is logged in, having checked that an unsafe request comes from our own page.

    Raises:
        NotLoggedInError: nobody is.
        ForbiddenError: the CSRF token is missing or wrong, or the browser says that another site asks.
    """
    context = context_of(request)
    token = request.cookies.get(COOKIE, "")
    viewer = await to_thread.run_sync(lambda: _viewer(context, token)) if token else None
    if viewer is None:
        raise NotLoggedInError("log in first")
    request.state.viewer = viewer
    if request.method not in _SAFE:
        await _refuse_forgery(request, viewer)
    return viewer


def refuse_other_sites(request: Request) -> None:
    """Refuse an unsafe request that the browser itself says another site has started.

    Raises:
        ForbiddenError: `Sec-Fetch-Site` names another site.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise ForbiddenError("this request was started by another site")


def allowed(roles: frozenset[str]) -> Callable[[Request], Coroutine[Any, Any, Viewer]]:
    """Return a dependency that lets only these roles in."""

    async def check(request: Request) -> Viewer:
        viewer = await viewer_of(request)
        if viewer.role not in roles:
            raise ForbiddenError(f"the role {viewer.role} may not do this")
        return viewer

    return check


Anybody = Annotated[Viewer, Depends(viewer_of, scope="function")]
"""A route's parameter: any member of the staff who is logged in."""
Reader = Annotated[Viewer, Depends(allowed(SEEING), scope="function")]
"""A route's parameter: somebody who may look into the queue."""
Inspector = Annotated[Viewer, Depends(allowed(DECIDING), scope="function")]
"""A route's parameter: somebody who may decide."""


async def _refuse_forgery(request: Request, viewer: Viewer) -> None:
    refuse_other_sites(request)
    given = request.headers.get("x-csrf-token", "")
    kind = request.headers.get("content-type", "")
    if not given and kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        field = (await request.form()).get("csrf", "")
        given = field if isinstance(field, str) else ""
    if not hmac.compare_digest(given.encode("utf-8", "replace"), viewer.csrf.encode()):
        raise ForbiddenError("the page is too old or foreign; load it again")


def _is_right(context: Context, password: str, hashed: str) -> bool:
    try:
        return context.parts.passwords.verify(password, hashed)
    except UnknownHashError:  # an account without a usable password lets nobody in
        return False


def _user(context: Context, login: str) -> UserRow | None:
    with context.parts.database.read() as session:
        return people.by_login(session, login)


def _open_session(context: Context, user: UserRow, now: datetime) -> str:
    assert user.id is not None
    token = secrets.token_urlsafe(32)
    with context.parts.database.write() as session:
        people.sweep_sessions(session, now)
        people.seen(session, user.id, now)
        if not people.is_logged_in(session, user.id, now):
            shifts.switch(session, user.id, duties.OFF, now)  # yesterday's shift ended with its login
        session.add(
            SessionRow(
                token_hash=token_hash(token),
                user_id=user.id,
                csrf=secrets.token_urlsafe(24),
                created_at=now,
                expires_at=now + timedelta(hours=context.parts.config.server.session_hours),
            )
        )
        session.flush()
        if user.role == _AT_DESK and duties.state_of(session, user.id) == duties.OFF:
            shifts.switch(session, user.id, duties.ON, now)
    return token


def _viewer(context: Context, token: str) -> Viewer | None:
    now = context.now
    with context.parts.database.read() as session:
        found = people.login_session(session, token_hash(token), now)
    if found is None:
        return None
    row, user = found
    assert user.id is not None
    if user.last_seen_at is None or now - user.last_seen_at >= _SEEN_EVERY:
        with context.parts.database.write() as session:
            people.seen(session, user.id, now)
    return Viewer(
        user.id,
        user.login,
        user.name,
        user.role,
        user.language,
        user.theme,
        row.csrf,
        row.token_hash,
        user.organisation,
    )
