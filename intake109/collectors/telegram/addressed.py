"""Whether a message is meant for the centre. In doubt yes: a mention too many costs seconds, one too few an appeal."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from telegram import Chat, Message, MessageEntity

from intake109.collectors.telegram.context import is_from_bot, replied_to
from intake109.collectors.telegram.fields import words

_ENTITIES: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION, MessageEntity.BOT_COMMAND]


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who we are on Telegram.

    Attributes:
        username: without "@"; empty while it is unknown, then every mention and command counts as ours.
        watched_chats: groups and channels in which everything counts.
        staff_chat: the staff's own group, in which nothing does; there our alerts are talked about.
    """

    username: str
    watched_chats: Collection[int]
    bot_id: int | None
    staff_chat: int | None = None

    def is_meant_by(self, message: Message, *, is_guest: bool = False) -> bool:
        """Say whether a message is meant for us."""
        if self.staff_chat is not None and message.chat.id == self.staff_chat:
            return False
        if is_guest or message.chat.type == Chat.PRIVATE or message.chat.id in self.watched_chats:
            return True
        return self._is_answer(message) or self.is_named_in(message)

    def is_named_in(self, message: Message) -> bool:
        """Say whether a message mentions us, or gives us a command, in words or caption."""
        entities = {**message.parse_entities(_ENTITIES), **message.parse_caption_entities(_ENTITIES)}
        if any(self._names_us(entity, text) for entity, text in entities.items()):
            return True
        # edited captions have come without their entities
        written = words(message.text) or words(message.caption)
        return bool(self.username) and bool(re.search(rf"(?<![\w@])@{re.escape(self.username)}\b", written, re.I))

    def _names_us(self, entity: MessageEntity, text: str) -> bool:
        if entity.type == MessageEntity.TEXT_MENTION:
            return self.bot_id is not None and entity.user is not None and entity.user.id == self.bot_id
        if not self.username:
            return True
        name = text.rpartition("@")[2] if "@" in text else ""
        return name.lower() == self.username.lower()

    def _is_answer(self, message: Message) -> bool:
        """An answer to our bot, or a comment right under a post of a channel we watch."""
        reply = replied_to(message)
        if reply is None:
            return False
        is_post = bool(reply.is_automatic_forward) and reply.sender_chat is not None
        if is_post and reply.sender_chat is not None and reply.sender_chat.id in self.watched_chats:
            return True
        return is_from_bot(reply, self.bot_id, self.username)
