"""Where platforms post to us. No login, no cookies: the signature over the raw bytes is the proof.

The order is the promise: signature, then one committed transaction, and only then 200. Anything else than 200 makes
the platform come again.
"""

from __future__ import annotations

import structlog
from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect

from intake109.collectors.base import HandshakeWebhook, Webhook
from intake109.errors import SignatureError
from intake109.model import Channel, Event
from intake109.review_ui.context import context_of
from intake109.review_ui.incoming import body as raw
from intake109.review_ui.incoming.inbox import Delivery, inbox_of

router = APIRouter(prefix="/webhooks", include_in_schema=False)
log = structlog.get_logger(__name__)
_LIMIT_BYTES = 3 * 2**20
_LIMITS = {Channel.WEBSITE: 30 * 2**20}
"""The site sends photos inside its JSON; everybody else sends links."""
_IN_THREAD_BYTES = 64 * 1024
"""From this size on hashing and decoding would hold up everybody else on the event loop."""
_RETRY_AFTER_S = "5"


@router.get("/{name}")
async def handshake(request: Request, name: str) -> Response:
    """Answer the platform's question whether this address is ours."""
    webhook = context_of(request).parts.webhooks.get(name)
    if webhook is None:
        return PlainTextResponse("unknown webhook", 404)
    if not isinstance(webhook, HandshakeWebhook):
        return PlainTextResponse("post here", 405, {"Allow": "POST"})
    try:
        return PlainTextResponse(webhook.handshake(dict(request.query_params)))
    except SignatureError:
        log.warning("webhook handshake refused", webhook=name)
        await _count_rejected(request, webhook)
        return PlainTextResponse("wrong verify token", 403)


@router.post("/{name}")
async def receive(request: Request, name: str) -> Response:
    """Store what a platform posts; 200 says that it is committed."""
    webhook = context_of(request).parts.webhooks.get(name)
    if webhook is None:
        return PlainTextResponse("unknown webhook", 404)
    try:
        body = await raw.read(request, _LIMITS.get(webhook.channel, _LIMIT_BYTES))
    except ClientDisconnect:
        return Response(status_code=400)
    if body is None:
        log.warning("webhook body too large", webhook=name)
        return PlainTextResponse("too large", 413)
    try:
        events = await _events(webhook, dict(request.headers), body)
    except SignatureError:
        log.warning("webhook signature refused", webhook=name)
        await _count_rejected(request, webhook)
        return PlainTextResponse("wrong signature", 401)
    try:
        await inbox_of(request).take(Delivery(webhook.name, webhook.channel.value, events))
    except SQLAlchemyError as error:
        log.error("webhook not stored", webhook=name, problem=type(error).__name__)
        return PlainTextResponse("not stored, send again", 503, {"Retry-After": _RETRY_AFTER_S})
    return Response(status_code=200)


async def _events(webhook: Webhook, headers: dict[str, str], body: bytes) -> tuple[Event, ...]:
    if len(body) < _IN_THREAD_BYTES:
        return _read(webhook, headers, body)
    return await to_thread.run_sync(_read, webhook, headers, body)


def _read(webhook: Webhook, headers: dict[str, str], body: bytes) -> tuple[Event, ...]:
    webhook.verify(headers, body)
    return webhook.events(body)


async def _count_rejected(request: Request, webhook: Webhook) -> None:
    """Count it where the health page shows it; with the database away the answer stays a refusal."""
    try:
        await inbox_of(request).take(Delivery(webhook.name, webhook.channel.value, is_rejected=True))
    except SQLAlchemyError as error:
        log.error("rejection not counted", webhook=webhook.name, problem=type(error).__name__)
