"""What a stored update of Telegram says. Pure; never raises: what it cannot read it hands back as unreadable."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import UTC, datetime

from telegram import (
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberUpdated,
    Message,
    Update,
)
from telegram.error import TelegramError

from intake109.collectors.telegram.addressed import Addressee
from intake109.collectors.telegram.fields import cleaned, moment, whole, words
from intake109.collectors.telegram.keys import address_of, message_key, thread_of
from intake109.collectors.telegram.reading import read_message, user_as_author
from intake109.errors import PayloadError
from intake109.model import Deletion, Event, Incoming, Noted, Press, Reachability, Unreadable

EPOCH = datetime.fromtimestamp(0, UTC)
"""Stands for a moment nobody knows: Telegram did not tell it and the event was parsed without its row."""

_MESSAGES = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_message",
    "edited_business_message",
    "guest_message",
)
_OF_NO_CONSEQUENCE = (
    "business_connection",
    "chat_boost",
    "chat_join_request",
    "chat_member",
    "chosen_inline_result",
    "inline_query",
    "managed_bot",
    "message_reaction",
    "message_reaction_count",
    "poll",
    "poll_answer",
    "pre_checkout_query",
    "purchased_paid_media",
    "removed_chat_boost",
    "shipping_query",
)
_HANDLED = ("callback_query", "my_chat_member", "deleted_business_messages")
_KNOWN = frozenset((*_MESSAGES, *_OF_NO_CONSEQUENCE, *_HANDLED))
_MALFORMED = (
    TypeError,
    ValueError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    OSError,
    RecursionError,
    TelegramError,
    PayloadError,
)
"""What reading a malformed update has raised or can raise in the library; `OSError` is a date before 1901."""

_MISSING = re.compile(r"missing \d+ required .*argument.*: (?P<names>[\w', ]+)$")


class TelegramParser:
    """Reads events of `telegram.poll` and `telegram.webhook`."""

    def __init__(
        self,
        username: str,
        watched_chats: Collection[int] = (),
        bot_id: int | None = None,
        staff_chat: int | None = None,
    ) -> None:
        """`username` without or with "@", empty while unknown; `bot_id` tells our own messages from other bots'."""
        self._us = Addressee(username.removeprefix("@"), frozenset(watched_chats), bot_id, staff_chat)

    def __call__(self, event: Event) -> tuple[Incoming, ...]:
        """Say what one update holds; one unreadable thing if it breaks Telegram's own documentation."""
        try:
            raw = cleaned(json.loads(event.payload))
            return self._read(raw, event.received_at or EPOCH)
        except _MALFORMED as error:
            return (Unreadable("update", f"not as documented: {_reason(error)}"),)

    def _read(self, raw: object, received_at: datetime) -> tuple[Incoming, ...]:
        if not isinstance(raw, dict):
            return (Unreadable("update", "not a JSON object"),)
        kinds = [str(name) for name in raw if name != "update_id"]
        if not _KNOWN.intersection(kinds):
            return (Unreadable("update", f"unknown update type {_shown(kinds)}"),)
        update = Update.de_json(raw)
        for kind in _MESSAGES:
            message = getattr(update, kind)
            if isinstance(message, Message):
                return (read_message(message, kind, self._us, raw[kind]),)
        return self._read_other(update, received_at)

    def _read_other(self, update: Update, received_at: datetime) -> tuple[Incoming, ...]:
        if update.callback_query is not None:
            return (_press(update.callback_query, received_at),)
        if update.my_chat_member is not None:
            return (_membership(update.my_chat_member),)
        gone = update.deleted_business_messages
        if gone is not None:
            connection = words(gone.business_connection_id)
            keys = [message_key(gone.chat.id, number, connection) for number in gone.message_ids]
            return tuple(Deletion(key, received_at) for key in keys) or (Noted("nothing was deleted"),)
        for kind in _OF_NO_CONSEQUENCE:
            if getattr(update, kind) is not None:
                return (Noted(kind),)
        return (Unreadable("update", "its content is empty"),)


def _press(query: CallbackQuery, received_at: datetime) -> Incoming:
    """Read a press of a button.

    Telegram does not say when; the event's own time is nearest. The message may be gone, too old to be shown, or one
    we left in a foreign chat as a guest, known by an id of another kind; then the author's private chat is the thread.
    """
    if query.data is None:
        return Noted("a press without data")
    key, person = words(query.id), query.from_user
    author = user_as_author(person)
    on = query.message
    if on is None:
        thread = author.id
        reply_to, pressed_on = json.dumps({"chat_id": person.id}), words(query.inline_message_id)
    elif isinstance(on, Message):
        thread, reply_to = thread_of(on), address_of(on)
        pressed_on = message_key(on.chat.id, on.message_id, words(on.business_connection_id))
    else:
        thread = str(whole(on.chat.id))
        reply_to, pressed_on = (
            json.dumps({"chat_id": on.chat.id, "message_id": on.message_id}),
            message_key(on.chat.id, on.message_id),
        )
    return Press(key, thread, author, words(query.data), received_at, reply_to, callback=key, on=pressed_on)


def _membership(change: ChatMemberUpdated) -> Incoming:
    """Read a change of our own standing: blocked or unblocked by a citizen, added to or removed from a group."""
    status = words(change.new_chat_member.status)
    if change.chat.type != Chat.PRIVATE:
        return Noted(f"our bot is now {status} in {words(change.chat.type)} {whole(change.chat.id)}")
    author = user_as_author(change.from_user)
    can_be_written_to = status not in (ChatMember.BANNED, ChatMember.LEFT)
    return Reachability(str(whole(change.chat.id)), author, can_be_written_to, moment(change.date))


def _reason(error: Exception) -> str:
    """Name the error, and the fields that are missing; never the text of one, which may quote the citizen."""
    missing = _MISSING.search(str(error)) if isinstance(error, TypeError) else None
    return f"missing {missing['names']}" if missing else type(error).__name__


def _shown(kinds: list[str]) -> str:
    names = [name[:40] for name in kinds if name.isascii() and name.isidentifier()][:5]
    return ", ".join(repr(name) for name in names) or "(none)"
