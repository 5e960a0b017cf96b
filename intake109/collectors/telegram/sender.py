"""The way back to a citizen on Telegram, and the few other things our bot says.

There is no limiter here. The limits (about 30 messages a second, one a second per chat, 20 a minute per group) hold for
the token, which several worker processes share, so no process could know how much is left; and the desk sends a few
messages a minute. What Telegram answers is the only true measure: its 429 becomes RATE_LIMITED with `retry_after`,
which the outbox waits out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from intake109 import config
from intake109.collectors.base import digest
from intake109.collectors.telegram.api import Identity, TelegramApi
from intake109.collectors.telegram.documents import send_documents
from intake109.collectors.telegram.failures import MigratedError
from intake109.collectors.telegram.photos import send_photos
from intake109.errors import ChannelError, UnknownOutcomeError, UnreachableError
from intake109.model import Button, Channel, Outgoing, Receipt

LONGEST_TEXT = 4096
"""In UTF-16 units, the strictest way to count "1-4096 characters". Source: core.telegram.org/bots/api#sendmessage."""
LONGEST_DATA_BYTES = 64
_LONGEST_TOAST = 200


class TelegramSender:
    """Sends plain text, never markup: a citizen's `<` or `*` must stay what it is."""

    channel = Channel.TELEGRAM

    def __init__(self, settings: config.Telegram) -> None:
        self._api = TelegramApi(settings)

    async def identify(self) -> Identity:
        """Return our bot's id and username.

        Raises:
            ChannelError: the platform could not be asked.
        """
        return await self._api.identify()

    async def send(self, message: Outgoing) -> Receipt:
        """Send once; a text too long for one message goes in several, the buttons under the last.

        `external_id` is `chat:message` of the last part. `details` tell the number of `parts` if there were several,
        and `migrated_to` if the group has a new id.

        Raises:
            UnreachableError: this citizen cannot be written to here.
            UnknownOutcomeError: it may have arrived, or a part of it has.
            ChannelError: it has not arrived.
        """
        address = _Address.read(message.to)
        if message.callback:
            await self.answer_press(message.callback)
        parts, keyboard = split(message.text), _keyboard(message.buttons)
        if not parts:
            raise ChannelError("a message without text cannot be sent", permanent=True, code="empty")
        if message.edits:
            return await self._edit(message.edits, parts[0], keyboard)
        if message.files:
            return await send_documents(self._api, address.chat_id, message)
        if address.guest_query_id:
            receipt = await self._answer_guest(address, parts, keyboard, message.idempotency_key)
            if receipt is not None:
                return receipt
            address = replace(address, guest_query_id="")
        receipt = await self._send_parts(address, parts, keyboard)
        if message.photos and address.chat_id is not None:
            chat = int(receipt.details.get("migrated_to", address.chat_id))
            taken = await send_photos(self._api, replace(address, chat_id=chat).fields, message.photos)
            receipt.details["photos"] = str(taken)
        return receipt

    async def answer_press(self, callback: str, text: str = "") -> bool:
        """Stop a button's spinner and show `text` for a moment; False if the press is too old to be answered.

        Raises:
            ChannelError: the platform could not be asked.
        """
        try:
            await self._api.call("answerCallbackQuery", {"callback_query_id": callback, "text": text[:_LONGEST_TOAST]})
        except ChannelError as error:
            if error.code == "400":
                return False
            raise
        return True

    async def set_commands(self, commands: Mapping[str, Mapping[str, str]]) -> None:
        """Set the bot's menu: language code (`kk`, `ru`, `en`; empty for everybody else) → command → description.

        Raises:
            ChannelError: the platform could not be asked.
        """
        for language, menu in commands.items():
            entries = [{"command": name, "description": shown} for name, shown in menu.items()]
            parameters: dict[str, object] = {"commands": entries}
            if language:
                parameters["language_code"] = language
            await self._api.call("setMyCommands", parameters)

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def _edit(self, edited: str, text: str, keyboard: dict[str, object] | None) -> Receipt:
        """Let a text stand in place of another, which nobody hears; one that says so already or is gone is let be.

        Source: core.telegram.org/bots/api#editmessagetext; without a keyboard it loses the one it had.
        """
        chat, _, message_id = edited.rpartition(":")
        parameters: dict[str, object] = {"chat_id": int(chat), "message_id": int(message_id), "text": text}
        if keyboard is not None:
            parameters["reply_markup"] = keyboard
        try:
            await self._api.call("editMessageText", parameters)
        except ChannelError as error:
            if error.code not in {"400", "migrated"}:
                raise
        return Receipt("")

    async def _send_parts(self, address: _Address, parts: Sequence[str], keyboard: dict[str, object] | None) -> Receipt:
        details = {"parts": str(len(parts))} if len(parts) > 1 else {}
        sent: Any = None
        for number, text in enumerate(parts, start=1):
            is_first, is_last = number == 1, number == len(parts)
            try:
                address, sent = await self._send_part(address, text, keyboard if is_last else None, quotes=is_first)
            except ChannelError as error:
                if is_first:
                    raise
                arrived = f"{number - 1} of {len(parts)} parts arrived, then: {error}"
                raise UnknownOutcomeError(arrived, retry_after=error.retry_after, code=error.code) from error
        if address.migrated:
            details["migrated_to"] = str(address.chat_id)
        return Receipt(_external_id(address, sent), details)

    async def _send_part(
        self, address: _Address, text: str, keyboard: dict[str, object] | None, *, quotes: bool
    ) -> tuple[_Address, Any]:
        """Send one part; a group that moved and a topic that is gone are each worth one more try."""
        for _ in range(2):
            try:
                return address, await self._call(address, text, keyboard, quotes=quotes)
            except MigratedError as error:
                address = replace(address, chat_id=error.chat_id, message_id=None, thread_id=None, migrated=True)
            except ChannelError as error:
                if error.code != "thread" or address.thread_id is None:
                    raise
                address = replace(address, thread_id=None)
        return address, await self._call(address, text, keyboard, quotes=quotes)

    async def _call(self, address: _Address, text: str, keyboard: dict[str, object] | None, *, quotes: bool) -> Any:
        parameters: dict[str, object] = {**address.fields, "text": text}
        if keyboard is not None:
            parameters["reply_markup"] = keyboard
        if quotes and address.message_id is not None:
            parameters["reply_parameters"] = {"message_id": address.message_id, "allow_sending_without_reply": True}
        return await self._api.call("sendMessage", parameters, writes=True)

    async def _answer_guest(
        self, address: _Address, parts: Sequence[str], keyboard: dict[str, object] | None, idempotency_key: str
    ) -> Receipt | None:
        """Answer in the foreign chat, which a query allows once and for a short time; None if it is over.

        Source: core.telegram.org/bots/api#answerguestquery.
        """
        result: dict[str, object] = {
            "type": "article",
            "id": digest(idempotency_key),
            "title": "109",
            "input_message_content": {"message_text": parts[0]},
        }
        if keyboard is not None:
            result["reply_markup"] = keyboard
        try:
            if len(parts) > 1:
                raise UnreachableError("too long for the one answer a guest may give")
            query = {"guest_query_id": address.guest_query_id, "result": result}
            sent = await self._api.call("answerGuestQuery", query, writes=True)
        except ChannelError as error:
            if not error.permanent:
                raise
            if address.chat_id is None:
                raise UnreachableError("the guest's question can no longer be answered", code=error.code) from error
            return None
        inline_id = sent.get("inline_message_id") if isinstance(sent, dict) else None
        return Receipt(str(inline_id or ""), {"as": "guest"})


