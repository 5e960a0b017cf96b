"""From one message of Telegram to what a citizen said."""

from __future__ import annotations

from collections.abc import Collection

from telegram import Chat, Message, User

from intake109 import model
from intake109.collectors.telegram.addressed import Addressee
from intake109.collectors.telegram.attachments import attachments_of
from intake109.collectors.telegram.content import (
    contact_of,
    notice_of,
    own_phone,
    point_of,
    says_something,
    text_of,
)
from intake109.collectors.telegram.context import is_from_bot, origin_of, parent_of, replied_to
from intake109.collectors.telegram.fields import moment, whole, words
from intake109.collectors.telegram.keys import address_of, key_of, permalink, thread_of
from intake109.model import Author, Incoming, Noted, Unreadable


def read_message(message: Message, kind: str, us: Addressee, names: Collection[str]) -> Incoming:
    """Say what a message is: a citizen's words, of no consequence, or beyond us.

    Args:
        kind: the field of the update it came in, e.g. `edited_message`.
        names: the message's fields as received.
    """
    if not says_something(message):
        notice = notice_of(message, names)
        return Noted(notice) if notice else Unreadable(kind, _strange(message))
    if not message.sender_chat and message.from_user is not None and message.from_user.is_bot:
        return Noted("our own message" if is_from_bot(message, us.bot_id, us.username) else "written by a bot")
    if _is_from_the_business(message):
        return Noted("written by the business account itself")
    if message.is_automatic_forward and not us.is_named_in(message):
        return Noted("a channel's own post, copied into its discussion group")
    is_edit = kind.startswith("edited_")
    if is_edit and message.location is not None and message.venue is None:
        return Noted("a live location moved")
    return _citizens_words(message, kind, us, is_edit=is_edit)


def author_of(message: Message) -> Author:
    """Return who wrote: the person, or the chat in whose name an anonymous admin or a channel wrote."""
    chat = message.sender_chat or (None if message.from_user else message.chat)
    if chat is not None:
        return Author(str(whole(chat.id)), words(chat.title), words(chat.username))
    assert message.from_user is not None
    return user_as_author(message.from_user, own_phone(message))


def user_as_author(person: User, phone: str = "") -> Author:
    """Return a person of Telegram's as an author."""
    name, username = words(person.full_name), words(person.username)
    return Author(str(whole(person.id)), name, username, phone, words(person.language_code))


def _citizens_words(message: Message, kind: str, us: Addressee, *, is_edit: bool) -> model.Message:
    reply = replied_to(message)
    origin = origin_of(message.forward_origin)
    is_guest = kind == "guest_message"
    return model.Message(
        key=key_of(message),
        thread=thread_of(message),
        author=author_of(message),
        text=text_of(message),
        mentioned_at=moment(message.date),
        reply_to=address_of(message),
        attachments=attachments_of(message),
        parent=parent_of(message, bot_id=us.bot_id, username=us.username),
        permalink=permalink(message.chat, whole(message.message_id)),
        point=point_of(message),
        contact=contact_of(message),
        album=words(message.media_group_id),
        origin=origin.key,
        origin_permalink=origin.permalink,
        quotes=key_of(reply) if reply is not None else "",
        edited_at=message.edit_date or (message.date if is_edit else None),
        is_public=is_guest or not (message.chat.type == Chat.PRIVATE or message.chat.is_direct_messages),
        is_addressed=us.is_meant_by(message, is_guest=is_guest),
    )


def _is_from_the_business(message: Message) -> bool:
    """In a business account's private chat the citizen has the chat's id; anybody else there is the account."""
    if not message.business_connection_id or message.from_user is None:
        return False
    return message.from_user.id != message.chat.id


def _strange(message: Message) -> str:
    names = sorted(name for name in message.api_kwargs if name.isascii() and name.isidentifier())[:5]
    return f"a message of an unknown kind ({', '.join(names)})" if names else "a message without content"
