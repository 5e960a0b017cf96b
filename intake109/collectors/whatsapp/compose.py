"""From a message of ours to the Cloud API's request body; pure.

Limits (Meta, "Messages", 2026): text 4,096 characters; with choices 1,024; up to 3 reply buttons with titles of 20 and
ids of 256; beyond that a list of up to 10 rows with titles of 24, descriptions of 72 and ids of 200.
"""

from __future__ import annotations

import json
import re

from intake109.errors import ChannelError
from intake109.model import Button, Language, Outgoing

TEXT_LIMIT = 4096
BODY_LIMIT = 1024
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
PAYLOAD = 128
PICTURES, PICTURE_BYTES = frozenset({"image/jpeg", "image/png"}), 5 * 2**20
"""Source: Meta, "Supported media types" (Cloud API), 2026."""
ROWS, ROW_TITLE, ROW_DESCRIPTION, ROW_ID = 10, 24, 72, 200

_CHOOSE = {Language.KK: "Таңдау", Language.RU: "Выбрать", Language.MIXED: "Таңдау / Выбрать", Language.EN: "Choose"}
_TEMPLATE_LANGUAGE = {Language.KK: "kk", Language.RU: "ru", Language.MIXED: "ru", Language.EN: "en"}
"""A mixed text is answered with the Russian template: templates have one language each."""


def request_of(message: Outgoing, default_template: str) -> dict[str, object]:
    """Return the body of `POST /{phone_number_id}/messages`.

    Raises:
        ChannelError: permanent; the platform would refuse it (too long, too many choices, no template, no address).
    """
    body: dict[str, object] = {"messaging_product": "whatsapp", **_address(message.to)}
    body["biz_opaque_callback_data"] = message.idempotency_key[:512]
    if message.must_use_template:
        return body | {"type": "template", "template": _template(message, default_template)}
    if message.buttons:
        return body | {"type": "interactive", "interactive": _interactive(message)}
    return body | {"type": "text", "text": {"preview_url": False, "body": _fitting(message.text, TEXT_LIMIT)}}


def image_of(message: Outgoing, media_id: str) -> dict[str, object]:
    """Return the body by which an uploaded picture follows a message.

    Raises:
        ChannelError: permanent; the address cannot be read.
    """
    return {"messaging_product": "whatsapp", **_address(message.to), "type": "image", "image": {"id": media_id}}


def _address(to: str) -> dict[str, object]:
    """A number goes into `to`, a BSUID into `recipient`: in `to` it is taken, answered with 200, and never arrives."""
    try:
        address = json.loads(to)
    except (ValueError, RecursionError):
        address = None
    for field, name, kind in (
        ("to", "to", "individual"),
        ("recipient", "recipient", "individual"),
        ("group", "to", "group"),
    ):
        value = address.get(field) if isinstance(address, dict) else None
        if isinstance(value, str) and value:
            return {"recipient_type": kind, name: value}
    raise ChannelError("the citizen's address cannot be read; answer by hand", permanent=True, code="address")


def _fitting(text: str, limit: int) -> str:
    if not text.strip() or len(text) > limit:
        message = f"the text has {len(text)} characters; WhatsApp takes 1 to {limit} here: write it anew"
        raise ChannelError(message, permanent=True, code="length")
    return text


def _template(message: Outgoing, default_template: str) -> dict[str, object]:
    name = message.template or default_template
    if not name:
        raise ChannelError("no template is configured; set channels.whatsapp.template", permanent=True, code="template")
    template: dict[str, object] = {"name": name, "language": {"code": _TEMPLATE_LANGUAGE[message.language]}}
    components: list[dict[str, object]] = []
    if message.parameters:
        parameters = [{"type": "text", "text": _parameter(text)} for text in message.parameters]
        components.append({"type": "body", "parameters": parameters})
    components += [_quick_reply(at, button) for at, button in enumerate(message.template_buttons)]
    if components:
        template["components"] = components
    return template


def _quick_reply(at: int, button: Button) -> dict[str, object]:
    """Give a template's own button what it sends back; its label was approved with it and cannot be sent.

    Source: Meta, "Message templates", components of type button, 2026: the index is a string from "0" on, a payload
    has up to 128 characters.
    """
    if not 0 < len(button.data) <= PAYLOAD:
        raise ChannelError("a template's button takes 1 to 128 characters of data", permanent=True, code="choices")
    sent_back = [{"type": "payload", "payload": button.data}]
    return {"type": "button", "sub_type": "quick_reply", "index": str(at), "parameters": sent_back}


def _parameter(text: str) -> str:
    """Meta refuses line breaks, tabs, runs of spaces and empty values in parameters (132018, 131008)."""
    return re.sub(r"\s+", " ", text).strip()[:BODY_LIMIT] or "—"


def _interactive(message: Outgoing) -> dict[str, object]:
    buttons = message.buttons
    fits = len(buttons) <= BUTTONS and all(len(button.label) <= BUTTON_TITLE for button in buttons)
    limit = BUTTON_ID if fits else ROW_ID
    if len(buttons) > ROWS or any(not button.label.strip() or not 0 < len(button.data) <= limit for button in buttons):
        raise ChannelError(
            "too many choices, or one without a label or with too long data", permanent=True, code="choices"
        )
    body = {"text": _fitting(message.text, BODY_LIMIT)}
    if fits:
        replies = [{"type": "reply", "reply": {"id": button.data, "title": button.label}} for button in buttons]
        return {"type": "button", "body": body, "action": {"buttons": replies}}
    rows = [_row(button) for button in buttons]
    return {"type": "list", "body": body, "action": {"button": _CHOOSE[message.language], "sections": [{"rows": rows}]}}


def _row(button: Button) -> dict[str, str]:
    """A label too long for a title is cut there and stands in full beneath."""
    if len(button.label) <= ROW_TITLE:
        return {"id": button.data, "title": button.label}
    title = button.label[: ROW_TITLE - 1].rstrip() + "…"
    return {"id": button.data, "title": title, "description": button.label[:ROW_DESCRIPTION]}