@dataclass(frozen=True, slots=True)
class _Address:
    chat_id: int | None
    message_id: int | None = None
    thread_id: int | None = None
    direct_topic_id: int | None = None
    business_connection_id: str = ""
    guest_query_id: str = ""
    migrated: bool = False

    @property
    def fields(self) -> dict[str, object]:
        """The chat and its thread, as every method that sends has them."""
        found: dict[str, object | None] = {
            "chat_id": self.chat_id,
            "message_thread_id": self.thread_id,
            "direct_messages_topic_id": self.direct_topic_id,
            "business_connection_id": self.business_connection_id or None,
        }
        return {name: value for name, value in found.items() if value is not None}

    @classmethod
    def read(cls, to: str) -> _Address:
        """Read the JSON the parser wrote.

        Raises:
            ChannelError: permanent, it is no address of Telegram's.
        """
        try:
            fields = json.loads(to)
            address = cls(
                chat_id=_number(fields.get("chat_id")),
                message_id=_number(fields.get("message_id")),
                thread_id=_number(fields.get("thread_id")),
                direct_topic_id=_number(fields.get("direct_topic_id")),
                business_connection_id=str(fields.get("business_connection_id") or ""),
                guest_query_id=str(fields.get("guest_query_id") or ""),
            )
            if address.chat_id is None and not address.guest_query_id:
                raise ValueError("no chat_id")
        except (ValueError, TypeError, AttributeError) as error:
            raise ChannelError("this is no address of Telegram's", permanent=True, code="address") from error
        return address


def split(text: str) -> list[str]:
    """Cut a text into parts Telegram accepts, between paragraphs, lines or words where it can; blank gives none."""
    parts, rest = [], text.strip()
    while rest:
        head = rest.encode("utf-16-le", "surrogatepass")[: LONGEST_TEXT * 2].decode("utf-16-le", "ignore")
        if len(head) < len(rest):
            cuts = (head.rfind(mark) for mark in ("\n\n", "\n", " "))
            head = head[: next((cut for cut in cuts if cut > len(head) // 2), len(head))]
        parts.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    return parts


def _keyboard(buttons: Sequence[Button]) -> dict[str, object] | None:
    """Return one button a row, so that Kazakh labels are not cut off on a phone."""
    if not buttons:
        return None
    if any(not 1 <= len(button.data.encode()) <= LONGEST_DATA_BYTES for button in buttons):
        raise ChannelError("a button's data must be 1 to 64 bytes long", permanent=True, code="button")
    return {"inline_keyboard": [[{"text": button.label, "callback_data": button.data}] for button in buttons]}


def _external_id(address: _Address, sent: Any) -> str:
    """Name the message; empty if the answer does not, which a lean stand-in's may not."""
    message_id = sent.get("message_id") if isinstance(sent, dict) else None
    return f"{address.chat_id}:{message_id}" if isinstance(message_id, int) else ""


def _number(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("no number")
    return value
