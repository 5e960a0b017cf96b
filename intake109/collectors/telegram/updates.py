"""One update as one event, whichever way it came; and which updates are asked for."""

from __future__ import annotations

import json

from intake109.collectors.base import digest
from intake109.model import Channel, Event

ASKED_FOR = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "callback_query",
    "my_chat_member",
)
"""`allowed_updates`, always sent: Telegram remembers the last list given, by whomever, and leaves out the rest."""


def event_of(update: object, source: str) -> Event:
    """Wrap one update, understood or not.

    Its id is the key. The content's digest is the version, for after an idle week ids start again at random, and an
    id seen before with other content is news. Both are the same by poll and by webhook, so a change of mode (or a
    webhook called twice) doubles nothing.

    Source: core.telegram.org/bots/api#update, `update_id`.
    """
    canonical = json.dumps(update, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    update_id = id_of(update)
    key = digest(canonical) if update_id is None else str(update_id)
    return Event(Channel.TELEGRAM, key, as_text(update), source, version=digest(canonical))


def event_of_body(body: bytes, source: str) -> Event:
    """Wrap what was posted to us; a body that is no JSON is kept as text under its digest."""
    try:
        return event_of(json.loads(body), source)
    except (ValueError, RecursionError):
        text = body.decode("utf-8", "backslashreplace").replace("\x00", "\\x00")
        return Event(Channel.TELEGRAM, digest(body), text, source, version=digest(body))


def id_of(update: object) -> int | None:
    """Return `update_id` if it is a whole number."""
    update_id = update.get("update_id") if isinstance(update, dict) else None
    return update_id if isinstance(update_id, int) and not isinstance(update_id, bool) else None


def as_text(update: object) -> str:
    """Return the JSON text, readable; escaped where half a surrogate pair would keep it from being stored as UTF-8."""
    text = json.dumps(update, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(update, ensure_ascii=True)
    return text
