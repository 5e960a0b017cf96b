"""What stands around a message: the one it answers (its parent) and the one it was forwarded from (its origin)."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import (
    ExternalReplyInfo,
    Message,
    MessageOrigin,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Story,
)

from intake109.collectors.telegram.attachments import attachments_of
from intake109.collectors.telegram.content import text_of
from intake109.collectors.telegram.fields import whole, words
from intake109.collectors.telegram.keys import key_of, message_key, permalink
from intake109.model import Parent


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a forward comes from: `channel:message` or a name, whose it was, and the link if it has one."""

    key: str = ""
    author: str = ""
    permalink: str = ""


def origin_of(origin: MessageOrigin | None) -> Origin:
    """Say where a forward comes from; all parts empty if it is none, or of a kind Telegram invents later."""
    if isinstance(origin, MessageOriginChannel):
        link = permalink(origin.chat, whole(origin.message_id))
        return Origin(message_key(origin.chat.id, origin.message_id), words(origin.chat.title), link)
    if isinstance(origin, MessageOriginChat):
        name = words(origin.sender_chat.title) or str(whole(origin.sender_chat.id))
        return Origin(name, name)
    if isinstance(origin, MessageOriginHiddenUser):
        return Origin(words(origin.sender_user_name), words(origin.sender_user_name))
    if isinstance(origin, MessageOriginUser):
        name = words(origin.sender_user.full_name)
        return Origin(name, name)
    return Origin()


def replied_to(message: Message) -> Message | None:
    """Return the message in the same chat that this one answers.

    Everything written in a topic formally answers the notice that opened it; that is nobody's message.
    """
    reply = message.reply_to_message
    if reply is None or reply.forum_topic_created is not None:
        return None
    is_head_of_topic = bool(message.is_topic_message) and reply.message_id == message.message_thread_id
    return None if is_head_of_topic else reply


def parent_of(message: Message, *, bot_id: int | None, username: str) -> Parent | None:
    """Return the post or message this one stands under or answers; None if it stands alone."""
    reply = replied_to(message)
    if reply is not None:
        return _from_reply(message, reply, is_ours=is_from_bot(reply, bot_id, username))
    if message.external_reply is not None:
        return _from_elsewhere(message, message.external_reply)
    if message.reply_to_story is not None:
        return _from_story(message.reply_to_story)
    return None


def is_from_bot(message: Message, bot_id: int | None, username: str) -> bool:
    """Say whether our bot wrote it."""
    author = message.from_user
    if author is None or not author.is_bot:
        return False
    if bot_id is not None:
        return author.id == bot_id
    return bool(username) and words(author.username).lower() == username.lower()


def _from_reply(message: Message, reply: Message, *, is_ours: bool) -> Parent:
    """Build the parent from a message of the same chat.

    A channel's post copied into its discussion group goes by the post's own key, link and name, so that comments under
    it, forwards of it and the post itself meet.
    """
    text = text_of(reply) or (words(message.quote.text) if message.quote is not None else "")
    if reply.is_automatic_forward and isinstance(reply.forward_origin, MessageOriginChannel):
        post = origin_of(reply.forward_origin)
        return Parent(post.key, text, post.author, post.permalink, attachments_of(reply))
    if reply.sender_chat is not None:
        author = words(reply.sender_chat.title)
    else:
        author = words(reply.from_user.full_name) if reply.from_user is not None else ""
    link = permalink(reply.chat, whole(reply.message_id))
    business = words(message.business_connection_id)
    key = message_key(reply.chat.id, reply.message_id, business)
    return Parent(key, text, author, link, attachments_of(reply), is_ours)


def _from_elsewhere(message: Message, external: ExternalReplyInfo) -> Parent:
    """Build the parent from another chat's message, of which Telegram shows the files and the quoted words only."""
    origin = origin_of(external.origin)
    text = words(message.quote.text) if message.quote is not None else ""
    files = attachments_of(external)
    if external.chat is not None and external.message_id is not None:
        link = permalink(external.chat, whole(external.message_id)) or origin.permalink
        author = origin.author or words(external.chat.title)
        return Parent(message_key(external.chat.id, external.message_id), text, author, link, files)
    key = origin.key if origin.permalink else f"external:{key_of(message)}"
    return Parent(key, text, origin.author, origin.permalink, files)


def _from_story(story: Story) -> Parent:
    name = words(story.chat.title) or words(story.chat.effective_name)
    link = f"https://t.me/{story.chat.username}/s/{whole(story.id)}" if story.chat.username else ""
    return Parent(f"{whole(story.chat.id)}:story:{whole(story.id)}", "", name, link)
