"""Builders of updates, as small as Telegram makes them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from intake109.collectors.telegram.parser import TelegramParser
from intake109.collectors.telegram.updates import event_of
from intake109.model import Incoming, Message

Json = dict[str, Any]

BOT_ID = 123456789
WRITTEN = 1_790_000_000
WRITTEN_AT = datetime.fromtimestamp(WRITTEN, UTC)
CITIZEN: Json = {"id": 501, "is_bot": False, "first_name": "Гүлнар", "username": "gulnar", "language_code": "kk"}
BOT: Json = {"id": BOT_ID, "is_bot": True, "first_name": "109", "username": "city109_bot"}
PRIVATE: Json = {"id": 501, "type": "private", "first_name": "Гүлнар"}
GROUP: Json = {"id": -1002000000001, "type": "supergroup", "title": "Двор 7", "username": "dvor7"}
CLOSED_GROUP: Json = {"id": -1002000000002, "type": "supergroup", "title": "Подъезд"}
NEWS: Json = {"id": -1003000000001, "type": "channel", "title": "Новости", "username": "karatobe_news"}


def message(chat: Json = PRIVATE, /, **fields: Any) -> Json:
    return {"message_id": 7, "from": CITIZEN, "chat": chat, "date": WRITTEN, **fields}


def update(kind: str = "message", content: Any = None, /, **fields: Any) -> Json:
    return {"update_id": 9001, kind: message(**fields) if content is None else content}


def mention(text: str, name: str = "@city109_bot", kind: str = "mention") -> Json:
    """Entities of `text` over the first `name` in it, counted in UTF-16 units as Telegram does."""
    before = text[: text.index(name)]
    return {"type": kind, "offset": len(before.encode("utf-16-le")) // 2, "length": len(name.encode("utf-16-le")) // 2}


def file(name: str, **fields: Any) -> Json:
    return {"file_id": f"id-{name}", "file_unique_id": f"unique-{name}", **fields}


def photo(name: str = "photo") -> list[Json]:
    return [
        file(f"{name}-small", width=90, height=60, file_size=1_000),
        file(f"{name}-large", width=1280, height=853, file_size=90_000),
        file(f"{name}-middle", width=320, height=213, file_size=9_000),
    ]


def parse(content: object, parser: TelegramParser | None = None) -> tuple[Incoming, ...]:
    return (parser or TelegramParser("city109_bot", (), BOT_ID))(event_of(content, "telegram.poll"))


def said(content: Json, parser: TelegramParser | None = None) -> Message:
    """The one message an update holds."""
    (incoming,) = parse(content, parser)
    assert isinstance(incoming, Message), incoming
    return incoming


def reference(name: str) -> str:
    return json.dumps({"file_id": f"id-{name}", "file_unique_id": f"unique-{name}"})
