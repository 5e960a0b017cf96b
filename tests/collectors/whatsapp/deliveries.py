"""Deliveries in the shape of Meta's documentation, with citizens of the demo city."""

from __future__ import annotations

import json

from intake109.collectors.base import digest
from intake109.collectors.whatsapp import WhatsappParser
from intake109.model import Channel, Event, Incoming

OURS = "106540352242922"
CITIZEN = "77015550101"
USER_ID = "KZ.13491208655302741918"
AT = "1795300000"
"""2026-11-21 22:26:40 UTC"""

Json = dict[str, object]


def message(kind: str, content: object = None, **more: object) -> Json:
    fields: Json = {"from": CITIZEN, "id": "wamid.A", "timestamp": AT, "type": kind, **more}
    if content is not None:
        fields[kind] = content
    return fields


def value(**parts: object) -> Json:
    contacts = [{"profile": {"name": "Асель"}, "wa_id": CITIZEN}]
    metadata = {"display_phone_number": "77172000109", "phone_number_id": OURS}
    return {"messaging_product": "whatsapp", "metadata": metadata, "contacts": contacts, **parts}


def delivery(*values: Json, field: str = "messages") -> Json:
    changes = [{"value": item, "field": field} for item in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}


def event(body: object) -> Event:
    payload = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return Event(Channel.WHATSAPP, digest(payload.encode("utf-8", "replace")), payload, "whatsapp.webhook")


def parse(body: object, phone_number_id: str = OURS) -> tuple[Incoming, ...]:
    return WhatsappParser(phone_number_id)(event(body))


def parse_one(item: Json) -> Incoming:
    (incoming,) = parse(delivery(value(messages=[item])))
    return incoming
