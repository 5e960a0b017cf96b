"""How a message is named, where it stands, how it is linked and how it is answered."""

from __future__ import annotations

import json

from telegram import Chat, Message

from intake109.collectors.telegram.fields import whole, words

SUPERGROUP_PREFIX = "-100"


def message_key(chat_id: int, message_id: int, business: str = "") -> str:
    """Return the business key, `chat:message`.

    Messages of a business account stand in chats that have the ids of our own private chats but a count of their own,
    so the connection's id goes before them.
    """
    key = f"{whole(chat_id)}:{whole(message_id)}"
    return f"{business}:{key}" if business else key


def key_of(message: Message) -> str:
    """Return a message's business key."""
    return message_key(message.chat.id, message.message_id, words(message.business_connection_id))


def thread_of(message: Message) -> str:
    """Return the place an answer must go to: the chat, and its topic if it has topics.

    Comment threads of a group without topics also carry `message_thread_id`, but there an answer finds its place by
    what it replies to, and a citizen who goes on outside the thread is still in the same conversation.
    """
    parts = [words(message.business_connection_id), str(whole(message.chat.id))]
    topic = _topic(message)
    if topic is not None:
        parts.append(str(topic))
    return ":".join(part for part in parts if part)


def address_of(message: Message) -> str:
    """Return the sender's address, JSON {chat_id, message_id, …}.

    A guest's message stands in a chat we are no member of: it can be answered once by its query, after that only in
    the author's private chat with us.
    """
    address: dict[str, int | str] = {}
    if message.guest_query_id:
        address["guest_query_id"] = message.guest_query_id
        if message.from_user is not None:
            address["chat_id"] = message.from_user.id
        return json.dumps(address)
    address["chat_id"] = message.chat.id
    address["message_id"] = message.message_id
    if message.business_connection_id:
        address["business_connection_id"] = message.business_connection_id
    if message.direct_messages_topic is not None:
        address["direct_topic_id"] = message.direct_messages_topic.topic_id
    elif message.is_topic_message and message.message_thread_id is not None:
        address["thread_id"] = message.message_thread_id
    return json.dumps(address)


def permalink(chat: Chat, message_id: int) -> str:
    """Return the link to a message of a group or channel; empty for private chats and basic groups, which have none.

    Source: core.telegram.org/api/links, "Message links"; links of private chats (`t.me/c/…`) open for members only.
    """
    if chat.type not in (Chat.SUPERGROUP, Chat.CHANNEL):
        return ""
    if chat.username:
        return f"https://t.me/{chat.username}/{message_id}"
    shown = str(chat.id)
    if not shown.startswith(SUPERGROUP_PREFIX):
        return ""
    return f"https://t.me/c/{shown.removeprefix(SUPERGROUP_PREFIX)}/{message_id}"


def _topic(message: Message) -> int | None:
    if message.direct_messages_topic is not None:
        return message.direct_messages_topic.topic_id
    return message.message_thread_id if message.is_topic_message else None
