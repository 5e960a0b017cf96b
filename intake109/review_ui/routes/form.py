"""The public form that the akim's site embeds. No login, no cookies, no scripts; it works in any phone's browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect

from intake109.collectors.website import (
    HONEYPOT,
    FormRefusal,
    FormRefusedError,
    FormSubmission,
    SlidingWindow,
    address_key,
    check_form_token,
    check_honeypot,
    events_from_form,
    form_token,
)
from intake109.collectors.website.parser import PHOTO_LIMIT_BYTES, PHOTOS, phone_of
from intake109.config import Website
from intake109.errors import NotFoundError
from intake109.model import Channel, Event
from intake109.review_ui.context import Context, Here
from intake109.review_ui.i18n import LANGUAGES, Words, preferred, words
from intake109.review_ui.incoming import submission
from intake109.review_ui.incoming.inbox import Delivery, inbox_of
from intake109.store import attempts

router = APIRouter(prefix="/form", include_in_schema=False)
_MB = 2**20
_HOUR = timedelta(hours=1)
_TRIES_PER_MESSAGE = 6
"""A citizen may correct a mistake several times for each message; what is only tried costs us a parse, no row."""
_NEW_TOKEN = frozenset({FormRefusal.FORGED, FormRefusal.TOO_OLD})
_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


@router.get("")
async def show(request: Request, here: Here) -> Response:
    """Show the empty form in the language asked for."""
    website = _open(here)
    return _page(request, here, submission.blank(form_token(_secret(website), here.now)))


@router.post("")
async def take(request: Request, here: Here) -> Response:
    """Store a submission and say what happens next; whatever is wrong is said with the words kept."""
    website = _open(here)
    key = address_key(_secret(website), request.client.host if request.client else "")
    token = form_token(_secret(website), here.now)
    wait = _tries(request, website).take(key, here.now)
    if wait:
        return _flooded(request, here, submission.blank(token), wait)
    try:
        sent = await submission.read(request, _words(request).language, here.parts.config.server.upload_limit_mb * _MB)
    except ClientDisconnect:
        return Response(status_code=400)
    if sent is None:
        return _page(request, here, submission.blank(token), "too_large", field="photos", status=413)
    try:
        events = await _checked(here, website, sent)
    except FormRefusedError as error:
        kept = replace(sent.form, token=token) if error.why in _NEW_TOKEN else sent.form
        return _page(request, here, kept, error.why.value, field=error.field, status=422)
    return await _store(request, here, key, sent.form, events)


async def _checked(here: Context, website: Website, sent: submission.Sent) -> tuple[Event, ...]:
    check_honeypot({HONEYPOT: sent.honeypot})
    check_form_token(_secret(website), sent.form.token, here.now, timedelta(seconds=website.least_fill_seconds))
    return await to_thread.run_sync(events_from_form, sent.form, here.now)


async def _store(
    request: Request, here: Context, key: str, form: FormSubmission, events: tuple[Event, ...]
) -> Response:
    try:
        wait = await to_thread.run_sync(_count, here, key)
        if wait:
            return _flooded(request, here, form, wait)
        await inbox_of(request).take(Delivery("website", Channel.WEBSITE.value, events))
    except SQLAlchemyError:
        return _page(request, here, form, "not_stored", status=503)
    return _thanks(request, here, form)


def _open(here: Context) -> Website:
    website = here.parts.config.channels.website
    if not website.enabled:
        raise NotFoundError("the web site's channel is switched off")
    return website


def _secret(website: Website) -> str:
    return website.secret.get_secret_value()


def _tries(request: Request, website: Website) -> SlidingWindow:
    """Return what counts tries, in this process alone: a flood must not cost the database anything."""
    state = request.app.state
    if not hasattr(state, "form_tries"):
        state.form_tries = SlidingWindow(website.form_per_hour * _TRIES_PER_MESSAGE, _HOUR)
    found: SlidingWindow = state.form_tries
    return found


def _count(here: Context, key: str) -> timedelta:
    """Count a message, in all processes together; or return how long to wait."""
    limit = here.parts.config.channels.website.form_per_hour
    with here.parts.database.write() as session:
        return attempts.take(session, f"form:{key}", limit, _HOUR, here.now)


def _words(request: Request) -> Words:
    chosen = request.query_params.get("lang", "")
    return words(chosen if chosen in LANGUAGES else preferred(request.headers.get("accept-language", "")))


def _headers(website: Website) -> dict[str, str]:
    """Let only the akim's sites embed the form; nobody's script runs in it."""
    ancestors = " ".join(("'self'", *website.allowed_origins))
    return {
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
            f"frame-ancestors {ancestors}"
        ),
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cache-Control": "no-store",
    }


def _flooded(request: Request, here: Context, form: FormSubmission, wait: timedelta) -> Response:
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    response = _page(request, here, form, "flood", status=429, minutes=minutes)
    response.headers["Retry-After"] = str(minutes * 60)
    return response


def _page(
    request: Request,
    here: Context,
    form: FormSubmission,
    error: str = "",
    *,
    field: str = "",
    status: int = 200,
    minutes: int = 0,
) -> Response:
    values = {
        "centre": here.parts.config.city.centre,
        "count": PHOTOS,
        "limit": here.parts.config.server.upload_limit_mb,
        "photo_limit": PHOTO_LIMIT_BYTES // _MB,
        "minutes": minutes,
    }
    return here.pages.show(
        request,
        "form/form.html",
        here.now,
        status=status,
        headers=_headers(here.parts.config.channels.website),
        w=_words(request),
        names=_NAMES,
        form=form,
        error=error,
        field=field,
        values=values,
        honeypot=HONEYPOT,
    )


def _thanks(request: Request, here: Context, form: FormSubmission) -> Response:
    phone, email = phone_of(form.phone), form.email.strip()
    return here.pages.show(
        request,
        "form/done.html",
        here.now,
        headers=_headers(here.parts.config.channels.website),
        w=_words(request),
        values={"centre": here.parts.config.city.centre},
        phone=phone,
        email="" if phone else email,
    )
