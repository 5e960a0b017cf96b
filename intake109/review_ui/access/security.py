"""Headers of every answer, and the one table that says which HTTP status an error has."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intake109.errors import (
    CatalogueError,
    ChannelError,
    ConfigError,
    ConflictError,
    IntakeError,
    MediaError,
    NotFoundError,
    PayloadError,
    RefusedError,
    SignatureError,
)
from intake109.review_ui.context import context_of
from intake109.review_ui.rendering import is_part, words_of


class NotLoggedInError(IntakeError):
    """The page needs a login."""


class ForbiddenError(IntakeError):
    """This role may not do that, or the request was not made from our own page."""


class TooManyError(IntakeError):
    """Too many wrong passwords; `seconds` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many attempts; wait {seconds} s")
        self.seconds = seconds


STATUS: dict[type[IntakeError], int] = {
    NotLoggedInError: 401,
    SignatureError: 401,
    ForbiddenError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    MediaError: 415,
    RefusedError: 422,
    PayloadError: 400,
    TooManyError: 429,
    ChannelError: 502,
    ConfigError: 500,
    CatalogueError: 500,
}
_CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
"""Set unless the route has set its own: a media file, a static file, the form that a site may embed."""


class SecurityHeaders:
    """Adds the headers to every answer. Plain ASGI: it never holds a stream back."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # X-Frame-Options knows no list of sites: a page that names those that may embed it goes without.
                is_embedded = "frame-ancestors" in headers.get("Content-Security-Policy", "")
                for name, value in HEADERS.items():
                    if not (is_embedded and name == "X-Frame-Options"):
                        headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def status_of(error: IntakeError) -> int:
    """Return the HTTP status of an error of the tree; the nearest class in the table counts."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return 500


def answer_errors(app: FastAPI) -> None:
    """Show every error of the tree, an unknown address or a bad parameter as a page or as a notice."""
    app.add_exception_handler(NotLoggedInError, _to_login)
    app.add_exception_handler(IntakeError, _show)
    app.add_exception_handler(HTTPException, _show)
    app.add_exception_handler(RequestValidationError, _show)


def _to_login(request: Request, error: Exception) -> Response:
    wanted = request.url.path if request.method == "GET" and not is_part(request) else "/"
    address = "/login" if wanted == "/" else f"/login?next={wanted}"
    if is_part(request):
        return Response(status_code=401, headers={"HX-Redirect": address})
    accepted = request.headers.get("accept", "*/*")
    if request.method != "GET" or not ("text/html" in accepted or "*/*" in accepted):
        return Response(status_code=401)
    return RedirectResponse(address, 303)


def _show(request: Request, error: Exception) -> Response:
    status = _http_status(error)
    t = words_of(request)
    key = f"error.{status}" if f"error.{status}" in t.texts else "error.other"
    if isinstance(error, RefusedError) and f"refused.{error.field}" in t.texts:
        key = f"refused.{error.field}"
    context = context_of(request)
    headers = {"Retry-After": str(error.seconds)} if isinstance(error, TooManyError) else {}
    name = "_notice.html" if is_part(request) else "error.html"
    return context.pages.show(
        request, name, context.parts.clock.now(), status=status, headers=headers, text=t(key), code=status
    )


def _http_status(error: Exception) -> int:
    if isinstance(error, IntakeError):
        return status_of(error)
    if isinstance(error, HTTPException):
        return error.status_code
    return 422
