"""The way back to a citizen on WhatsApp."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import httpx

from intake109.collectors.graph import GraphClient, graph_root
from intake109.collectors.payload import dict_of, id_of, list_of
from intake109.collectors.whatsapp.codes import RULES
from intake109.collectors.whatsapp.compose import PICTURE_BYTES, PICTURES, image_of, request_of
from intake109.config import Whatsapp
from intake109.errors import ChannelError, UnknownOutcomeError
from intake109.model import Channel, Outgoing, Receipt

_PHOTOS_S = 25
"""The message's lease lasts a minute: longer, and another worker would send it again."""


def graph_client(
    config: Whatsapp, *, transport: httpx.AsyncBaseTransport | None = None, timeout: timedelta = timedelta(seconds=20)
) -> GraphClient:
    """Return a client for the configured Graph address that knows WhatsApp's codes."""
    root = graph_root(config.graph_url, config.api_version)
    token = config.access_token.get_secret_value()
    return GraphClient(root, token, rules=RULES, transport=transport, timeout=timeout)


class WhatsappSender:
    """Sends texts, choices and, outside the 24-hour window, templates; see `base.Sender`."""

    channel = Channel.WHATSAPP

    def __init__(self, config: Whatsapp, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._graph = graph_client(config, transport=transport)
        self._path = f"{config.phone_number_id}/messages"
        self._media = f"{config.phone_number_id}/media"
        self._template = config.template

    async def send(self, message: Outgoing) -> Receipt:
        """Send once and return Meta's message id, under which the delivery statuses come.

        Raises:
            UnreachableError: no WhatsApp, blocked, window closed (131047: send again with `must_use_template`).
            UnknownOutcomeError: it left and no usable answer came; the Cloud API knows no idempotent repeat.
            ChannelError: it has not arrived; by Meta's `code`.
        """
        answer = await self._graph.post(self._path, json=request_of(message, self._template))
        sent = dict_of(next(iter(list_of(answer.get("messages"))), None))
        external_id = id_of(sent.get("id"))
        if not external_id:
            raise UnknownOutcomeError("taken by the platform, but without a message id")
        contact = dict_of(next(iter(list_of(answer.get("contacts"))), None))
        told = {
            "message_status": id_of(sent.get("message_status")),
            "wa_id": id_of(contact.get("wa_id")),
            "user_id": id_of(contact.get("user_id")),
        }
        if message.photos and not message.must_use_template:
            told["photos"] = str(await self._send_photos(message))
        return Receipt(external_id, {name: value for name, value in told.items() if value})

    async def _send_photos(self, message: Outgoing) -> int:
        """Upload and send the pictures WhatsApp takes, and return how many it took; the message has arrived already."""
        taken = 0
        with suppress(ChannelError, TimeoutError):
            async with asyncio.timeout(_PHOTOS_S):
                for photo in message.photos:
                    if photo.mime not in PICTURES or not 0 < len(photo.content) <= PICTURE_BYTES:
                        continue
                    form = {"messaging_product": "whatsapp", "type": photo.mime}
                    file = (photo.name, photo.content, photo.mime)
                    stored = await self._graph.post(self._media, data=form, files={"file": file})
                    await self._graph.post(self._path, json=image_of(message, id_of(stored.get("id"))))
                    taken += 1
        return taken

    async def aclose(self) -> None:
        """Close the connections."""
        await self._graph.aclose()
